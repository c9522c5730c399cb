import type { DynamicModule } from '@nestjs/common';
import { COMMAND_DEFAULTS } from '../../commands/command-settings.js';
import { EncryptedCodec } from '../../event-log/encrypted-codec.js';
import { CachedDataKeys } from '../../event-log/personal-data/cached-data-keys.js';
import { billingRouting } from '../../read-models/billing-routing/billing-routing.js';
import { BillingRoutingReader } from '../../read-models/billing-routing/get-billing-route.js';
import { contacts } from '../../read-models/contacts/contacts.js';
import { ContactsReader } from '../../read-models/contacts/get-contact-book.js';
import { documentsOf } from '../../read-models/read-model.js';
import type { Configuration } from '../configuration.js';
import type { Connections } from '../connections.js';
import { ServiceModule } from '../service.module.js';

const READS = { waitMs: 1_000, pollMs: 5 };

/** What the API's controllers work with. */
export function api(
  { eventStore, database, keys }: Connections,
  configuration: Configuration,
): DynamicModule {
  const codec = new EncryptedCodec(
    new CachedDataKeys(keys, {
      maxKeys: configuration.KEY_CACHE_SIZE,
      lifeMs: configuration.KEY_CACHE_LIFE_MS,
    }),
  );
  return ServiceModule.withApi({
    eventStore,
    codec,
    contactsReader: new ContactsReader(contacts, documentsOf(database, contacts), eventStore, codec, READS),
    billingRoutingReader: new BillingRoutingReader(
      billingRouting,
      documentsOf(database, billingRouting),
      eventStore,
      codec,
      READS,
    ),
    commandSettings: {
      ...COMMAND_DEFAULTS,
      maxContacts: configuration.MAX_CONTACTS,
      portalAccessByAdminsOnly: configuration.PORTAL_ACCESS_BY_ADMINS_ONLY,
    },
  });
}
