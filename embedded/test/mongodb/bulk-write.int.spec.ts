import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  MongoBulkWriteError,
  type AnyBulkWriteOperation,
  type Collection,
  type Document,
  type MongoClient,
} from 'mongodb';
import { connect, disconnect, itBeyond, uniqueDatabase } from './connection.js';

interface Stored extends Document {
  _id: number;
}

describe('a bulk write', () => {
  let client: MongoClient;
  let collection: Collection<Stored>;
  beforeAll(() => {
    client = connect();
  });
  beforeEach(async () => {
    collection = uniqueDatabase(client, 'bulk').collection('c');
    await collection.insertMany([
      { _id: 1, revision: 5 },
      { _id: 2, revision: 1 },
    ]);
  });
  afterAll(() => disconnect(client));

  async function bulkError(
    operations: AnyBulkWriteOperation<Stored>[],
    ordered: boolean,
  ): Promise<MongoBulkWriteError> {
    const error: unknown = await collection
      .bulkWrite(operations, { ordered })
      .catch((refused: unknown) => refused);
    if (error instanceof MongoBulkWriteError) return error;
    throw new Error('it did not fail', { cause: error });
  }

  const replaceFrom = (_id: number, revision: number, upsert: boolean): AnyBulkWriteOperation<Stored> => ({
    replaceOne: { filter: { _id, revision }, replacement: { revision: revision + 1 }, upsert },
  });

  it('tells how much of each kind it did, and the ids that upserts made', async () => {
    const result = await collection.bulkWrite([
      { insertOne: { document: { _id: 3 } } },
      { updateOne: { filter: { _id: 1 }, update: { $set: { a: 1 } } } },
      { updateMany: { filter: {}, update: { $set: { b: 1 } } } },
      { updateOne: { filter: { _id: 8 }, update: { $set: { a: 1 } }, upsert: true } },
      { replaceOne: { filter: { _id: 9 }, replacement: { a: 2 }, upsert: true } },
      { deleteOne: { filter: { _id: 2 } } },
    ]);
    expect(result).toMatchObject({
      insertedCount: 1,
      matchedCount: 4,
      modifiedCount: 4,
      deletedCount: 1,
      upsertedCount: 2,
      upsertedIds: { 3: 8, 4: 9 },
    });
  });

  it('without order goes on after errors, and tells each with its index', async () => {
    const operations = [
      replaceFrom(1, 4, true),
      replaceFrom(2, 1, false),
      replaceFrom(3, 0, true),
      replaceFrom(2, 0, true),
      replaceFrom(4, 0, true),
      replaceFrom(1, 3, false),
    ];
    const error = await bulkError(operations, false);
    const errors = [error.writeErrors].flat();
    expect(errors.map(({ index, code }) => ({ index, code }))).toEqual([
      { index: 0, code: 11000 },
      { index: 3, code: 11000 },
    ]);
    expect(error.result).toMatchObject({
      matchedCount: 1,
      modifiedCount: 1,
      upsertedCount: 2,
      upsertedIds: { 2: 3, 4: 4 },
    });
    const stored = await collection.find().sort({ _id: 1 }).toArray();
    expect(stored.map(({ _id, revision }) => [_id, revision as unknown])).toEqual([
      [1, 5],
      [2, 2],
      [3, 1],
      [4, 1],
    ]);
  });

  itBeyond('mongo-java-server', 'goes on', 'in order stops at the first error', async () => {
    const error = await bulkError(
      [replaceFrom(2, 1, false), replaceFrom(1, 4, true), replaceFrom(3, 0, true)],
      true,
    );
    expect([error.writeErrors].flat().map(({ index }) => index)).toEqual([1]);
    expect(error.result).toMatchObject({ modifiedCount: 1, upsertedCount: 0 });
    expect(await collection.countDocuments({})).toBe(2);
  });

  itBeyond('mongo-java-server', 'counts wrongly', 'of inserts counts those that were stored', async () => {
    const documents = [{ _id: 10 }, { _id: 1 }, { _id: 11 }];
    const unordered = await collection
      .insertMany(documents, { ordered: false })
      .catch((error: MongoBulkWriteError) => error);
    expect(unordered).toMatchObject({ insertedCount: 2 });
    const ordered = await collection
      .insertMany([{ _id: 20 }, { _id: 1 }, { _id: 21 }], { ordered: true })
      .catch((error: MongoBulkWriteError) => error);
    expect(ordered).toMatchObject({ insertedCount: 1 });
    expect(await collection.distinct('_id')).toEqual([1, 2, 10, 11, 20]);
  });

  it('of a thousand guarded replacements applies each once', async () => {
    const operations = Array.from({ length: 1000 }, (_, i) => replaceFrom(100 + i, 0, true));
    expect(await collection.bulkWrite(operations, { ordered: false })).toMatchObject({ upsertedCount: 1000 });
    const error = await bulkError(operations, false);
    expect([error.writeErrors].flat()).toHaveLength(1000);
    expect(await collection.countDocuments({ revision: 1, _id: { $gte: 100 } })).toBe(1000);
  });

  itBeyond(
    'mongo-java-server',
    'does not apply it',
    'without acknowledgement is applied all the same',
    async () => {
      await collection.insertOne({ _id: 50 }, { writeConcern: { w: 0 } });
      const deadline = Date.now() + 30_000;
      while ((await collection.countDocuments({ _id: 50 })) === 0) expect(Date.now()).toBeLessThan(deadline);
    },
  );
});
