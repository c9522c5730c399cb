import { type HeldBack, heldBackOf } from '../topic/held-back-clients.js';
import { type PartitionProgress, worstFreshness, type Freshness } from '../topic/reading-progress.js';
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
    /** The route may have moved by what was not published, from that revision on where it is known: ask over REST. */
    | {
        readonly status: 'held_back';
        /** Whether it is yet to come, or was given up. */
        readonly because: HeldBack['status'];
        readonly unpublishedFrom?: number;
      }
    /** No route of this client came yet: with a current basis, nobody has ever written to it. */
    | { readonly status: 'unknown' }
  );

/**
 * @param client `<workspace>/<client>`
 * @param partitions how far each partition of the routes' topic was read, as it was before the route was looked up
 */
export function invoiceRecipient(
  client: string,
  route: StoredRoute | undefined,
  partitions: readonly PartitionProgress[],
  gaps: readonly RevisionGap[],
  now: Date,
): InvoiceRecipient {
  // Whose partition is not known may be on any.
  const own = route ? partitions.filter(({ partition }) => partition === route.partition) : partitions;
  const basis = { freshness: worstFreshness(own, now), gaps };
  const held = heldBackOf(client, own);
  if (held) {
    const { status: because, revision: unpublishedFrom } = held;
    return {
      ...basis,
      status: 'held_back',
      because,
      ...(unpublishedFrom !== undefined && { unpublishedFrom }),
    };
  }
  if (!route) return { ...basis, status: 'unknown' };
  const { revision, recordedAt, knownAt, status, email, rule, contactId } = route;
  const answer = { ...basis, revision, recordedAt, knownAt };
  return status === 'routed'
    ? { ...answer, status, email: email!, rule, contactId }
    : { ...answer, status: 'unroutable' };
}
