import {
  freshness,
  type PartitionProgress,
  worstFreshness,
  type Freshness,
} from '../topic/reading-progress.js';
import type { Rule, StoredRoute } from './billing-routes.js';
import type { RevisionGap } from './followed-revisions.js';

/** What an answer rests on. */
export interface Basis {
  /** Whether the route may have moved without its being known here: an invoice can wait until it is `current`. */
  readonly freshness: Freshness;
  /** Revisions of the client that did not come: until someone has looked into it, the route may be wrong. */
  readonly gaps: readonly RevisionGap[];
}

/** Who gets a client's invoices, by which rule, and as of which revision: what to write beside the invoice. */
export type InvoiceRecipient = Basis &
  (
    | {
        readonly status: 'routed';
        readonly email: string;
        readonly rule: Rule;
        readonly contactId: string | null;
        readonly revision: number;
        readonly recordedAt: Date;
        readonly knownAt: Date;
      }
    /** Nobody does: an answer, and no error. */
    | {
        readonly status: 'unroutable';
        readonly revision: number;
        readonly recordedAt: Date;
        readonly knownAt: Date;
      }
    /** No route of this client came yet: with a current basis, nobody has ever written to it. */
    | { readonly status: 'unknown' }
  );

/** @param partitions how far each partition of the routes' topic was read, as it was before the route was looked up */
export function invoiceRecipient(
  route: StoredRoute | undefined,
  partitions: readonly PartitionProgress[],
  gaps: readonly RevisionGap[],
  now: Date,
): InvoiceRecipient {
  if (!route) return { status: 'unknown', freshness: worstFreshness(partitions, now), gaps };
  const { revision, recordedAt, knownAt, status, email, rule, contactId } = route;
  const progress = partitions.find(({ partition }) => partition === route.partition);
  const answer = { freshness: freshness(progress, now), gaps, revision, recordedAt, knownAt };
  return status === 'routed'
    ? { ...answer, status, email: email!, rule, contactId }
    : { ...answer, status: 'unroutable' };
}
