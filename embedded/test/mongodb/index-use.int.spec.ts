import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Collection, Document, Filter, FindOptions, MongoClient } from 'mongodb';
import { connect, disconnect, isIndependent, uniqueDatabase } from './connection.js';

interface Book extends Document {
  _id: number;
}

const sizes = [1_000, 100_000];
const describeBeyond = isIndependent('mongo-java-server') ? describe.skip : describe;

// By what the server says that it looked at, not by time. mongo-java-server explains nothing.
describeBeyond('what is looked at to find a few documents', () => {
  let client: MongoClient;
  const collections = new Map<number, Collection<Book>>();
  beforeAll(async () => {
    client = connect();
    const database = uniqueDatabase(client, 'index_use');
    for (const size of sizes) {
      const collection = database.collection<Book>(`of${size}`);
      await collection.createIndex({ workspace: 1, name: 1 });
      await collection.createIndex({ 'contacts.email': 1 });
      await collection.createIndex({ score: -1 });
      for (let from = 0; from < size; from += 10_000) {
        const documents = Array.from({ length: Math.min(10_000, size - from) }, (_, i) => book(from + i));
        await collection.insertMany(documents, { ordered: false });
      }
      collections.set(size, collection);
    }
  }, 120_000);
  afterAll(() => disconnect(client));

  /** The same data at the same numbers, whatever the size: ten names a workspace, two emails a book. */
  function book(n: number): Book {
    return {
      _id: n,
      revision: n % 7,
      workspace: `w${Math.floor(n / 10)}`,
      name: `n${n % 10}`,
      contacts: [{ email: `a${n}@x` }, { email: `b${n}@x` }],
      score: n,
    };
  }

  const cases: [string, Filter<Book>, FindOptions, number][] = [
    ['one by _id', { _id: 500 }, {}, 1],
    ['several by _id', { _id: { $in: [1, 500, 999] } }, {}, 3],
    ['one by _id and a guard', { _id: 500, revision: 500 % 7 }, {}, 1],
    ['nothing, by _id and a guard that fails', { _id: 500, revision: -1 }, {}, 1],
    ['by the first field of an index', { workspace: 'w50' }, {}, 10],
    ['by all fields of an index', { workspace: 'w50', name: 'n3' }, {}, 1],
    [
      'by a list for one field and a value for another',
      { workspace: { $in: ['w50', 'w51'] }, name: 'n3' },
      {},
      2,
    ],
    ['by a field of embedded documents in an array', { 'contacts.email': 'b500@x' }, {}, 1],
    ['by $elemMatch', { contacts: { $elemMatch: { email: 'a500@x' } } }, {}, 1],
    ['by a list of emails', { 'contacts.email': { $in: ['a1@x', 'b1@x', 'a999@x'] } }, {}, 2],
    ['by a range', { score: { $gte: 500, $lt: 510 } }, {}, 10],
    ['the first by an index', {}, { sort: { score: 1 }, limit: 5 }, 5],
    ['the last by an index', {}, { sort: { _id: -1 }, limit: 5 }, 5],
    ['the first within a value of an index', { workspace: 'w50' }, { sort: { name: -1 }, limit: 3 }, 3],
    ['by either of two indexes', { $or: [{ _id: 500 }, { 'contacts.email': 'a501@x' }] }, {}, 2],
  ];

  it.each(cases)('does not grow with the collection: %s', async (_what, filter, options, documents) => {
    for (const size of sizes) {
      const explained = await collections.get(size)!.find(filter, options).explain('executionStats');
      const { totalDocsExamined, totalKeysExamined } = explained['executionStats'] as Record<string, number>;
      expect({ size, totalDocsExamined }).toEqual({ size, totalDocsExamined: documents });
      expect(totalKeysExamined).toBeLessThanOrEqual(documents + 4);
    }
  });

  it('is the same for the first stages of an aggregation', async () => {
    for (const size of sizes) {
      const pipeline = [
        { $match: { workspace: 'w50' } },
        { $sort: { name: 1 } },
        { $limit: 2 },
        { $project: { name: 1 } },
      ];
      const explained = await client.db(collections.get(size)!.dbName).command({
        explain: { aggregate: `of${size}`, pipeline, cursor: {} },
        verbosity: 'executionStats',
      });
      const stats = JSON.stringify(explained);
      expect(stats).toMatch(/"totalDocsExamined":2\b/);
    }
  });

  it('gives the same documents as looking at all of them does', async () => {
    const collection = collections.get(1_000)!;
    for (const [, filter, options] of cases) {
      const natural = await collection.find(filter, { ...options, hint: { $natural: 1 } }).toArray();
      const planned = await collection.find(filter, options).toArray();
      const byId = (a: Book, b: Book) => a._id - b._id;
      expect(planned.toSorted(byId)).toEqual(natural.toSorted(byId));
    }
  });
});
