import { billingRoute } from '../contact-book/billing-route.js';
import type { ContactBook } from '../contact-book/contact-book.js';
import { ERASED } from '../contact-book/erased.js';
import { portalAccessOf } from '../contact-book/portal-access.js';
import { warningsOf } from '../contact-book/warnings.js';
import type { RecordedEvent } from '../event-log/stored-form.js';

/** Who gets a client's invoices, as its record says it; the revision comes beside it. */
export function billingRouteState(book: ContactBook): object {
  return { ...billingRoute(book), warnings: warningsOf(book).map(({ code }) => code) };
}

/** Whether a contact may sign in, as its record says it; undefined for someone who never was in the book. */
export function portalAccessState(book: ContactBook, contactId: string): object | undefined {
  const contact = book.contacts.get(contactId);
  if (contact) {
    const { email, maySignIn, generation } = portalAccessOf(contact);
    return { status: 'present', email: email ?? ERASED, enabled: maySignIn, generation };
  }
  const former = book.formerContacts.get(contactId);
  return former && { status: 'gone', generation: former.generation };
}

/** Those whose portal access the events may have changed, in order of appearance. */
export function contactsIn(events: readonly RecordedEvent['event'][]): string[] {
  return [...new Set(events.flatMap(({ data }) => ('contactId' in data ? [data.contactId] : [])))];
}

/** Whether two states, of one kind, say the same. */
export function isSameState(one: object | undefined, other: object | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
