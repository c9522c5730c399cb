import { normaliseEmailAddress } from './email-address.js';
import { isErased, type Personal } from './erased.js';
import type { ContactBookEvent } from './events.js';

/** What the book forgets of its past, and an erasure has to know. It is folded from the log where it is needed. */
export interface KnownPast {
  /** By contact, in the book or no longer, every address that they ever had, normalised; of the erased there is none. */
  readonly addresses: ReadonlyMap<string, ReadonlySet<string>>;
  readonly erased: ReadonlySet<string>;
}

export const NO_PAST: KnownPast = { addresses: new Map(), erased: new Set() };

/** The past with one more fact. */
export function pastAfter(past: KnownPast, event: ContactBookEvent): KnownPast {
  switch (event.type) {
    case 'ContactAdded':
      return withAddress(past, event.data.contactId, event.data.email);
    case 'ContactDetailsChanged':
      return withAddress(past, event.data.contactId, event.data.changes.email?.after ?? null);
    case 'ContactErased': {
      const { contactId } = event.data;
      const addresses = new Map(past.addresses);
      addresses.delete(contactId);
      return { addresses, erased: new Set(past.erased).add(contactId) };
    }
    default:
      return past;
  }
}

/** Whether it is an address that the contact has, or ever had. */
export function isAddressOf(contactId: string, address: Personal | null, { addresses }: KnownPast): boolean {
  if (address === null || isErased(address)) return false;
  return addresses.get(contactId)?.has(normaliseEmailAddress(address)) ?? false;
}

/** The others, in the book or no longer, who have or had an address of this contact: they may be the same person. */
export function othersWithAddressOf(contactId: string, { addresses }: KnownPast): string[] {
  const theirs = [...(addresses.get(contactId) ?? [])];
  return [...addresses].flatMap(([other, ofOther]) =>
    other !== contactId && theirs.some((address) => ofOther.has(address)) ? [other] : [],
  );
}

function withAddress(past: KnownPast, contactId: string, address: Personal | null): KnownPast {
  if (address === null || isErased(address)) return past;
  const known = new Set(past.addresses.get(contactId)).add(normaliseEmailAddress(address));
  return { ...past, addresses: new Map(past.addresses).set(contactId, known) };
}
