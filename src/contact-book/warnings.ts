import { billingRoute } from './billing-route.js';
import type { ContactBook } from './contact-book.js';

export type WarningCode = 'no_primary' | 'no_billing_default' | 'unroutable' | 'billing_email_cannot_sign_in';

export interface Warning {
  readonly code: WarningCode;
}

/** What is allowed but likely to be regretted. A book without contacts isn't told that nobody holds its flags. */
export function warningsOf(book: ContactBook): Warning[] {
  const route = billingRoute(book);
  const hasContacts = book.contacts.size > 0;
  const codes: WarningCode[] = [];
  if (hasContacts && book.primary === null) codes.push('no_primary');
  if (hasContacts && book.billingDefault === null) codes.push('no_billing_default');
  if (route.status === 'unroutable') codes.push('unroutable');
  if (route.rule === 'billing_email' && route.contactId === null) codes.push('billing_email_cannot_sign_in');
  return codes.map((code) => ({ code }));
}
