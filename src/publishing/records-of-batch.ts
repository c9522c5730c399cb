import type { Message } from 'kafkajs';
import { clientKey } from '../event-log/contact-book-stream.js';
import { EMPTY_BOOK } from '../event-log/contact-book-log.js';
import { appendsOf, type RecordedEvent } from '../event-log/stored-form.js';
import type { KnownBooks } from './known-books.js';
import { recordsOf } from './records.js';

/** How many clients' streams are read at once, where their books aren't known. */
const READS_AT_A_TIME = 8;

/** The records of a batch by topic, each in the order of the log. */
export interface BatchRecords {
  readonly events: Message[];
  readonly billingRoutes: Message[];
  readonly portalAccess: Message[];
}

/** What a batch of whole appends says on each topic. Raises as `KnownBooks` does. */
export async function recordsOfBatch(
  batch: readonly RecordedEvent[],
  books: KnownBooks,
  partitions: number,
): Promise<BatchRecords> {
  const appends = appendsOf(batch);
  const before = await booksBefore(appends, books);
  const records: BatchRecords = { events: [], billingRoutes: [], portalAccess: [] };
  for (const append of appends) {
    const { client } = append[0]!;
    const key = clientKey(client);
    const { book, revision: known } = before.get(key)!;
    const isFirst = known === EMPTY_BOOK.revision;
    const { events, billingRoutes, portalAccess, after } = recordsOf(append, book, partitions, isFirst);
    records.events.push(...events);
    records.billingRoutes.push(...billingRoutes);
    records.portalAccess.push(...portalAccess);
    const latest = { book: after, revision: append.at(-1)!.revision };
    before.set(key, latest);
    books.remember(client, latest);
  }
  return records;
}

/** Each client's book before its first append of the batch. */
async function booksBefore(appends: readonly RecordedEvent[][], books: KnownBooks) {
  const firsts = new Map<string, RecordedEvent>();
  for (const [first] of appends) {
    const key = clientKey(first!.client);
    if (!firsts.has(key)) firsts.set(key, first!);
  }
  const before = new Map<string, Awaited<ReturnType<KnownBooks['asOf']>>>();
  const waiting = firsts.entries();
  const read = async () => {
    for (const [key, { client, revision }] of waiting)
      before.set(key, await books.asOf(client, revision - 1));
  };
  await Promise.all(Array.from({ length: READS_AT_A_TIME }, read));
  return before;
}
