import type { EraseContact } from './commands.js';
import type { ContactBook } from './contact-book.js';
import { ERASED } from './erased.js';
import type { ContactBookEvent } from './events.js';
import { isAddressOf, type KnownPast } from './known-past.js';
import { Refusal } from './refusal.js';

/**
 * The facts of an erasure, in the order of an append: flags vacated, the erasure, and the end of a billing email that is
 * an address of theirs. None where they are erased already. No fact names anything personal.
 *
 * @throws {Refusal} `contact_not_found` for an id that never was in the book.
 */
export function eraseContact(
  { contactId, reason }: EraseContact,
  book: ContactBook,
  past: KnownPast,
): ContactBookEvent[] {
  if (!book.contacts.has(contactId) && !book.formerContacts.has(contactId)) {
    throw new Refusal('contact_not_found', { pointer: '/contactId', contactId });
  }
  if (past.erased.has(contactId)) return [];
  const vacated = { from: contactId, to: null };
  const events: ContactBookEvent[] = [];
  if (book.primary === contactId) events.push({ type: 'PrimaryContactChanged', data: vacated });
  if (book.billingDefault === contactId) events.push({ type: 'BillingDefaultChanged', data: vacated });
  events.push({ type: 'ContactErased', data: { contactId, reason } });
  if (isAddressOf(contactId, book.billingEmail, past)) {
    events.push({ type: 'BillingEmailChanged', data: { from: ERASED, to: null } });
  }
  return events;
}
