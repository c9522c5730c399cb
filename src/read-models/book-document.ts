import type { Contact, ContactBook } from '../contact-book/contact-book.js';

/** A contact book as MongoDB stores it: lists in place of maps, which keeps the order of any ids. */
export interface BookDocument extends Omit<ContactBook, 'contacts' | 'formerContacts'> {
  readonly contacts: readonly Contact[];
  readonly formerContacts: readonly (ContactBook['formerContacts'] extends ReadonlyMap<string, infer F>
    ? F
    : never)[];
}

export function documentOfBook(book: ContactBook): BookDocument {
  return {
    ...book,
    contacts: [...book.contacts.values()],
    formerContacts: [...book.formerContacts.values()],
  };
}

export function bookOfDocument(document: BookDocument): ContactBook {
  return {
    ...document,
    contacts: new Map(document.contacts.map((contact) => [contact.contactId, contact])),
    formerContacts: new Map(document.formerContacts.map((contact) => [contact.contactId, contact])),
  };
}
