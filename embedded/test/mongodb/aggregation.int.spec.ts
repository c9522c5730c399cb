import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Double, Long, type Collection, type Document, type MongoClient } from 'mongodb';
import { connect, itBeyond, refusal, uniqueDatabase } from './connection.js';

interface Sale extends Document {
  _id: number;
}

describe('an aggregation', () => {
  let client: MongoClient;
  let sales: Collection<Sale>;
  beforeAll(async () => {
    client = connect();
    sales = uniqueDatabase(client, 'aggregation').collection('sales');
    await sales.insertMany([
      { _id: 1, item: 'pen', amount: 10, tags: ['a', 'b'], at: new Date('2026-01-05') },
      { _id: 2, item: 'pen', amount: 5, tags: ['b'], at: new Date('2026-02-05') },
      { _id: 3, item: 'ink', amount: 7, tags: [], at: new Date('2026-02-06') },
      { _id: 4, item: 'cup', amount: null },
    ]);
  });
  afterAll(() => client.close());

  it.each<[string, Document[], Document[]]>([
    [
      'filters, sorts, skips and limits',
      [
        { $match: { _id: { $lt: 4 } } },
        { $sort: { amount: 1 } },
        { $skip: 1 },
        { $limit: 1 },
        { $project: { item: 1 } },
      ],
      [{ _id: 3, item: 'ink' }],
    ],
    [
      'applies a limit that comes before a filter first',
      [{ $sort: { _id: 1 } }, { $limit: 2 }, { $match: { item: 'ink' } }],
      [],
    ],
    [
      'groups, and computes over each group',
      [
        { $group: { _id: '$item', n: { $sum: 1 }, total: { $sum: '$amount' }, most: { $max: '$amount' } } },
        { $sort: { _id: 1 } },
      ],
      [
        { _id: 'cup', n: 1, total: 0, most: null },
        { _id: 'ink', n: 1, total: 7, most: 7 },
        { _id: 'pen', n: 2, total: 15, most: 10 },
      ],
    ],
    ['counts', [{ $match: { item: 'pen' } }, { $count: 'n' }], [{ n: 2 }]],
    ['counts nothing as no document', [{ $match: { item: 'hat' } }, { $count: 'n' }], []],
    [
      'takes arrays apart',
      [{ $unwind: '$tags' }, { $group: { _id: '$tags', n: { $sum: 1 } } }, { $sort: { _id: 1 } }],
      [
        { _id: 'a', n: 1 },
        { _id: 'b', n: 2 },
      ],
    ],
    [
      'adds computed fields',
      [
        { $match: { _id: 2 } },
        { $addFields: { double: { $multiply: ['$amount', 2] }, upper: { $toUpper: '$item' } } },
        { $project: { _id: 0, double: 1, upper: 1 } },
      ],
      [{ double: 10, upper: 'PEN' }],
    ],
    [
      'filters again what it computed',
      [{ $group: { _id: '$item', n: { $sum: 1 } } }, { $match: { n: { $gt: 1 } } }],
      [{ _id: 'pen', n: 2 }],
    ],
    [
      'puts an embedded document in place of the whole',
      [{ $match: { _id: 1 } }, { $replaceRoot: { newRoot: { only: '$item' } } }],
      [{ only: 'pen' }],
    ],
    [
      'chooses by conditions',
      [
        { $match: { _id: { $in: [1, 2] } } },
        { $sort: { _id: 1 } },
        { $project: { size: { $cond: [{ $gt: ['$amount', 6] }, 'big', 'small'] } } },
      ],
      [
        { _id: 1, size: 'big' },
        { _id: 2, size: 'small' },
      ],
    ],
  ])('%s', async (_rule, pipeline, expected) => {
    expect(await sales.aggregate(pipeline).toArray()).toEqual(expected);
  });

  itBeyond('mongo-java-server', 'differs', 'runs several pipelines over the same documents', async () => {
    const pipeline = [
      {
        $facet: {
          n: [{ $count: 'all' }],
          first: [{ $sort: { _id: 1 } }, { $limit: 1 }, { $project: { _id: 1 } }],
        },
      },
    ];
    expect(await sales.aggregate(pipeline).toArray()).toEqual([{ n: [{ all: 4 }], first: [{ _id: 1 }] }]);
  });

  it('keeps the types of documents that it only selects', async () => {
    const typed = client.db(sales.dbName).collection<Sale>('typed');
    await typed.insertOne({ _id: 1, a: new Double(1), b: Long.fromNumber(2) });
    const found = await typed
      .aggregate([{ $match: { a: 1 } }, { $sort: { b: 1 } }], { promoteValues: false })
      .next();
    expect(found).toMatchObject({ a: new Double(1), b: Long.fromNumber(2) });
  });

  it('of a collection that is not there gives nothing', async () => {
    const nothing = client.db(sales.dbName).collection('nothing');
    expect(await nothing.aggregate([{ $group: { _id: null, n: { $sum: 1 } } }]).toArray()).toEqual([]);
  });

  itBeyond('mongo-java-server', 'other codes', 'is refused where MongoDB refuses it', async () => {
    const refused: [Document[], number][] = [
      [[{ $noSuchStage: {} }], 40324],
      [[{ $match: { a: 1 }, $sort: { a: 1 } }], 40323],
      [[{ $limit: 0 }], 15958],
      [[{ $match: { a: { $noSuch: 1 } } }], 2],
    ];
    for (const [pipeline, code] of refused) {
      const error = await refusal(sales.aggregate(pipeline).toArray());
      expect({ pipeline, code: error.code }).toEqual({ pipeline, code });
    }
  });
});
