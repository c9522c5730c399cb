import type { Contact, ContactBook } from './contact-book.js';
import { isSameAddress } from './email-address.js';
import { isErased } from './erased.js';

export type RoutingRule = 'billing_email' | 'billing_default' | 'primary';

/** Who receives a client's invoices, and why. */
export interface BillingRoute {
  readonly status: 'routed' | 'unroutable';
  /** The rule that fired. */
  readonly rule: RoutingRule | 'none';
  readonly email: string | null;
  /** The contact whose address it is: the holder of the flag, or whoever has the billing email; null if nobody. */
  readonly contactId: string | null;
  /** Every rule that did not fire, in order of precedence. */
  readonly passedOver: readonly PassedOver[];
}

export interface PassedOver {
  readonly rule: RoutingRule;
  /** Whom the invoices would have gone to, or whose address was erased; absent if nobody. */
  readonly contactId?: string;
  /** `outranked`: it has an address, but a rule before it chose someone, whose address may be erased since. */
  readonly reason: 'not_set' | 'erased' | 'outranked';
}

/**
 * The billing email if set, else the billing default's, else the primary's, else nobody: that is an answer too. Where
 * the address of whom a rule chose is erased, nobody takes their place: in a past state, which alone can have that, the
 * next one never received an invoice.
 */
export function billingRoute(book: ContactBook): BillingRoute {
  let route: Omit<BillingRoute, 'passedOver'> = NOBODY_AT_ALL;
  let isDecided = false;
  const passedOver: PassedOver[] = [];
  for (const { rule, email, contactId } of candidates(book)) {
    if (email !== null && !isErased(email) && !isDecided) {
      route = { status: 'routed', rule, email, contactId };
    } else {
      const reason = email === null ? 'not_set' : isErased(email) ? 'erased' : 'outranked';
      passedOver.push({ rule, ...(contactId !== null && { contactId }), reason });
    }
    isDecided ||= email !== null;
  }
  return { ...route, passedOver };
}

function candidates(book: ContactBook) {
  const withBillingEmail = [...book.contacts.values()].find(({ email }) =>
    isSameAddress(email, book.billingEmail),
  );
  return [
    { rule: 'billing_email', email: book.billingEmail, contactId: withBillingEmail?.contactId ?? null },
    { rule: 'billing_default', ...holder(book, book.billingDefault) },
    { rule: 'primary', ...holder(book, book.primary) },
  ] as const;
}

function holder(book: ContactBook, flag: string | null): Pick<Contact, 'email' | 'contactId'> | Nobody {
  return (flag === null ? undefined : book.contacts.get(flag)) ?? NOBODY;
}

const NOBODY_AT_ALL = { status: 'unroutable', rule: 'none', email: null, contactId: null } as const;
const NOBODY = { email: null, contactId: null } as const;
type Nobody = typeof NOBODY;
