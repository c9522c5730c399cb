import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Double, Int32, Long, type Collection, type Document, type MongoClient } from 'mongodb';
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
  collection = uniqueDatabase(client, 'updates').collection('c');
});
afterAll(() => disconnect(client));

describe('an update operator', () => {
  it.each<[string, Document, Document, Document]>([
    ['$set makes the documents on its way', { a: 1 }, { $set: { 'b.c.d': 2 } }, { a: 1, b: { c: { d: 2 } } }],
    [
      '$set reaches into an array by position',
      { a: [{ b: 1 }, { b: 2 }] },
      { $set: { 'a.1.b': 9 } },
      { a: [{ b: 1 }, { b: 9 }] },
    ],
    [
      '$unset removes a field',
      { a: 1, b: { c: 1, d: 2 } },
      { $unset: { a: '', 'b.c': '', x: '' } },
      { b: { d: 2 } },
    ],
    ['$inc adds, and starts from nothing', { a: 1 }, { $inc: { a: 2, b: -1 } }, { a: 3, b: -1 }],
    ['$mul multiplies, and starts from zero', { a: 3 }, { $mul: { a: 2, b: 5 } }, { a: 6, b: 0 }],
    [
      '$min and $max keep the smaller and the larger',
      { a: 5, b: 5 },
      { $min: { a: 3, c: 1 }, $max: { b: 3 } },
      { a: 3, b: 5, c: 1 },
    ],
    ['$rename moves a value', { a: 1, b: 2 }, { $rename: { a: 'c.d' } }, { b: 2, c: { d: 1 } }],
    ['$push adds to the end', { a: [1] }, { $push: { a: 2, b: 1 } }, { a: [1, 2], b: [1] }],
    [
      '$push with modifiers sorts and cuts',
      { a: [3, 1] },
      { $push: { a: { $each: [2, 5], $sort: 1, $slice: -3 } } },
      { a: [2, 3, 5] },
    ],
    [
      '$push puts at a position',
      { a: [1, 4] },
      { $push: { a: { $each: [2, 3], $position: 1 } } },
      { a: [1, 2, 3, 4] },
    ],
    [
      '$addToSet adds what is not there',
      { a: [1, { x: 1 }] },
      { $addToSet: { a: { $each: [1, { x: 1 }, 2] } } },
      { a: [1, { x: 1 }, 2] },
    ],
    ['$pull removes by value', { a: [1, 2, 1] }, { $pull: { a: 1 } }, { a: [2] }],
    ['$pull removes by condition', { a: [1, 5, 9] }, { $pull: { a: { $gt: 3 } } }, { a: [1] }],
    [
      '$pull removes documents by a filter',
      { a: [{ x: 1, y: 1 }, { x: 2 }] },
      { $pull: { a: { x: 1 } } },
      { a: [{ x: 2 }] },
    ],
    ['$pullAll removes all of several values', { a: [1, 2, 3] }, { $pullAll: { a: [1, 3] } }, { a: [2] }],
    [
      '$pop removes the last, or the first',
      { a: [1, 2], b: [1, 2] },
      { $pop: { a: 1, b: -1 } },
      { a: [1], b: [2] },
    ],
    [
      '$setOnInsert does nothing to a document that is there',
      { a: 1 },
      { $set: { a: 2 }, $setOnInsert: { b: 1 } },
      { a: 2 },
    ],
  ])('%s', async (_rule, before, update, after) => {
    await collection.insertOne({ _id: 1, ...before });
    const result = await collection.updateOne({ _id: 1 }, update);
    expect(result.matchedCount).toBe(1);
    expect(await collection.findOne()).toEqual({ _id: 1, ...after });
  });

  it('$inc keeps the wider type, and makes a long of an int that overflows', async () => {
    await collection.insertOne({
      _id: 1,
      a: new Int32(2 ** 31 - 1),
      b: new Int32(1),
      c: Long.fromNumber(1),
    });
    await collection.updateOne(
      { _id: 1 },
      { $inc: { a: new Int32(1), b: new Double(0.5), c: new Int32(1) } },
    );
    expect(await collection.findOne({}, { promoteValues: false })).toMatchObject({
      a: Long.fromNumber(2 ** 31),
      b: new Double(1.5),
      c: Long.fromNumber(2),
    });
  });

  it('$currentDate sets the time', async () => {
    await collection.insertOne({ _id: 1 });
    await collection.updateOne({ _id: 1 }, { $currentDate: { at: true } });
    expect((await collection.findOne())!['at']).toBeInstanceOf(Date);
  });

  itBeyond(
    'mongo-java-server',
    'other codes',
    'is refused where MongoDB refuses it, and nothing is changed',
    async () => {
      await collection.insertOne({ _id: 1, a: 'text', n: 1 });
      const refused: [Document, number][] = [
        [{ $set: { _id: 2 } }, 66],
        [{ $inc: { a: 1 } }, 14],
        [{ $inc: { n: 'x' } }, 14],
        [{ $push: { a: 1 } }, 2],
        [{ $set: { 'a.b': 1 } }, 28],
        [{ $set: { n: 1 }, $inc: { n: 1 } }, 40],
        [{ $set: { n: 1, 'n.m': 1 } }, 40],
        [{ $noSuch: { a: 1 } }, 9],
        [{ $set: { 'a..b': 1 } }, 40353],
      ];
      for (const [update, code] of refused) {
        const error = await refusal(collection.updateOne({ _id: 1 }, update));
        expect({ update, code: error.code }).toEqual({ update, code });
      }
      expect(await collection.findOne()).toEqual({ _id: 1, a: 'text', n: 1 });
    },
  );
});

describe('an update', () => {
  it('counts what it matched, and apart from that what it changed', async () => {
    await collection.insertMany([
      { _id: 1, a: 1 },
      { _id: 2, a: 2 },
      { _id: 3, a: 3 },
    ]);
    expect(await collection.updateMany({ a: { $gte: 2 } }, { $set: { a: 3 } })).toMatchObject({
      matchedCount: 2,
      modifiedCount: 1,
    });
    expect(await collection.updateOne({ a: 3 }, { $set: { b: 1 } })).toMatchObject({
      matchedCount: 1,
      modifiedCount: 1,
    });
    expect(await collection.updateOne({ a: 9 }, { $set: { b: 1 } })).toMatchObject({
      matchedCount: 0,
      modifiedCount: 0,
    });
  });

  it('replaces a whole document but its _id', async () => {
    await collection.insertOne({ _id: 1, a: 1, b: 2 });
    expect(await collection.replaceOne({ _id: 1 }, { c: 3 })).toMatchObject({
      matchedCount: 1,
      modifiedCount: 1,
    });
    expect(await collection.replaceOne({ _id: 1 }, { c: 3 })).toMatchObject({
      matchedCount: 1,
      modifiedCount: 0,
    });
    expect(await collection.findOne()).toEqual({ _id: 1, c: 3 });
    expect((await refusal(collection.replaceOne({ _id: 1 }, { _id: 2, c: 3 }))).code).toBe(66);
  });

  it('inserts where nothing matches: the equalities of the filter, and the update', async () => {
    const upsert = { upsert: true };
    const first = await collection.updateOne(
      { _id: 1, a: { $eq: 5 }, n: { $gt: 3 } },
      { $set: { b: 1 }, $setOnInsert: { c: 2 } },
      upsert,
    );
    expect(first).toMatchObject({ matchedCount: 0, modifiedCount: 0, upsertedCount: 1, upsertedId: 1 });
    expect(await collection.findOne({ _id: 1 })).toEqual({ _id: 1, a: 5, b: 1, c: 2 });
    await collection.replaceOne({ _id: 2, rev: 7 }, { rev: 8 }, upsert);
    expect(await collection.findOne({ _id: 2 })).toEqual({ _id: 2, rev: 8 });
    const made = await collection.updateOne({ 'x.y': 1 }, { $inc: { n: 1 } }, upsert);
    expect(await collection.findOne({ _id: made.upsertedId! })).toMatchObject({ x: { y: 1 }, n: 1 });
  });

  it('that is guarded by _id and revision applies once; an upsert that comes too late says 11000', async () => {
    const write = (from: number, upsert: boolean) =>
      collection.replaceOne({ _id: 1, revision: from }, { revision: from + 1 }, { upsert });
    expect(await write(0, true)).toMatchObject({ upsertedCount: 1 });
    expect(await write(1, false)).toMatchObject({ matchedCount: 1, modifiedCount: 1 });
    expect(await write(1, false)).toMatchObject({ matchedCount: 0 });
    expect((await refusal(write(0, true))).code).toBe(11000);
    expect(await collection.findOne()).toEqual({ _id: 1, revision: 2 });
  });

  itBeyond('mongo-java-server', 'has no pipelines', 'by a pipeline computes from the document', async () => {
    await collection.insertOne({ _id: 1, a: 2, b: [1, 2] });
    await collection.updateOne({ _id: 1 }, [
      { $set: { c: { $multiply: ['$a', 3] }, 'd.e': { $size: '$b' } } },
      { $unset: 'b' },
    ]);
    expect(await collection.findOne()).toEqual({ _id: 1, a: 2, c: 6, d: { e: 2 } });
    expect(await refusal(collection.updateOne({ _id: 1 }, [{ $set: { _id: 2 } }]))).toMatchObject({
      code: 66,
    });
  });

  it('is atomic: of a hundred at once on one document, none is lost', async () => {
    await collection.insertOne({ _id: 1, n: 0 });
    await Promise.all(
      Array.from({ length: 100 }, () => collection.updateOne({ _id: 1 }, { $inc: { n: 1 } })),
    );
    expect(await collection.findOne()).toEqual({ _id: 1, n: 100 });
  });

  it('by compare and set is won by exactly one', async () => {
    await collection.insertOne({ _id: 1, holder: null });
    const contenders = Array.from({ length: 20 }, (_, i) =>
      collection.updateOne({ _id: 1, holder: null }, { $set: { holder: i } }),
    );
    const results = await Promise.all(contenders);
    expect(results.filter(({ modifiedCount }) => modifiedCount === 1)).toHaveLength(1);
  });

  it('that a unique index forbids changes nothing', async () => {
    await collection.createIndex({ email: 1 }, { unique: true });
    await collection.insertMany([
      { _id: 1, email: 'a' },
      { _id: 2, email: 'b' },
    ]);
    expect((await refusal(collection.updateOne({ _id: 2 }, { $set: { email: 'a', n: 1 } }))).code).toBe(
      11000,
    );
    expect(await collection.findOne({ _id: 2 })).toEqual({ _id: 2, email: 'b' });
    expect(await collection.updateOne({ _id: 2 }, { $set: { email: 'c' } })).toMatchObject({
      modifiedCount: 1,
    });
    expect(await collection.updateOne({ _id: 1 }, { $set: { email: 'b' } })).toMatchObject({
      modifiedCount: 1,
    });
  });

  it('deletes one, or all that match', async () => {
    await collection.insertMany([
      { _id: 1, a: 1 },
      { _id: 2, a: 1 },
      { _id: 3, a: 1 },
      { _id: 4, a: 2 },
    ]);
    expect(await collection.deleteOne({ a: 1 })).toMatchObject({ deletedCount: 1 });
    expect(await collection.deleteMany({ a: 1 })).toMatchObject({ deletedCount: 2 });
    expect(await collection.deleteMany({ a: 1 })).toMatchObject({ deletedCount: 0 });
    expect(await collection.find().toArray()).toEqual([{ _id: 4, a: 2 }]);
  });
});

describe('findAndModify', () => {
  it('gives the document as it was, or as it is then', async () => {
    await collection.insertMany([
      { _id: 1, a: 2 },
      { _id: 2, a: 1 },
    ]);
    const sort = { a: 1 } as const;
    expect(await collection.findOneAndUpdate({}, { $inc: { a: 10 } }, { sort })).toEqual({ _id: 2, a: 1 });
    expect(
      await collection.findOneAndUpdate({}, { $inc: { a: 10 } }, { sort, returnDocument: 'after' }),
    ).toEqual({ _id: 1, a: 12 });
    expect(await collection.findOneAndReplace({ _id: 1 }, { b: 1 }, { returnDocument: 'after' })).toEqual({
      _id: 1,
      b: 1,
    });
    expect(await collection.findOneAndDelete({ _id: 1 }, { projection: { _id: 0 } })).toEqual({ b: 1 });
    expect(await collection.findOneAndUpdate({ _id: 1 }, { $set: { c: 1 } })).toBeNull();
  });

  itBeyond(
    'mongo-java-server',
    'has no lastErrorObject',
    'inserts where nothing matches, and says so',
    async () => {
      const options = { upsert: true, includeResultMetadata: true, returnDocument: 'after' } as const;
      const inserted = await collection.findOneAndUpdate({ _id: 5 }, { $set: { a: 1 } }, options);
      expect(inserted).toMatchObject({
        value: { _id: 5, a: 1 },
        lastErrorObject: { n: 1, updatedExisting: false, upserted: 5 },
      });
      const updated = await collection.findOneAndUpdate({ _id: 5 }, { $set: { a: 2 } }, options);
      expect(updated).toMatchObject({
        value: { _id: 5, a: 2 },
        lastErrorObject: { n: 1, updatedExisting: true },
      });
    },
  );

  it('serves a lease: taken when free or over, kept from others', async () => {
    const take = (holder: string, now: number) =>
      collection
        .findOneAndUpdate(
          { _id: 1, $or: [{ holder }, { until: { $lt: now } }] },
          { $set: { holder, until: now + 10 } },
          { upsert: true, returnDocument: 'after' },
        )
        .catch((error: { code?: number }) => error.code);
    expect(await take('a', 1)).toMatchObject({ holder: 'a', until: 11 });
    expect(await take('b', 5)).toBe(11000);
    expect(await take('a', 5)).toMatchObject({ holder: 'a', until: 15 });
    expect(await take('b', 20)).toMatchObject({ holder: 'b', until: 30 });
  });
});
