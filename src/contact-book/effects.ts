import { type BillingRoute, billingRoute } from './billing-route.js';
import type { ContactBook } from './contact-book.js';
import type { ContactBookEvent } from './events.js';
import { type PortalAccess, portalAccessOf } from './portal-access.js';

/** What a change did to whom money and access hang on. */
export interface Effects {
  readonly billingRoute: { readonly before: BillingRoute; readonly after: BillingRoute };
  /** Of every contact whose access is not what it was; null before for one who was not in the book. */
  readonly portalAccess: readonly {
    readonly contactId: string;
    readonly before: PortalAccess | null;
    readonly after: PortalAccess;
  }[];
}

/** What led from one book to a later one of the same client. */
export function effectsBetween(before: ContactBook, after: ContactBook): Effects {
  const contactIds = new Set([...before.contacts.keys(), ...after.contacts.keys()]);
  return {
    billingRoute: { before: billingRoute(before), after: billingRoute(after) },
    portalAccess: [...contactIds].flatMap((contactId) => {
      const was = accessIn(before, contactId);
      const is = accessIn(after, contactId);
      return is && !isSameAccess(was, is) ? [{ contactId, before: was, after: is }] : [];
    }),
  };
}

/** Who is where after a change of the whole list, each contact once. */
export interface Replacement {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  readonly unchanged: readonly string[];
}

/**
 * What the events of one append made of the contacts of `before`. It is told by the events and not by the books, since
 * values that were erased later can no longer be compared.
 */
export function replacementBy(events: readonly ContactBookEvent[], before: ContactBook): Replacement {
  const added = new Set<string>();
  const removed = new Set<string>();
  const touched = new Set<string | null>();
  for (const { type, data } of events) {
    if (type === 'ContactAdded') added.add(data.contactId);
    else if (type === 'ContactRemoved') removed.add(data.contactId);
    else if (type === 'PrimaryContactChanged' || type === 'BillingDefaultChanged')
      touched.add(data.from).add(data.to);
    else if (type === 'ContactDetailsChanged' || type === 'PortalAccessToggled') touched.add(data.contactId);
  }
  const stayed = [...before.contacts.keys()].filter((contactId) => !removed.has(contactId));
  return {
    added: [...added],
    changed: stayed.filter((contactId) => touched.has(contactId)),
    removed: [...removed],
    unchanged: stayed.filter((contactId) => !touched.has(contactId)),
  };
}

function accessIn(book: ContactBook, contactId: string): PortalAccess | null {
  const contact = book.contacts.get(contactId);
  if (contact) return portalAccessOf(contact);
  const former = book.formerContacts.get(contactId);
  return former ? { ...former, email: null, maySignIn: false } : null;
}

function isSameAccess(was: PortalAccess | null, is: PortalAccess): boolean {
  return was?.maySignIn === is.maySignIn && was.generation === is.generation;
}
