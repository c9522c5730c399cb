import type { PublishedRecord } from './published-record.js';

export const HELD_BACK_CLIENTS = 'client-contacts.held-back-clients.v1';

/** A client of whom something was not published: `held_back` for now, `skipped` for good. */
export interface HeldBackClient {
  /** `<workspace>/<client>` */
  readonly client: string;
  /** The first revision that was not published. */
  readonly revision: number;
  readonly status: 'held_back' | 'skipped';
}

/** Whose state a partition of a state topic may not tell. */
export interface HeldBackList {
  readonly clients: readonly HeldBackClient[];
  /** Whether all of them are named. */
  readonly complete: boolean;
}

/** Why a client's state is not known, and from which revision on where the client is named. */
export type HeldBack = Pick<HeldBackClient, 'status'> & { readonly revision?: number };

/** The last list among the records of a partition, which are in order; undefined where there is none. */
export function lastListIn(records: readonly PublishedRecord[]): HeldBackList | undefined {
  const value = records.findLast(({ type }) => type === HELD_BACK_CLIENTS)?.value;
  if (!value) return undefined;
  const { clients, complete } = value as unknown as HeldBackList;
  return { clients, complete };
}

/** What the lists of the partitions that a client may be on say of it; undefined where nothing of it is held back. */
export function heldBackOf(
  client: string,
  partitions: readonly { readonly heldBack?: HeldBackList }[],
): HeldBack | undefined {
  const lists = partitions.flatMap(({ heldBack }) => heldBack ?? []);
  const named = lists.flatMap(({ clients }) => clients).find((one) => one.client === client);
  if (named) return { status: named.status, revision: named.revision };
  return lists.every(({ complete }) => complete) ? undefined : { status: 'held_back' };
}
