import { type ContactBook, withContact } from './contact-book.js';
import { ERASED } from './erased.js';
import type { ContactBookEvent } from './events.js';

/** The book from before an append as it is read after it: whoever the append erases, and their billing email, are erased in it. */
export function forgottenIn(before: ContactBook, append: readonly ContactBookEvent[]): ContactBook {
  return append.reduce((book, event) => {
    if (event.type === 'BillingEmailChanged' && event.data.from !== null)
      return { ...book, billingEmail: event.data.from };
    if (event.type !== 'ContactErased') return book;
    const contact = book.contacts.get(event.data.contactId);
    if (!contact) return book;
    return withContact(book, { ...contact, email: ERASED, name: ERASED, title: ERASED, phone: ERASED });
  }, before);
}
