import { type Contact, type ContactBook, evolve, initial } from './contact-book.js';
import type { Personal } from './erased.js';
import { CONTACT_FIELDS, type ContactBookEvent, type ContactField } from './events.js';

/** A value that an append changed, as it was before and as it is after. */
export interface Changed<Value> {
  readonly before: Value;
  readonly after: Value;
}

/** What changed of a contact: before is null where it was not there, after where it no longer is. */
export type ChangedFields = { readonly [Field in ContactField]?: Changed<Personal | null> } & {
  readonly portalEnabled?: Changed<boolean | null>;
};

/** Whom an append changed. Of someone whom it erased nothing is told but the id. */
export interface ChangedContact {
  readonly contactId: string;
  readonly change: 'added' | 'changed' | 'removed' | 'erased';
  readonly fields: ChangedFields;
}

/** What an append changed, as a whole: what it only passed through on the way is not to be seen. */
export interface BookChanges {
  readonly contacts: readonly ChangedContact[];
  readonly primary?: Changed<string | null>;
  readonly billingDefault?: Changed<string | null>;
  readonly billingEmail?: Changed<Personal | null>;
}

/** The contacts of a book of which only a part of the log is known: those whose addition is in that part. */
export type KnownContacts = ContactBook['contacts'];

export const NO_CONTACTS: KnownContacts = initial().contacts;

/** The contacts after more events; what those say of contacts that are not known is passed over. */
export function contactsAfter(before: KnownContacts, events: readonly ContactBookEvent[]): KnownContacts {
  let book: ContactBook = { ...initial(), contacts: before };
  for (const event of events) {
    const isKnown = 'contactId' in event.data && book.contacts.has(event.data.contactId);
    if (isKnown || event.type === 'ContactAdded') book = evolve(book, event);
  }
  return book.contacts;
}

/** What the events of one append changed; before and after it, whoever it adds or removes must be known. */
export function changesOfAppend(
  events: readonly ContactBookEvent[],
  before: KnownContacts,
  after: KnownContacts,
): BookChanges {
  const ids = new Set(events.flatMap(({ data }) => ('contactId' in data ? [data.contactId] : [])));
  const primary = moved(events.filter(({ type }) => type === 'PrimaryContactChanged'));
  const billingDefault = moved(events.filter(({ type }) => type === 'BillingDefaultChanged'));
  const emails = events.filter((event) => event.type === 'BillingEmailChanged');
  return {
    contacts: [...ids].flatMap((contactId) => {
      const own = events.filter(({ data }) => 'contactId' in data && data.contactId === contactId);
      return changedContact(contactId, own, before.get(contactId), after.get(contactId));
    }),
    ...(primary && { primary }),
    ...(billingDefault && { billingDefault }),
    // Two erased values look alike, so the event tells that there was a change.
    ...(emails.length > 0 && {
      billingEmail: { before: emails[0]!.data.from, after: emails.at(-1)!.data.to },
    }),
  };
}

function changedContact(
  contactId: string,
  events: readonly ContactBookEvent[],
  before: Contact | undefined,
  after: Contact | undefined,
): ChangedContact[] {
  const has = (type: ContactBookEvent['type']) => events.some((event) => event.type === type);
  if (has('ContactErased')) return [{ contactId, change: 'erased', fields: {} }];
  const [isAdded, isRemoved] = [has('ContactAdded'), has('ContactRemoved')];
  if (isAdded && isRemoved) return [];
  if (isAdded || isRemoved) {
    const fields = allFields(isAdded ? undefined : before, isAdded ? after : undefined);
    return [{ contactId, change: isAdded ? 'added' : 'removed', fields }];
  }
  const fields = changedFields(events);
  return Object.keys(fields).length > 0 ? [{ contactId, change: 'changed', fields }] : [];
}

/** Every value that there is, on the side where it is. */
function allFields(before: Contact | undefined, after: Contact | undefined): ChangedFields {
  const sides = <Value>(valueOf: (contact: Contact) => Value) => ({
    before: before ? valueOf(before) : null,
    after: after ? valueOf(after) : null,
  });
  return {
    ...Object.fromEntries(
      CONTACT_FIELDS.map((field) => [field, sides((contact) => contact[field])] as const).filter(
        ([, side]) => side.before !== null || side.after !== null,
      ),
    ),
    portalEnabled: sides(({ portalEnabled }) => portalEnabled),
  };
}

/** From what it was before the first of the events to what it is after the last. */
function changedFields(events: readonly ContactBookEvent[]): ChangedFields {
  const details = events.flatMap((event) =>
    event.type === 'ContactDetailsChanged' ? [event.data.changes] : [],
  );
  const toggles = events.flatMap((event) =>
    event.type === 'PortalAccessToggled' ? [event.data.enabled] : [],
  );
  const first = toggles[0];
  const last = toggles.at(-1);
  return {
    ...Object.fromEntries(
      CONTACT_FIELDS.flatMap((field) => {
        const changes = details.flatMap(({ [field]: change }) => (change ? [change] : []));
        if (changes.length === 0) return [];
        return [[field, { before: changes[0]!.before, after: changes.at(-1)!.after }] as const];
      }),
    ),
    // Such an event is stored only where it changes something.
    ...(first !== undefined && last === first && { portalEnabled: { before: !first, after: last } }),
  };
}

function moved(events: readonly ContactBookEvent[]): Changed<string | null> | undefined {
  const moves = events.flatMap(({ data }) => ('from' in data ? [data as FlagMove] : []));
  const [first, last] = [moves[0], moves.at(-1)];
  if (!first || !last || first.from === last.to) return undefined;
  return { before: first.from, after: last.to };
}

interface FlagMove {
  readonly from: string | null;
  readonly to: string | null;
}
