import { type BillingRoute, billingRoute } from '../../contact-book/billing-route.js';
import type { ContactBook } from '../../contact-book/contact-book.js';
import { isErased } from '../../contact-book/erased.js';
import { type WarningCode, warningsOf } from '../../contact-book/warnings.js';
import { EMPTY_BOOK } from '../../event-log/contact-book-log.js';
import type { Revision } from '../../event-log/event-store.js';
import type { RecordedEvent } from '../../event-log/stored-form.js';
import type { FoldedAppend, ReadModel } from '../read-model.js';
import { ServedDocuments } from '../served-documents.js';

/** Who receives a client's invoices, why, and since when. */
export interface BillingRouting {
  readonly route: BillingRoute;
  /** The append that made the rule, the contact or the address what they are; null while there never was one. */
  readonly since: { readonly revision: Revision; readonly at: Date } | null;
  readonly warnings: readonly WarningCode[];
}

export const billingRouting: ReadModel<BillingRouting> = {
  name: 'billing_routing',
  version: 1,
  indexes: [
    { key: { workspaceId: 1, clientId: 1 } },
    { key: { workspaceId: 1, 'view.route.status': 1, clientId: 1 } },
    { key: { workspaceId: 1, 'view.warnings': 1, clientId: 1 } },
  ],
  initial: { ...routeAndWarnings(EMPTY_BOOK.book), since: null },
  fold(view, appends) {
    const changed = appends.findLast(changesRoute)?.events.at(-1);
    return {
      ...routeAndWarnings(appends.at(-1)!.after),
      since: changed ? { revision: changed.revision, at: changed.recordedAt } : view.since,
    };
  },
};

/** Where its documents are read. */
export class BillingRoutingDocuments extends ServedDocuments<BillingRouting> {}

function routeAndWarnings(book: ContactBook): Omit<BillingRouting, 'since'> {
  return { route: billingRoute(book), warnings: warningsOf(book).map(({ code }) => code) };
}

/**
 * Told from what the events are about and not by comparing the addresses, since those of someone who is erased later
 * can't be compared any more: a fold after the erasure has to find the same append.
 */
function changesRoute({ events, before, after }: FoldedAppend): boolean {
  const [was, is] = [winner(before), winner(after)];
  if (was.rule !== is.rule || was.contactId !== is.contactId) return true;
  return events.some(({ event }) => changesAddressOf(is, event));
}

type Winner = Pick<BillingRoute, 'rule' | 'contactId'>;

/** Which rule fires for whom, were no address erased. */
function winner(book: ContactBook): Winner {
  if (book.billingEmail !== null) {
    const contactId = isErased(book.billingEmail) ? null : billingRoute(book).contactId;
    return { rule: 'billing_email', contactId };
  }
  if (book.billingDefault !== null) return { rule: 'billing_default', contactId: book.billingDefault };
  if (book.primary !== null) return { rule: 'primary', contactId: book.primary };
  return { rule: 'none', contactId: null };
}

function changesAddressOf({ rule, contactId }: Winner, { type, data }: RecordedEvent['event']): boolean {
  if (rule === 'billing_email') return type === 'BillingEmailChanged';
  return type === 'ContactDetailsChanged' && data.contactId === contactId && data.changes.email !== undefined;
}
