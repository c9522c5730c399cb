import { EventStoreDBClient, START, streamNameFilter } from '@eventstore/db-client';
import type { AnyBulkWriteOperation, Db } from 'mongodb';

const BATCH = 200;
const READ_AHEAD = 1000;
const DURABLE = { writeConcern: { w: 'majority', journal: true } } as const;

interface Stored {
  readonly _id: string;
  readonly revision: number;
  readonly contacts: Record<string, unknown>;
  readonly last: unknown;
}

/**
 * The least that keeps a document a client: both vendors' clients, reading ahead while it writes, one bulk and one
 * checkpoint a batch, all durable. It decrypts nothing, guards nothing, and knows no append, lease, or failure.
 */
export async function projectBare(url: string, database: Db, prefix: string, count: number): Promise<void> {
  const client = EventStoreDBClient.connectionString(url);
  const filter = streamNameFilter({ prefixes: [prefix] });
  const subscription = client.subscribeToAll({ fromPosition: START, filter }, { highWaterMark: READ_AHEAD });
  const documents = database.collection<Stored>('documents');
  const checkpoints = database.collection<{ _id: string; commit: string }>('checkpoints');
  let waiting: Parameters<typeof handle>[0] = [];
  let handling = Promise.resolve();
  let seen = 0;
  for await (const { event } of subscription) {
    if (!event) continue;
    waiting.push(event as never);
    seen += 1;
    if (waiting.length < BATCH && seen < count) continue;
    const batch = waiting;
    waiting = [];
    await handling; // one batch is written while the next is read
    handling = handle(batch);
    if (seen === count) break;
  }
  await handling;
  await subscription.unsubscribe().catch(() => {});
  await client.dispose();

  async function handle(
    batch: {
      streamId: string;
      revision: bigint;
      data: { contactId?: string };
      position: { commit: bigint };
    }[],
  ): Promise<void> {
    const ids = [...new Set(batch.map(({ streamId }) => streamId))];
    const found = await documents.find({ _id: { $in: ids } }).toArray();
    const states = new Map<string, Stored>(found.map((document) => [document._id, document]));
    for (const { streamId: _id, revision, data } of batch) {
      const contacts = { ...states.get(_id)?.contacts, [data.contactId ?? 'book']: data };
      states.set(_id, { _id, revision: Number(revision), contacts, last: data });
    }
    const writes = [...states.values()].map((replacement): AnyBulkWriteOperation<Stored> => {
      const { _id } = replacement;
      return { replaceOne: { filter: { _id }, replacement, upsert: true } };
    });
    await documents.bulkWrite(writes, { ordered: false, ...DURABLE });
    const commit = batch.at(-1)!.position.commit.toString();
    await checkpoints.updateOne({ _id: 'bare' }, { $set: { commit } }, { upsert: true, ...DURABLE });
  }
}
