import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Collection, Document, MongoClient } from 'mongodb';
import { connect, disconnect, itBeyond, refusal, uniqueDatabase } from './connection.js';

interface Stored extends Document {
  _id: number;
}

let client: MongoClient;
let collection: Collection<Stored>;
beforeAll(() => {
  client = connect();
});
beforeEach(() => {
  collection = uniqueDatabase(client, 'indexes').collection('c');
});
afterAll(() => disconnect(client));

describe('an index', () => {
  it('is listed with its key and its options, after the one of _id', async () => {
    expect(await collection.createIndex({ a: 1, 'b.c': -1 }, { unique: true })).toBe('a_1_b.c_-1');
    await collection.createIndexes([{ key: { d: 1 }, name: 'named' }]);
    const indexes = await collection.listIndexes().toArray();
    expect(
      indexes.map(({ name, key, unique }) => ({
        name: name as string,
        key: key as unknown,
        unique: unique === true,
      })),
    ).toEqual([
      { name: '_id_', key: { _id: 1 }, unique: false },
      { name: 'a_1_b.c_-1', key: { a: 1, 'b.c': -1 }, unique: true },
      { name: 'named', key: { d: 1 }, unique: false },
    ]);
  });

  itBeyond(
    'mongo-java-server',
    'differs',
    'may be asked for again, but not otherwise under its name or key',
    async () => {
      await collection.createIndex({ a: 1 });
      await collection.createIndex({ a: 1 });
      expect(await collection.indexes()).toHaveLength(2);
      expect(await refusal(collection.createIndex({ b: 1 }, { name: 'a_1' }))).toMatchObject({ code: 86 });
      expect(await refusal(collection.createIndex({ a: 1 }, { name: 'other' }))).toMatchObject({ code: 85 });
    },
  );

  itBeyond('mongo-java-server', 'other codes', 'is dropped by its name, and not twice', async () => {
    await collection.createIndex({ a: 1 }, { unique: true });
    await collection.insertOne({ _id: 1, a: 1 });
    await collection.dropIndex('a_1');
    await collection.insertOne({ _id: 2, a: 1 });
    expect(await refusal(collection.dropIndex('a_1'))).toMatchObject({ code: 27 });
    expect(await refusal(collection.dropIndex('_id_'))).toMatchObject({ code: 72 });
    await collection.createIndexes([{ key: { a: 1 } }, { key: { b: 1 } }]);
    await collection.dropIndexes();
    expect(await collection.indexes()).toHaveLength(1);
  });

  it('that is unique is refused where the documents have duplicates', async () => {
    await collection.insertMany([
      { _id: 1, a: 1 },
      { _id: 2, a: 1 },
    ]);
    expect(await refusal(collection.createIndex({ a: 1 }, { unique: true }))).toMatchObject({
      code: 11000,
    });
    expect(await collection.indexes()).toHaveLength(1);
  });

  itBeyond('mongo-java-server', 'accepts them', 'of a kind that is not supported is refused', async () => {
    for (const key of [{ a: 'text' }, { a: '2dsphere' }, { a: 'hashed' }] as const) {
      expect(await refusal(collection.createIndex(key as never))).toMatchObject({ code: 67 });
    }
  });
});

describe('a unique index', () => {
  async function takes(document: Document): Promise<boolean> {
    const error: unknown = await collection
      .insertOne(document as Stored)
      .catch((refused: unknown) => refused);
    if (error instanceof Error && (error as { code?: unknown }).code !== 11000) throw error;
    return !(error instanceof Error);
  }

  it('compares by value, over all its fields', async () => {
    await collection.createIndex({ a: 1, b: 1 }, { unique: true });
    expect(await takes({ a: 1, b: 1 })).toBe(true);
    expect(await takes({ a: 1, b: 2 })).toBe(true);
    expect(await takes({ a: 1, b: 1 })).toBe(false);
    expect(await takes({ a: '1', b: 1 })).toBe(true);
  });

  it('lets one document lack the field, null being the same', async () => {
    await collection.createIndex({ a: 1 }, { unique: true });
    expect(await takes({})).toBe(true);
    expect(await takes({ a: null })).toBe(false);
    expect(await takes({})).toBe(false);
  });

  it('on an array forbids each of its elements to others, and none to itself', async () => {
    await collection.createIndex({ tags: 1 }, { unique: true });
    expect(await takes({ _id: 1, tags: ['x', 'y', 'x'] })).toBe(true);
    expect(await takes({ tags: ['z', 'y'] })).toBe(false);
    expect(await takes({ tags: 'x' })).toBe(false);
    expect(await takes({ tags: ['z'] })).toBe(true);
    await collection.updateOne({ _id: 1 }, { $pull: { tags: 'x' } as never });
    expect(await takes({ tags: 'x' })).toBe(true);
  });

  it('on a field of embedded documents takes it out of arrays', async () => {
    await collection.createIndex({ 'contacts.email': 1 }, { unique: true });
    expect(await takes({ contacts: [{ email: 'a' }, { email: 'b' }] })).toBe(true);
    expect(await takes({ contacts: [{ email: 'c' }, { email: 'b' }] })).toBe(false);
    expect(await takes({ contacts: { email: 'a' } })).toBe(false);
  });

  itBeyond('mongo-java-server', 'differs', 'tells an empty array from null', async () => {
    await collection.createIndex({ a: 1 }, { unique: true });
    expect(await takes({ a: [] })).toBe(true);
    expect(await takes({ a: null })).toBe(true);
    expect(await takes({ a: [] })).toBe(false);
  });

  it('that is sparse does not mind documents without the field', async () => {
    await collection.createIndex({ a: 1 }, { unique: true, sparse: true });
    expect(await takes({ b: 1 })).toBe(true);
    expect(await takes({ b: 2 })).toBe(true);
    expect(await takes({ a: 1 })).toBe(true);
    expect(await takes({ a: 1 })).toBe(false);
    expect(await collection.countDocuments({ a: null })).toBe(2);
    expect(await collection.find().sort({ a: 1 }).toArray()).toHaveLength(3);
  });

  itBeyond(
    'mongo-java-server',
    'ignores the filter',
    'that is partial holds only for what its filter matches',
    async () => {
      await collection.createIndex({ email: 1 }, { unique: true, partialFilterExpression: { active: true } });
      expect(await takes({ _id: 1, email: 'a', active: false })).toBe(true);
      expect(await takes({ email: 'a', active: false })).toBe(true);
      expect(await takes({ email: 'a', active: true })).toBe(true);
      expect(await takes({ email: 'a', active: true })).toBe(false);
      expect(await refusal(collection.updateOne({ _id: 1 }, { $set: { active: true } }))).toMatchObject({
        code: 11000,
      });
      expect(await collection.countDocuments({ email: 'a' })).toBe(3);
    },
  );

  itBeyond('mongo-java-server', 'takes them', 'cannot lead through two arrays of one document', async () => {
    await collection.createIndex({ a: 1, b: 1 });
    expect(await takes({ a: [1, 2], b: 3 })).toBe(true);
    expect(await refusal(collection.insertOne({ _id: 1, a: [1], b: [2] }))).toMatchObject({ code: 171 });
  });
});
