import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Collection, MongoClient } from 'mongodb';
import { type Revised, storeNewer } from './store-newer.js';

interface Document extends Revised {
  readonly text: string;
}

/** Documents of three ids whose content tells id and revision, cut into deliveries that may overlap and come in any order. */
const deliveries = fc.array(
  fc.array(
    fc
      .record({ _id: fc.constantFrom('one', 'two', 'three'), revision: fc.nat(6) })
      .map(({ _id, revision }) => ({ _id, revision, text: `${_id} at ${revision}` })),
    { minLength: 1, maxLength: 5 },
  ),
  { minLength: 1, maxLength: 6 },
);

describe('storing what is newer', () => {
  const mongo = new MongoClient(process.env['MONGODB_URL']!);
  const database = mongo.db(`store_newer_${randomUUID().slice(0, 8)}`);
  let documents: Collection<Document>;

  beforeAll(async () => {
    await mongo.connect();
    documents = database.collection('documents');
  });
  afterAll(async () => {
    await database.dropDatabase();
    await mongo.close();
  });

  const expectLatest = async (delivered: readonly Document[]) => {
    const latest = new Map<string, Document>();
    for (const document of delivered) {
      if (document.revision > (latest.get(document._id)?.revision ?? -1)) latest.set(document._id, document);
    }
    const stored = await documents.find().toArray();
    expect(new Map(stored.map((document) => [document._id, document]))).toEqual(latest);
  };

  it.each<[string, (delivery: readonly Document[][]) => Promise<unknown>]>([
    [
      'one after the other, and all once more',
      async (delivered) => {
        for (const batch of [...delivered, ...delivered]) await storeNewer(documents, batch);
      },
    ],
    [
      'all at once, as by members that hold one partition for a moment',
      (delivered) => Promise.all(delivered.map((batch) => storeNewer(documents, batch))),
    ],
  ])('keeps the latest of each, delivered in any order %s', async (_how, deliver) => {
    await fc.assert(
      fc.asyncProperty(deliveries, async (delivered) => {
        await documents.deleteMany({});
        await deliver(delivered);
        await expectLatest(delivered.flat());
      }),
      { numRuns: 60 },
    );
  });

  it('replaces what another member has inserted a moment before, of a lower revision', async () => {
    await documents.deleteMany({});
    const older = { _id: 'one', revision: 1, text: 'older' };
    // A server may try to insert for both at once, where neither was there when it looked.
    const refusingOnce = Object.create(documents) as typeof documents;
    refusingOnce.bulkWrite = async () => {
      delete (refusingOnce as Partial<typeof documents>).bulkWrite;
      await documents.insertOne(older);
      return documents.bulkWrite([{ insertOne: { document: older } }]);
    };
    await storeNewer(refusingOnce, [{ _id: 'one', revision: 2, text: 'newer' }]);
    expect(await documents.findOne({ _id: 'one' })).toEqual({ _id: 'one', revision: 2, text: 'newer' });
  });

  it('leaves nothing of what was there before', async () => {
    await documents.deleteMany({});
    await storeNewer<Revised>(documents as unknown as Collection<Revised>, [
      { _id: 'one', revision: 1, email: 'ann@client.example' } as Revised,
    ]);
    await storeNewer(documents, [{ _id: 'one', revision: 2, text: 'gone' }]);
    expect(await documents.findOne({ _id: 'one' })).toEqual({ _id: 'one', revision: 2, text: 'gone' });
  });
});
