import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Long, type Collection, type MongoClient } from 'mongodb';
import { connect, disconnect, itBeyond, refusal, uniqueDatabase } from './connection.js';

describe('a cursor', () => {
  let client: MongoClient;
  let collection: Collection<{ _id: number; text: string }>;
  beforeAll(async () => {
    client = connect();
    collection = uniqueDatabase(client, 'cursors').collection('c');
    const documents = Array.from({ length: 1000 }, (_, i) => ({ _id: i, text: `number ${i}` }));
    await collection.insertMany(documents);
  });
  afterAll(() => disconnect(client));

  it('gives all results over several batches, in order', async () => {
    const ids = (await collection.find().sort({ _id: -1 }).batchSize(7).toArray()).map(({ _id }) => _id);
    expect(ids).toEqual(Array.from({ length: 1000 }, (_, i) => 999 - i));
  });

  it('of an aggregation does so too', async () => {
    const results = await collection
      .aggregate([{ $match: { _id: { $lt: 500 } } }], { batchSize: 50 })
      .toArray();
    expect(results).toHaveLength(500);
  });

  it('gives no more than the limit', async () => {
    expect(await collection.find().batchSize(10).limit(25).toArray()).toHaveLength(25);
    expect(await collection.find().batchSize(100).limit(100).toArray()).toHaveLength(100);
  });

  itBeyond(
    'mongo-java-server',
    'sends them all',
    'gives 101 documents first, or as many as were asked for',
    async () => {
      const db = client.db(collection.dbName);
      const first = async (batchSize?: number) =>
        (await db.command({ find: 'c', ...(batchSize !== undefined && { batchSize }) }))['cursor'] as {
          id: Long;
          firstBatch: unknown[];
        };
      expect((await first()).firstBatch).toHaveLength(101);
      expect((await first(3)).firstBatch).toHaveLength(3);
      expect((await first(0)).firstBatch).toHaveLength(0);
      expect(Number((await first(2000)).id)).toBe(0);
    },
  );

  it('that was killed, or is not known, has no more', async () => {
    const db = client.db(collection.dbName);
    const { cursor } = (await db.command({ find: 'c', batchSize: 2 }, { promoteLongs: false })) as {
      cursor: { id: Long };
    };
    await db.command({ killCursors: 'c', cursors: [cursor.id] });
    const getMore = (id: Long) => refusal(db.command({ getMore: id, collection: 'c' }));
    expect((await getMore(cursor.id)).code).toBe(43);
    expect((await getMore(Long.fromNumber(12345))).code).toBe(43);
  });

  it('splits large results into batches that a message can hold', async () => {
    const large = client.db(collection.dbName).collection<{ _id: number; text: string }>('large');
    const text = 'x'.repeat(1024 * 1024);
    for (let i = 0; i < 40; i += 1) await large.insertOne({ _id: i, text });
    const found = await large.find().sort({ _id: 1 }).toArray();
    expect(found.map(({ _id }) => _id)).toEqual([...Array(40).keys()]);
  });
});
