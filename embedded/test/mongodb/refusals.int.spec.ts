import { afterAll, beforeAll, beforeEach, expect, it, describe } from '@jest/globals';
import type { Collection, Document, MongoClient } from 'mongodb';
import { connect, disconnect, isIndependent, refusal, uniqueDatabase } from './connection.js';

const describeBeyond = isIndependent('mongo-java-server') ? describe.skip : describe;

// What the embedded server does not do. A real MongoDB does most of this: these are about the embedded one.
describeBeyond('what is not supported', () => {
  let client: MongoClient;
  let collection: Collection;
  beforeAll(() => {
    client = connect();
  });
  beforeEach(async () => {
    collection = uniqueDatabase(client, 'refusals').collection('c');
    await collection.insertOne({ _id: 1 as never, a: [1, 2] });
  });
  afterAll(() => disconnect(client));

  const NOT_IMPLEMENTED = 238;

  it('a transaction is refused, and nothing of it is done', async () => {
    const session = client.startSession();
    session.startTransaction();
    expect(await refusal(collection.insertOne({ _id: 2 as never }, { session }))).toMatchObject({
      code: 263,
    });
    await session.abortTransaction();
    await session.endSession();
    expect(await collection.countDocuments({})).toBe(1);
  });

  it.each(['\\Aa', 'a\\z', '\\h', '\\Qa.b\\E', '[[:alpha:]]', '(?>a)', '(?i)a', 'a++'])(
    'a regular expression that PCRE reads otherwise, %s, is refused',
    async ($regex) => {
      expect(await refusal(collection.findOne({ a: { $regex } }))).toMatchObject({ code: 51091 });
    },
  );

  it.each(['a\\-b', 'a\\@b', '\\\\A', '\\d+\\b', '^a\\.b$'])('%s is not', async ($regex) => {
    expect(await collection.findOne({ a: { $regex } })).toBeNull();
  });

  it('a change stream is refused', async () => {
    const stream = collection.watch();
    expect(await refusal(stream.next())).toMatchObject({ code: 40573 });
    await stream.close();
  });

  it.each<[string, (c: Collection) => Promise<unknown>, number]>([
    ['a time to live', (c) => c.createIndex({ at: 1 }, { expireAfterSeconds: 1 }), NOT_IMPLEMENTED],
    [
      'an index with a collation',
      (c) => c.createIndex({ a: 1 }, { collation: { locale: 'en' } }),
      NOT_IMPLEMENTED,
    ],
    ['a hidden index', (c) => c.createIndex({ a: 1 }, { hidden: true }), NOT_IMPLEMENTED],
    ['a wildcard index', (c) => c.createIndex({ '$**': 1 }), 67],
    [
      'an index option that nobody knows',
      (c) =>
        client.db(c.dbName).command({ createIndexes: 'c', indexes: [{ key: { a: 1 }, name: 'a', odd: 1 }] }),
      197,
    ],
    [
      'a find with a collation',
      (c) => c.find({}, { collation: { locale: 'en' } }).toArray(),
      NOT_IMPLEMENTED,
    ],
    [
      'an update with a collation',
      (c) => c.updateOne({}, { $set: { b: 1 } }, { collation: { locale: 'en' } }),
      NOT_IMPLEMENTED,
    ],
    [
      'array filters',
      (c) => c.updateOne({}, { $set: { 'a.$[x]': 1 } }, { arrayFilters: [{ x: 1 }] }),
      NOT_IMPLEMENTED,
    ],
    ['the positional operator', (c) => c.updateOne({ a: 1 }, { $set: { 'a.$': 5 } }), NOT_IMPLEMENTED],
    ['$jsonSchema', (c) => c.findOne({ $jsonSchema: {} }), NOT_IMPLEMENTED],
    ['an update by a stage that is not for updates', (c) => c.updateOne({}, [{ $match: {} }] as never), 72],
    [
      'a sort by how things lie, backwards',
      (c) => c.find().sort({ $natural: -1 }).toArray(),
      NOT_IMPLEMENTED,
    ],
    ['$text', (c) => c.findOne({ $text: { $search: 'x' } }), 27],
    ['$near', (c) => c.findOne({ a: { $near: [0, 0] } }), 2],
    ['$where', (c) => c.findOne({ $where: 'true' }), 2],
    [
      '$function',
      (c) => c.aggregate([{ $project: { x: { $function: { body: '', args: [], lang: 'js' } } } }]).toArray(),
      168,
    ],
    ['$out', (c) => c.aggregate([{ $out: 'elsewhere' }]).toArray(), NOT_IMPLEMENTED],
    [
      '$lookup',
      (c) => c.aggregate([{ $lookup: { from: 'c', as: 'x', localField: 'a', foreignField: 'a' } }]).toArray(),
      NOT_IMPLEMENTED,
    ],
    ['a tailable cursor', (c) => c.find({}, { tailable: true }).toArray(), 2],
    ['a snapshot read', (c) => c.find({}, { readConcern: { level: 'snapshot' } as never }).toArray(), 72],
  ])('%s is refused', async (_what, ask, code) => {
    expect(await refusal(ask(collection))).toMatchObject({ code });
    expect(await collection.find().toArray()).toEqual([{ _id: 1, a: [1, 2] }]);
    expect(await collection.indexes()).toHaveLength(1);
  });

  it.each<[string, Document]>([
    ['a capped collection', { capped: true, size: 1000 }],
    ['a validator', { validator: { a: 1 } }],
    ['a view', { viewOn: 'c', pipeline: [] }],
    ['a collation', { collation: { locale: 'en' } }],
    ['a time series', { timeseries: { timeField: 'at' } }],
  ])('a collection with %s is refused', async (_what, options) => {
    const db = client.db(collection.dbName);
    expect(await refusal(db.command({ create: 'd', ...options }))).toMatchObject({ code: NOT_IMPLEMENTED });
    expect(await db.listCollections({ name: 'd' }).toArray()).toEqual([]);
  });

  it('a write concern of more members than there are is told after the write', async () => {
    const reply = await client
      .db(collection.dbName)
      .command({
        insert: 'c',
        documents: [{ _id: 5 }],
        writeConcern: { w: 3 },
      })
      .catch(
        (error: { result?: Document; errorResponse?: Document }) =>
          error.errorResponse ?? error.result ?? error,
      );
    expect(JSON.stringify(reply)).toContain('"code":100');
    expect(await collection.countDocuments({ _id: 5 as never })).toBe(1);
  });

  it('a command that runs out of its time is given up', async () => {
    const many = client.db(collection.dbName).collection('many');
    await many.insertMany(Array.from({ length: 30_000 }, (_, i) => ({ i, text: 'x'.repeat(100) })));
    const slow = many.find({ $and: [{ text: /y$/ }, { i: { $gte: 0 } }] }, { maxTimeMS: 1 });
    expect(await refusal(slow.toArray())).toMatchObject({ code: 50, codeName: 'MaxTimeMSExpired' });
  });
});
