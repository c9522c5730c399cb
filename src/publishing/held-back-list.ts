import { randomUUID } from 'node:crypto';
import type { Message } from 'kafkajs';
import { clientKey, clientIn } from '../event-log/contact-book-stream.js';
import type { Revision } from '../event-log/event-store.js';
import { commonHeaders } from './cloud-event.js';
import { partitionOf } from './partitions.js';

/** The key of the list, on every partition of the state topics. */
export const HELD_BACK_KEY = 'held-back-clients';

/** So many clients are named on a partition; where there are more, the list says that it is not complete. */
const MAX_NAMED = 1000;

/** A client's events from a revision on that are not published: for now, or of which one was given up. */
export interface Unpublished {
  readonly stream: string;
  readonly from: Revision;
}

/**
 * What there is to say on each of so many partitions: whose state on the topics may not be the one that the log tells.
 * Whoever was skipped stays in it: what is told of them later is made of a book that lacks what was given up.
 */
export function heldBackLists(
  { heldBack, skipped }: { heldBack: readonly Unpublished[]; skipped: readonly Unpublished[] },
  partitions: number,
  maxNamed = MAX_NAMED,
): string[] {
  const named = Array.from({ length: partitions }, () => new Map<string, object>());
  const name = (status: string, { stream, from: revision }: Unpublished) => {
    const client = keyOf(stream);
    if (client === undefined) return;
    const list = named[partitionOf(client, partitions)]!;
    if (!list.has(client)) list.set(client, { client, revision, status });
  };
  for (const client of skipped) name('skipped', client);
  for (const client of heldBack) name('held_back', client);
  return named.map((list) => {
    const clients = [...list.values()].slice(0, maxNamed);
    return JSON.stringify({ clients, count: list.size, complete: clients.length === list.size });
  });
}

/** The records of those partitions whose list is another one than was told before. */
export function heldBackRecords(lists: readonly string[], told: readonly string[]): Message[] {
  const headers = {
    ...commonHeaders('held-back-clients.v1'),
    ce_id: randomUUID(),
    ce_time: new Date().toISOString(),
  };
  return lists.flatMap((value, partition) =>
    value === told[partition] ? [] : [{ key: HELD_BACK_KEY, partition, value, headers }],
  );
}

/** Undefined for a stream that someone else has named as ours are: it may be held back too, and is no client's. */
function keyOf(stream: string): string | undefined {
  const client = clientIn(stream);
  return client && clientKey(client);
}
