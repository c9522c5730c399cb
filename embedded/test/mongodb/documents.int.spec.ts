import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  Binary,
  BSON,
  BSONRegExp,
  Code,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
  UUID,
  type Collection,
  type MongoClient,
} from 'mongodb';
import { connect, disconnect, itBeyond, refusal, uniqueDatabase } from './connection.js';

const everyType = {
  double: new Double(1),
  negativeZero: new Double(-0),
  notANumber: new Double(NaN),
  string: 'a \u0000 byte, a 𝄞',
  object: { inner: { b: 1, a: 2 } },
  array: [1, [2, [3]], {}],
  binary: new Binary(Buffer.from([0, 255]), 0x80),
  uuid: new UUID('0f3c4a4e-0b8e-4f5a-9d51-6a4f3c9f0c11'),
  objectId: new ObjectId('65f000000000000000000001'),
  boolean: false,
  date: new Date(-1),
  null: null,
  regex: new BSONRegExp('^a', 'im'),
  code: new Code('return 1'),
  int: new Int32(-1),
  timestamp: new Timestamp({ t: 4_000_000_000, i: 2 }),
  long: Long.fromString('9007199254740993'),
  smallLong: Long.fromNumber(1),
  decimal: Decimal128.fromString('1.10'),
  minKey: new MinKey(),
  maxKey: new MaxKey(),
};

describe('a document', () => {
  let client: MongoClient;
  let collection: Collection;
  beforeAll(() => {
    client = connect();
  });
  beforeEach(() => {
    collection = uniqueDatabase(client, 'documents').collection('c');
  });
  afterAll(() => disconnect(client));

  itBeyond(
    'mongo-java-server',
    'changes some types',
    'comes back byte for byte as it was inserted',
    async () => {
      const document = { _id: 'all' as unknown as ObjectId, ...everyType };
      await collection.insertOne(document);
      const raw = await collection.findOne({ _id: document._id }, { raw: true });
      expect(Buffer.compare(raw as unknown as Buffer, BSON.serialize(document))).toBe(0);
    },
  );

  itBeyond(
    'mongo-java-server',
    'changes some types',
    'keeps the types of what an update does not touch',
    async () => {
      await collection.insertOne({ _id: 1 as never, ...everyType });
      await collection.updateOne({ _id: 1 as never }, { $set: { touched: true } });
      const raw = await collection.findOne({ _id: 1 as never }, { raw: true });
      const expected = BSON.serialize({ _id: 1, ...everyType, touched: true });
      expect(Buffer.compare(raw as unknown as Buffer, expected)).toBe(0);
    },
  );

  it('gets an ObjectId when it has no _id', async () => {
    await client.db(collection.dbName).command({ insert: 'c', documents: [{ a: 1 }, { b: 2, _id: 7 }] });
    const [first, second] = await collection.find().toArray();
    expect(first!._id).toBeInstanceOf(ObjectId);
    expect(first!['a']).toBe(1);
    expect(second!).toEqual({ _id: 7, b: 2 });
  });

  itBeyond('mongo-java-server', 'puts _id where it was', 'has the _id as its first field', async () => {
    await client
      .db(collection.dbName)
      .command({ insert: 'c', documents: [{ b: 2, _id: 7, c: 3 }, { a: 1 }] });
    const fields = (await collection.find().toArray()).map(Object.keys);
    expect(fields).toEqual([
      ['_id', 'b', 'c'],
      ['_id', 'a'],
    ]);
  });

  it('of almost 16 MiB is stored and found', async () => {
    const text = 'x'.repeat(16 * 1024 * 1024 - 100);
    await collection.insertOne({ _id: 1 as never, text });
    expect((await collection.findOne({ _id: 1 as never }))!['text']).toHaveLength(text.length);
  });

  itBeyond(
    'mongo-java-server',
    'has another limit',
    'that an update makes larger than 16 MiB is refused, and stays as it was',
    async () => {
      const text = 'x'.repeat(9 * 1024 * 1024);
      await collection.insertOne({ _id: 2 as never, text });
      const error = await refusal(collection.updateOne({ _id: 2 as never }, { $set: { more: text } }));
      expect([17419, 17420, 10334]).toContain(error.code);
      expect(await collection.countDocuments({ more: { $exists: true } })).toBe(0);
    },
  );

  itBeyond(
    'mongo-java-server',
    'answers from the very document that is being changed',
    'is seen as it was before a replacement or after it, and never in between',
    async () => {
      const fields = Array.from({ length: 200 }, (_, index) => `field${index}`);
      const allOf = (value: number) => Object.fromEntries(fields.map((field) => [field, value]));
      await collection.insertOne({ _id: 1 as never, ...allOf(0) });
      let isWriting = true;
      const read = async () => {
        while (isWriting) {
          const { _id, ...found } = (await collection.findOne({ _id: 1 as never }))!;
          expect(new Set(Object.values(found)).size).toBe(1);
        }
      };
      const write = async () => {
        for (let value = 1; value <= 500; value++)
          await collection.replaceOne({ _id: 1 as never }, allOf(value));
      };
      await Promise.all([read(), read(), write().finally(() => (isWriting = false))]);
    },
  );

  it('whose _id is taken is refused', async () => {
    await collection.insertOne({ _id: 1 as never });
    const error = await refusal(collection.insertOne({ _id: new Double(1) as never }));
    expect(error.code).toBe(11000);
  });

  itBeyond(
    'mongo-java-server',
    'tells no key',
    'that is refused as a duplicate says of which key',
    async () => {
      await collection.createIndex({ 'owner.email': 1, kind: -1 }, { unique: true });
      await collection.insertOne({ owner: { email: 'a@b' }, kind: 2 });
      const error = await refusal(collection.insertOne({ owner: { email: 'a@b' }, kind: 2 }));
      expect(error).toMatchObject({
        code: 11000,
        keyPattern: { 'owner.email': 1, kind: -1 },
        keyValue: { 'owner.email': 'a@b', kind: 2 },
      });
      expect(error.message).toContain('E11000 duplicate key error');
    },
  );

  itBeyond(
    'mongo-java-server',
    'takes any _id',
    'is refused with an array or a regular expression as _id',
    async () => {
      for (const id of [[1], new BSONRegExp('a')]) {
        const error = await refusal(collection.insertOne({ _id: id as never }));
        expect([2, 53]).toContain(error.code);
      }
    },
  );
});
