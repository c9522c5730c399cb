import type { Personal } from './erased.js';
import type { ContactBookEvent, ContactDetailsChanged } from './events.js';
import { type FormerContact, FormerContacts } from './former-contacts.js';

export interface Contact {
  readonly contactId: string;
  readonly email: Personal;
  readonly name: Personal | null;
  readonly title: Personal | null;
  readonly phone: Personal | null;
  readonly portalEnabled: boolean;
  /** Starts at 1; a portal link or session that was made under a lower one is dead. */
  readonly generation: number;
}

/** All contacts of one client, with its flags and its billing email. */
export interface ContactBook {
  /** By id, in the order in which they were added. */
  readonly contacts: ReadonlyMap<string, Contact>;
  readonly formerContacts: FormerContacts;
  readonly primary: string | null;
  readonly billingDefault: string | null;
  readonly billingEmail: Personal | null;
}

/** The book of a client whom nobody has written to. */
export function initial(): ContactBook {
  return {
    contacts: new Map(),
    formerContacts: FormerContacts.of([]),
    primary: null,
    billingDefault: null,
    billingEmail: null,
  };
}

/**
 * The book after one more fact; `book` itself stays as it is. The invariants hold at the end of each append, not
 * necessarily in its middle.
 *
 * @throws {Error} when the event speaks of a contact that the book doesn't hold: such a log is damaged, and folding
 *   on would hide it.
 */
export function evolve(book: ContactBook, event: ContactBookEvent): ContactBook {
  switch (event.type) {
    case 'ContactAdded': {
      const { contactId, email, name = null, title = null, phone = null, portalEnabled } = event.data;
      return withContact(book, { contactId, email, name, title, phone, portalEnabled, generation: 1 });
    }
    case 'ContactDetailsChanged': {
      const contact = existing(book, event.data.contactId);
      return withContact(book, { ...contact, ...valuesAfter(event), generation: event.data.generation });
    }
    case 'ContactRemoved': {
      const { contactId, generation } = existing(book, event.data.contactId);
      return withFormerContact(book, { contactId, generation: generation + 1 });
    }
    case 'PrimaryContactChanged':
      return { ...book, primary: flagged(book, event.data.to) };
    case 'BillingDefaultChanged':
      return { ...book, billingDefault: flagged(book, event.data.to) };
    case 'PortalAccessToggled': {
      const { contactId, enabled, generation } = event.data;
      return withContact(book, { ...existing(book, contactId), portalEnabled: enabled, generation });
    }
    case 'BillingEmailChanged':
      return { ...book, billingEmail: event.data.to };
    case 'ContactErased': {
      const { contactId } = event.data;
      const { generation } = book.formerContacts.get(contactId) ?? existing(book, contactId);
      return withFormerContact(book, { contactId, generation: generation + 1 });
    }
    default:
      return neverHappens(event);
  }
}

function existing(book: ContactBook, contactId: string): Contact {
  const contact = book.contacts.get(contactId);
  if (!contact) throw new Error('the log speaks of a contact that is not in the book');
  return contact;
}

/** Whom a flag goes to, if to anybody. */
function flagged(book: ContactBook, contactId: string | null): string | null {
  return contactId === null ? null : existing(book, contactId).contactId;
}

function valuesAfter({ data: { changes } }: ContactDetailsChanged): Partial<Contact> {
  const { email, name, title, phone } = changes;
  return {
    ...(email?.after != null && { email: email.after }),
    ...(name && { name: name.after }),
    ...(title && { title: title.after }),
    ...(phone && { phone: phone.after }),
  };
}

/** The book with `contact` in it: in its place if it has one, else last. */
export function withContact(book: ContactBook, contact: Contact): ContactBook {
  return { ...book, contacts: new Map(book.contacts).set(contact.contactId, contact) };
}

function withFormerContact(book: ContactBook, former: FormerContact): ContactBook {
  const contacts = new Map(book.contacts);
  contacts.delete(former.contactId);
  return { ...book, contacts, formerContacts: book.formerContacts.with(former) };
}

function neverHappens(event: never): never {
  throw new Error(`unknown event type ${(event as { type: string }).type}`);
}
