import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  type Document,
  type Filter,
  type MongoClient,
} from 'mongodb';
import { connect, disconnect, itBeyond, refusal, uniqueDatabase } from './connection.js';

describe('a filter', () => {
  let client: MongoClient;
  beforeAll(() => {
    client = connect();
  });
  afterAll(() => disconnect(client));

  /** The _ids, from 1 on, of the documents that the filter finds. */
  async function found(documents: Document[], filter: Filter<Document>): Promise<unknown[]> {
    const collection = uniqueDatabase(client, 'queries').collection('c');
    await collection.insertMany(documents.map((document, i) => ({ _id: (i + 1) as never, ...document })));
    const ids = await collection.find(filter).project({ _id: 1 }).toArray();
    return ids.map(({ _id }) => _id as unknown);
  }

  it.each<[string, Document[], Filter<Document>, number[]]>([
    [
      'compares numbers by value, whatever their type',
      [{ a: new Int32(2) }, { a: new Double(2) }, { a: Long.fromNumber(2) }, { a: '2' }],
      { a: 2 },
      [1, 2, 3],
    ],
    [
      'compares only values of the same type',
      [{ a: 5 }, { a: '5' }, { a: null }, { a: true }, {}],
      { a: { $gt: 1 } },
      [1],
    ],
    [
      'finds null and nothing where null is wanted',
      [{ a: null }, {}, { a: 0 }, { a: '' }],
      { a: null },
      [1, 2],
    ],
    [
      'takes $ne as the opposite of equality, missing included',
      [{ a: 1 }, { a: 2 }, {}, { a: [1, 2] }],
      { a: { $ne: 1 } },
      [2, 3],
    ],
    [
      'takes $nin as the opposite of $in',
      [{ a: 1 }, { a: 2 }, {}, { a: [3, 1] }],
      { a: { $nin: [1, 2] } },
      [3],
    ],
    ['finds an array by an element', [{ a: [1, 2] }, { a: [3] }, { a: 2 }], { a: 2 }, [1, 3]],
    [
      'wants one element to satisfy all of $elemMatch',
      [{ a: [1, 9] }, { a: [5] }],
      { a: { $elemMatch: { $gt: 4, $lt: 6 } } },
      [2],
    ],
    [
      'goes through arrays of documents',
      [{ a: [{ b: 1 }, { b: 2 }] }, { a: { b: 2 } }, { a: [{ c: 2 }] }],
      { 'a.b': 2 },
      [1, 2],
    ],
    [
      'wants one document to satisfy all of $elemMatch',
      [{ a: [{ b: 1, c: 2 }] }, { a: [{ b: 1 }, { c: 2 }] }],
      { a: { $elemMatch: { b: 1, c: 2 } } },
      [1],
    ],
    ['reads a number in a path as an array position', [{ a: [1, 2] }, { a: [2, 1] }], { 'a.1': 2 }, [1]],
    [
      'finds an embedded document by all of it, fields in order',
      [{ a: { b: 1, c: 2 } }, { a: { c: 2, b: 1 } }, { a: { b: 1 } }],
      { a: { b: 1, c: 2 } },
      [1],
    ],
    ['tells null from nothing by $exists', [{ a: null }, {}, { a: 1 }], { a: { $exists: true } }, [1, 3]],
    ['finds what lacks a field', [{ a: null }, {}, { a: 1 }], { a: { $exists: false } }, [2]],
    [
      'asks for a type by name',
      [{ a: 1 }, { a: '1' }, { a: [1] }, { a: null }],
      { a: { $type: 'string' } },
      [2],
    ],
    ['asks for the length of an array', [{ a: [] }, { a: [1, 2] }, { a: 2 }], { a: { $size: 2 } }, [2]],
    [
      'asks for all of several elements',
      [{ a: [1, 2, 3] }, { a: [1] }, { a: 1 }],
      { a: { $all: [1, 2] } },
      [1],
    ],
    [
      'matches regular expressions, with options',
      [{ a: 'Anna' }, { a: 'bob' }, { a: ['x', 'ann'] }],
      { a: { $regex: '^an', $options: 'i' } },
      [1, 3],
    ],
    [
      'takes regular expressions in $in',
      [{ a: 'anna' }, { a: 'bob' }, { a: 'carl' }],
      { a: { $in: [/^a/, 'bob'] } },
      [1, 2],
    ],
    [
      'negates a condition with $not, missing included',
      [{ a: 1 }, { a: 5 }, {}],
      { a: { $not: { $gt: 3 } } },
      [1, 3],
    ],
    [
      'combines with $and, $or and $nor',
      [{ a: 1, b: 1 }, { a: 1, b: 2 }, { a: 2 }],
      { $and: [{ $or: [{ a: 1 }, { a: 2 }] }, { $nor: [{ b: 1 }] }] },
      [2, 3],
    ],
    ['computes remainders', [{ a: 4 }, { a: 5 }, { a: -1 }], { a: { $mod: [3, 1] } }, [1]],
    ['finds nothing in $in of nothing', [{ a: 1 }, {}], { a: { $in: [] } }, []],
    [
      'finds documents by a date range',
      [{ a: new Date(5) }, { a: new Date(10) }, { a: 7 }],
      { a: { $gte: new Date(6) } },
      [2],
    ],
  ])('%s', async (_rule, documents, filter, expected) => {
    expect(await found(documents, filter)).toEqual(expected);
  });

  itBeyond(
    'mongo-java-server',
    'not an inner one',
    'finds an array by all of it, or by an array in it',
    async () => {
      expect(await found([{ a: [1, 2] }, { a: [2, 1] }, { a: [[1, 2]] }], { a: [1, 2] })).toEqual([1, 3]);
    },
  );

  itBeyond(
    'mongo-java-server',
    'wants one element',
    'lets different elements satisfy two bounds',
    async () => {
      const documents = [{ a: [1, 9] }, { a: [5] }, { a: [1] }];
      expect(await found(documents, { a: { $gt: 4, $lt: 6 } })).toEqual([1, 2]);
    },
  );

  itBeyond(
    'mongo-java-server',
    'differs',
    'does not find an empty array by null in a field of its elements',
    async () => {
      expect(await found([{ a: [] }, { a: [{}] }, { a: 1 }, {}, { a: [1] }], { 'a.b': null })).toEqual([
        2, 3, 4,
      ]);
    },
  );

  itBeyond('mongo-java-server', 'rounds', 'compares big and decimal numbers exactly', async () => {
    const documents = [
      { a: Long.fromString('9007199254740993') },
      { a: new Double(9007199254740992) },
      { a: Decimal128.fromString('0.1') },
      { a: new Double(0.1) },
      { a: Decimal128.fromString('2.50') },
    ];
    expect(await found(documents, { a: { $gt: new Double(9007199254740992) } })).toEqual([1]);
    expect(await found(documents, { a: Decimal128.fromString('0.1') })).toEqual([3]);
    expect(await found(documents, { a: 2.5 })).toEqual([5]);
  });

  it('compares fields with each other by $expr', async () => {
    const documents = [{ a: 1, b: 2 }, { a: 2, b: 1 }, { a: 1 }];
    expect(await found(documents, { $expr: { $gt: ['$b', '$a'] } })).toEqual([1]);
  });

  itBeyond('mongo-java-server', 'other codes', 'is refused where MongoDB refuses it', async () => {
    const collection = uniqueDatabase(client, 'queries').collection('c');
    const refused: [Filter<Document>, number][] = [
      [{ a: { $noSuch: 1 } }, 2],
      [{ $noSuch: [] }, 2],
      [{ $or: [] }, 2],
      [{ a: { $in: 1 as never } }, 2],
      [{ $where: 'true' }, 2],
    ];
    for (const [filter, code] of refused) {
      expect(await refusal(collection.findOne(filter))).toMatchObject({ code });
    }
  });
});

describe('a find', () => {
  let client: MongoClient;
  beforeAll(() => {
    client = connect();
  });
  afterAll(() => disconnect(client));

  async function collectionOf(documents: Document[]) {
    const collection = uniqueDatabase(client, 'finds').collection('c');
    await collection.insertMany(documents.map((document, i) => ({ _id: (i + 1) as never, ...document })));
    return collection;
  }

  itBeyond(
    'mongo-java-server',
    'orders fewer types',
    'sorts values of all types in the order of BSON',
    async () => {
      const values = [
        new MinKey(),
        null,
        new Double(NaN),
        -1,
        Long.fromNumber(5),
        '',
        'Z',
        'a',
        { a: 1 },
        { b: 0 },
        false,
        true,
        new Date(0),
        new MaxKey(),
      ];
      const collection = await collectionOf(values.map((a) => ({ a })).toReversed());
      const upwards = await collection.find().sort({ a: 1 }).toArray();
      expect(upwards.map(({ _id }) => values.length - Number(_id))).toEqual([...values.keys()]);
      const downwards = await collection.find().sort({ a: -1 }).toArray();
      expect(downwards.map(({ _id }) => _id)).toEqual(upwards.map(({ _id }) => _id).toReversed());
    },
  );

  it('sorts an array by its smallest element upwards, by its largest downwards', async () => {
    const collection = await collectionOf([{ a: [5, 1] }, { a: 3 }, { a: [] }, {}]);
    const order = async (a: 1 | -1) =>
      (await collection.find().sort({ a }).toArray()).map(({ _id }) => Number(_id));
    expect(await order(1)).toEqual([3, 4, 1, 2]);
    expect(await order(-1)).toEqual([1, 2, 4, 3]);
  });

  it('sorts by several fields, then skips and limits', async () => {
    const collection = await collectionOf([
      { a: 1, b: 1 },
      { a: 2, b: 1 },
      { a: 1, b: 2 },
      { a: 2, b: 2 },
    ]);
    const page = await collection.find().sort({ a: -1, b: 1 }).skip(1).limit(2).toArray();
    expect(page.map(({ _id }) => _id)).toEqual([4, 1]);
  });

  it.each<[string, Document, Document]>([
    ['keeps the fields that are named, and _id', { a: 1, 'c.d': 1 }, { _id: 1, a: 1, c: [{ d: 1 }, {}] }],
    ['keeps no _id when it is left out', { a: 1, _id: 0 }, { a: 1 }],
    [
      'leaves out the fields that are named',
      { a: 0, 'c.d': 0 },
      { _id: 1, b: { x: 1, y: 2 }, c: [{ e: 2 }, { e: 3 }] },
    ],
    ['goes into embedded documents', { 'b.x': 1 }, { _id: 1, b: { x: 1 } }],
  ])('with a projection %s', async (_rule, projection, expected) => {
    const collection = await collectionOf([{ a: 1, b: { x: 1, y: 2 }, c: [{ d: 1, e: 2 }, { e: 3 }] }]);
    expect(await collection.findOne({}, { projection })).toEqual(expected);
  });

  itBeyond('mongo-java-server', 'lacks some of it', 'with a projection takes parts of an array', async () => {
    const collection = await collectionOf([{ a: [1, 2, 3, 4], b: [{ x: 1 }, { x: 2 }] }]);
    const project = (projection: Document) => collection.findOne({}, { projection });
    expect(await project({ a: { $slice: -2 }, b: 0 })).toEqual({ _id: 1, a: [3, 4] });
    expect(await project({ a: { $slice: [1, 2] }, b: 0 })).toEqual({ _id: 1, a: [2, 3] });
    expect(await project({ b: { $elemMatch: { x: 2 } } })).toEqual({ _id: 1, b: [{ x: 2 }] });
  });

  itBeyond('mongo-java-server', 'does not compute', 'with a projection computes fields', async () => {
    const collection = await collectionOf([{ a: [1, 2], b: 'x' }]);
    const projection = { b: 1, size: { $size: '$a' }, 'deep.copy': '$b' };
    expect(await collection.findOne({}, { projection })).toEqual({
      _id: 1,
      b: 'x',
      size: 2,
      deep: { copy: 'x' },
    });
  });

  itBeyond(
    'mongo-java-server',
    'mixes them',
    'refuses a projection that both keeps and leaves out',
    async () => {
      const collection = await collectionOf([{ a: 1 }]);
      expect((await refusal(collection.findOne({}, { projection: { a: 1, b: 0 } }))).code).toBe(31254);
      expect((await refusal(collection.findOne({}, { projection: { a: 0, b: 1 } }))).code).toBe(31253);
    },
  );

  it('of a collection that is not there finds nothing', async () => {
    const collection = uniqueDatabase(client, 'finds').collection('nothing');
    expect(await collection.find({ a: 1 }).toArray()).toEqual([]);
    expect(await collection.countDocuments({})).toBe(0);
    expect(await collection.distinct('a')).toEqual([]);
  });

  it('counts and tells distinct values, those of arrays too', async () => {
    const collection = await collectionOf([{ a: 1, b: ['x', 'y'] }, { a: 2, b: 'x' }, { a: 2 }]);
    expect(await collection.countDocuments({ a: 2 })).toBe(2);
    expect(await collection.countDocuments({}, { skip: 1, limit: 5 })).toBe(2);
    expect(await collection.estimatedDocumentCount()).toBe(3);
    expect((await collection.distinct('b')).toSorted((a, b) => a.localeCompare(b))).toEqual(['x', 'y']);
    expect(await collection.distinct('a', { a: { $gt: 1 } })).toEqual([2]);
  });
});
