import type { DynamicModule } from '@nestjs/common';
import type { Logger } from 'pino';
import { COMMAND_DEFAULTS } from '../../commands/command-settings.js';
import { BookSnapshots } from '../../event-log/book-snapshots.js';
import { EncryptedCodec } from '../../event-log/encrypted-codec.js';
import { CachedDataKeys } from '../../event-log/personal-data/cached-data-keys.js';
import {
  billingRouting,
  BillingRoutingDocuments,
} from '../../read-models/billing-routing/billing-routing.js';
import { BillingRoutingReader } from '../../read-models/billing-routing/get-billing-route.js';
import { CompletenessByCheckpoint } from '../../read-models/completeness.js';
import { contacts, ContactsDocuments } from '../../read-models/contacts/contacts.js';
import { ContactsReader } from '../../read-models/contacts/get-contact-book.js';
import { HeldBackByCheckpoint } from '../../read-models/held-back.js';
import { EditionStore } from '../../read-models/editions/editions.js';
import { portalAccess, PortalAccessDocuments } from '../../read-models/portal-access/portal-access.js';
import type { WrittenDocuments } from '../../read-models/written-documents.js';
import type { Configuration } from '../configuration.js';
import type { Connections } from '../connections.js';
import { ServiceModule } from '../service.module.js';

const READS = { waitMs: 1_000, pollMs: 5 };

/** What the API's controllers work with. */
export function api(
  { eventStore, database, keys }: Connections,
  configuration: Configuration,
  written: WrittenDocuments,
  log: Logger,
): DynamicModule {
  const cachedKeys = new CachedDataKeys(keys, {
    maxKeys: configuration.KEY_CACHE_SIZE,
    lifeMs: configuration.KEY_CACHE_LIFE_MS,
  });
  const codec = new EncryptedCodec(cachedKeys);
  const heldBackClients = new HeldBackByCheckpoint(database.collection('checkpoints'));
  const editions = new EditionStore(database.collection('aliases'));
  const contactsDocuments = new ContactsDocuments(database, editions, [contacts]);
  const billingRoutingDocuments = new BillingRoutingDocuments(database, editions, [billingRouting]);
  return ServiceModule.withApi({
    eventStore,
    codec,
    snapshots: new BookSnapshots(eventStore, codec, cachedKeys, configuration.SNAPSHOT_INTERVAL, log),
    contactsDocuments,
    contactsReader: new ContactsReader(
      contacts,
      contactsDocuments,
      eventStore,
      codec,
      heldBackClients,
      written,
      READS,
    ),
    billingRoutingDocuments,
    billingRoutingReader: new BillingRoutingReader(
      billingRouting,
      billingRoutingDocuments,
      eventStore,
      codec,
      heldBackClients,
      written,
      READS,
    ),
    portalAccessDocuments: new PortalAccessDocuments(database, editions, [portalAccess]),
    completeness: new CompletenessByCheckpoint(eventStore, database, READS),
    heldBackClients,
    commandSettings: {
      ...COMMAND_DEFAULTS,
      maxContacts: configuration.MAX_CONTACTS,
      portalAccessByAdminsOnly: configuration.PORTAL_ACCESS_BY_ADMINS_ONLY,
    },
  });
}
