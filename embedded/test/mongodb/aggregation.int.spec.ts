import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Double, Int32, Long, type Collection, type Document, type MongoClient } from 'mongodb';
import { connect, disconnect, itBeyond, refusal, uniqueDatabase } from './connection.js';

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
  afterAll(() => disconnect(client));

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

  it('runs several pipelines over the same documents', async () => {
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

  itBeyond('mongo-java-server', 'differs', 'passes over what is missing, but not over null', async () => {
    const $group = {
      _id: null,
      pushed: { $push: '$amount' },
      set: { $addToSet: '$tags' },
      average: { $avg: '$amount' },
    };
    const [all] = await sales.aggregate([{ $group }]).toArray();
    expect(all).toMatchObject({ pushed: [10, 5, 7, null], average: 22 / 3 });
    expect(all!['set']).toHaveLength(3);
  });

  itBeyond(
    'mongo-java-server',
    'differs',
    'compares values of different types by the order of BSON',
    async () => {
      const $project = {
        _id: 0,
        numberBeforeText: { $lt: [5, 'x'] },
        missingBeforeNull: { $lt: ['$nothing', null] },
        missingIsNull: { $eq: ['$nothing', null] },
      };
      expect(await sales.aggregate([{ $limit: 1 }, { $project }]).toArray()).toEqual([
        { numberBeforeText: true, missingBeforeNull: true, missingIsNull: false },
      ]);
    },
  );

  itBeyond(
    'mongo-java-server',
    'differs',
    'has fields in order: _id, then what it kept, then what it computed',
    async () => {
      const [first] = await sales
        .aggregate([{ $limit: 1 }, { $project: { x: '$amount', amount: 1, item: 1 } }])
        .toArray();
      expect(Object.keys(first!)).toEqual(['_id', 'item', 'amount', 'x']);
    },
  );

  it('keeps the types of numbers that it computes with', async () => {
    const numbers = client.db(sales.dbName).collection<Sale>('numbers');
    await numbers.insertMany([
      { _id: 1, int: new Int32(2 ** 31 - 1), long: Long.fromNumber(1), double: new Double(1) },
      { _id: 2, int: new Int32(1), long: Long.fromString('9007199254740993'), double: new Double(2) },
    ]);
    const $group = { _id: null, int: { $sum: '$int' }, long: { $max: '$long' }, double: { $sum: '$double' } };
    expect(await numbers.aggregate([{ $group }], { promoteValues: false }).next()).toEqual({
      _id: null,
      int: Long.fromNumber(2 ** 31),
      long: Long.fromString('9007199254740993'),
      double: new Double(3),
    });
  });

  itBeyond('mongo-java-server', 'differs', 'computes with the elements of arrays', async () => {
    const $project = {
      _id: 0,
      doubled: { $map: { input: '$n', as: 'each', in: { $multiply: ['$$each', 2] } } },
      large: { $filter: { input: '$n', cond: { $gt: ['$$this', 1] } } },
      total: { $sum: '$n' },
      last: { $arrayElemAt: ['$n', -1] },
      beyond: { $arrayElemAt: ['$n', 9] },
      inner: '$docs.x',
    };
    const arrays = client.db(sales.dbName).collection<Sale>('arrays');
    await arrays.insertOne({ _id: 1, n: [1, 2, 3], docs: [{ x: 1 }, {}, { x: 3 }] });
    expect(await arrays.aggregate([{ $project }]).toArray()).toEqual([
      { doubled: [2, 4, 6], large: [2, 3], total: 6, last: 3, inner: [1, 3] },
    ]);
  });

  it('keeps documents with an empty array when asked to, and tells positions', async () => {
    const unwound = await sales
      .aggregate([
        { $match: { _id: { $in: [1, 3] } } },
        { $unwind: { path: '$tags', includeArrayIndex: 'at', preserveNullAndEmptyArrays: true } },
        { $project: { tags: 1, at: 1 } },
      ])
      .toArray();
    expect(unwound).toEqual([
      { _id: 1, tags: 'a', at: 0 },
      { _id: 1, tags: 'b', at: 1 },
      { _id: 3, at: null },
    ]);
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
      [[{ $project: { a: { $noSuchOperator: 1 } } }], 168],
      [[{ $group: { _id: null, n: { $noSuchOperator: 1 } } }], 15952],
      [[{ $match: { a: { $noSuch: 1 } } }], 2],
    ];
    for (const [pipeline, code] of refused) {
      const error = await refusal(sales.aggregate(pipeline).toArray());
      expect({ pipeline, code: error.code }).toEqual({ pipeline, code });
    }
  });
});
