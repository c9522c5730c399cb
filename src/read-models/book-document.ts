import type { Contact, ContactBook } from '../contact-book/contact-book.js';
import { type FormerContact, FormerContacts } from '../contact-book/former-contacts.js';

/** A contact book as MongoDB stores it: lists in place of maps, which keeps the order of any ids. */
export interface BookDocument extends Omit<ContactBook, 'contacts' | 'formerContacts'> {
  readonly contacts: readonly Contact[];
  readonly formerContacts: readonly FormerContact[];
}

export function documentOfBook(book: ContactBook): BookDocument {
  return {
    ...book,
    contacts: [...book.contacts.values()],
    formerContacts: [...book.formerContacts],
  };
}

export function bookOfDocument(document: BookDocument): ContactBook {
  return {
    ...document,
    contacts: new Map(document.contacts.map((contact) => [contact.contactId, contact])),
    formerContacts: FormerContacts.of(document.formerContacts),
  };
}
