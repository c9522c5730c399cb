import { z } from 'zod';
import type { Contact } from '../contact-book/contact-book.js';
import { FormerContacts } from '../contact-book/former-contacts.js';
import { ERASED, isErased } from '../contact-book/erased.js';
import type { LoadedBook } from './contact-book-log.js';
import type { ClientRef } from './contact-book-stream.js';
import type { StoredEvent } from './event-store.js';
import { unsealed } from './opened-events.js';
import { type DataKeys, DESTROYED, type KeyId, liveKey } from './personal-data/data-keys.js';
import { keyOfContact } from './personal-data/key-ids.js';
import { seal, unseal } from './personal-data/sealing.js';
import { RememberedCommands } from './remembered-commands.js';
import { placeOf } from './sealed-value.js';

/**
 * Raised whenever the same events fold into another book, and with each event type that is added: a build that passed
 * such an event over has another book. Builds do not read each other's snapshots then. A fixture watches over it.
 */
export const FOLD_VERSION = 1;

const sealed = z.string().nullable();
const details = z.object({
  email: z.string(),
  name: z.string().nullable(),
  title: z.string().nullable(),
  phone: z.string().nullable(),
});

/** A folded book as it is stored; null in the place of a sealed value says that it was erased. */
const snapshotSchema = z.object({
  foldVersion: z.literal(FOLD_VERSION),
  revision: z.int().min(0),
  eventId: z.string(),
  contacts: z.array(
    z.object({ contactId: z.string(), portalEnabled: z.boolean(), generation: z.int(), details: sealed }),
  ),
  formerContacts: z.array(z.tuple([z.string(), z.int()])),
  primary: z.string().nullable(),
  billingDefault: z.string().nullable(),
  billingEmail: z.object({ key: z.string(), sealed }).nullable(),
  /** The last commands, the oldest first: id, first and last revision. */
  commands: z.array(z.tuple([z.string(), z.int(), z.int()])),
});
type Snapshot = z.infer<typeof snapshotSchema>;

const ERASED_DETAILS = { email: ERASED, name: ERASED, title: ERASED, phone: ERASED };

/**
 * The book in the form in which a snapshot of this id holds it: each person's data under the key that it has in the log
 * too, so who destroys that destroys it here. Raises what the keys raise, and KeyDestroyed.
 */
export async function sealedSnapshot(
  { book, revision, eventId, commands, billingEmailKey }: LoadedBook,
  client: ClientRef,
  snapshotId: string,
  keys: DataKeys,
): Promise<Snapshot> {
  const { contacts, formerContacts, primary, billingDefault, billingEmail } = book;
  const keyring = await keys.find([
    ...[...contacts.keys()].map((contactId) => keyOfContact(client, contactId)),
    ...(billingEmailKey === null ? [] : [billingEmailKey]),
  ]);
  return {
    foldVersion: FOLD_VERSION,
    revision,
    eventId: eventId!,
    contacts: [...contacts.values()].map(({ contactId, portalEnabled, generation, ...personal }) => {
      const key = keyOfContact(client, contactId);
      const place = placeOf(client, snapshotId, { contactId }, 'details');
      const value = isErased(personal.email) ? null : seal(personal, liveKey(key, keyring), place);
      return { contactId, portalEnabled, generation, details: value };
    }),
    formerContacts: [...formerContacts].map(({ contactId, generation }) => [contactId, generation]),
    primary,
    billingDefault,
    billingEmail:
      billingEmailKey === null
        ? null
        : {
            key: billingEmailKey,
            sealed: isErased(billingEmail)
              ? null
              : seal(
                  billingEmail,
                  liveKey(billingEmailKey, keyring),
                  placeOf(client, snapshotId, {}, 'billingEmail'),
                ),
          },
    commands: [...commands].map(({ commandId, firstRevision, revision: last }) => [
      commandId,
      firstRevision,
      last,
    ]),
  };
}

/**
 * The book that a stored snapshot holds; undefined where it is of another fold version. Raises what the keys raise,
 * PersonalDataUnreadable for what was changed, and a ZodError for what is no snapshot.
 */
export async function openedSnapshot(
  { id, data }: StoredEvent,
  client: ClientRef,
  keys: DataKeys,
): Promise<LoadedBook | undefined> {
  if (data['foldVersion'] !== FOLD_VERSION) return undefined;
  const snapshot = snapshotSchema.parse(data);
  const { contacts, formerContacts, primary, billingDefault, billingEmail, commands } = snapshot;
  const keyring = await keys.find([
    ...contacts.map(({ contactId }) => keyOfContact(client, contactId)),
    ...(billingEmail ? [billingEmail.key] : []),
  ]);
  const open = (value: string | null, keyId: KeyId, contact: { contactId?: string }, property: string) => {
    const key = keyring.get(keyId)!;
    return value === null || key === DESTROYED
      ? ERASED
      : unsealed(id, () => unseal(value, key, placeOf(client, id, contact, property)));
  };
  const opened = contacts.map(({ contactId, portalEnabled, generation, details: value }): Contact => {
    const personal = open(value, keyOfContact(client, contactId), { contactId }, 'details');
    const texts = isErased(personal) ? ERASED_DETAILS : details.parse(personal);
    return { contactId, ...texts, portalEnabled, generation };
  });
  return {
    book: {
      contacts: new Map(opened.map((contact) => [contact.contactId, contact])),
      formerContacts: FormerContacts.of(
        formerContacts.map(([contactId, generation]) => ({ contactId, generation })),
      ),
      primary,
      billingDefault,
      billingEmail: billingEmail && address(open(billingEmail.sealed, billingEmail.key, {}, 'billingEmail')),
    },
    revision: snapshot.revision,
    eventId: snapshot.eventId,
    commands: RememberedCommands.of(
      commands.map(([commandId, firstRevision, last]) => ({ commandId, firstRevision, revision: last })),
    ),
    billingEmailKey: billingEmail && billingEmail.key,
  };
}

const address = (value: unknown) => (isErased(value) ? ERASED : z.string().parse(value));
