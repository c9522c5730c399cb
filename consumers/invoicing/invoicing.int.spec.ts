import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Db, MongoClient } from 'mongodb';
import { CONTRACTS } from '../../contracts/contract.js';
import { readExamples } from '../../contracts/examples.js';
import { type PublishedRecord, RecordReader } from '../topic/published-record.js';
import { Invoicing } from './invoicing.js';

const CLIENT = 'studio-nord/brasserie-lefevre';
const now = new Date('2026-11-24T12:00:00.000Z');
const later = new Date('2026-11-25T12:00:00.000Z');

describe('invoicing', () => {
  const mongo = new MongoClient(process.env['MONGODB_URL']!);
  let database: Db;
  let invoicing: Invoicing;
  /** The contract's examples, by the name of their file. */
  let example: (file: string, change?: Partial<PublishedRecord>) => PublishedRecord;

  beforeAll(async () => {
    await mongo.connect();
    const [reader, examples] = [await RecordReader.ofContract(), await readExamples(CONTRACTS)];
    example = (file, change = {}) => {
      const { topic, key, headers, value } = examples[`${file}.json`]!;
      const [rawKey, rawValue] = [Buffer.from(key), Buffer.from(JSON.stringify(value))];
      return { ...reader.read(topic, 1, { offset: '0', key: rawKey, value: rawValue, headers }), ...change };
    };
  });
  afterAll(() => mongo.close());
  beforeEach(() => {
    database = mongo.db(`invoicing_${randomUUID().slice(0, 8)}`);
    invoicing = new Invoicing(database);
  });
  afterEach(() => database.dropDatabase());

  it('knows whom an invoice goes to, and since when', async () => {
    await invoicing.take([example('billing-route.v1')], now);
    expect(await invoicing.recipientOf(CLIENT)).toMatchObject({
      status: 'routed',
      email: 'factures@lefevre.example',
      rule: 'billing_email',
      revision: 5,
      recordedAt: new Date('2026-11-01T00:00:06.000Z'),
      knownAt: now,
    });
  });

  it('keeps what it knew first, when the record comes again', async () => {
    await invoicing.take([example('billing-route.v1')], now);
    await invoicing.take([example('billing-route.v1')], later);
    expect(await invoicing.recipientOf(CLIENT)).toMatchObject({ revision: 5, knownAt: now });
  });

  it('is not led back by an older record', async () => {
    await invoicing.take([example('billing-route.v1.unroutable')], now);
    await invoicing.take([example('billing-route.v1')], later);
    expect(await invoicing.recipientOf(CLIENT)).toMatchObject({ status: 'unroutable', revision: 12 });
  });

  it('holds no address of someone whom the route names no longer', async () => {
    await invoicing.take([example('billing-route.v1')], now);
    await invoicing.take([example('billing-route.v1.unroutable')], later);
    const everything = await Promise.all(
      (await database.listCollections().toArray()).map(({ name }) =>
        database.collection(name).find().toArray(),
      ),
    );
    expect(everything.flat().length).toBeGreaterThan(0);
    expect(JSON.stringify(everything)).not.toContain('@');
  });

  it('keeps a workspace apart from another with a client of the same id', async () => {
    await invoicing.take(
      [
        example('billing-route.v1'),
        example('billing-route.v1.unroutable', { key: 'other/brasserie-lefevre' }),
      ],
      now,
    );
    expect(await invoicing.recipientOf(CLIENT)).toMatchObject({ status: 'routed', revision: 5 });
    expect(await invoicing.recipientOf('other/brasserie-lefevre')).toMatchObject({ status: 'unroutable' });
  });

  it('names the revisions that did not come, once, and with every answer on the client', async () => {
    const records = [
      example('contact-added.v1'),
      example('portal-access-toggled.v1'),
      example('billing-default-changed.v1'),
    ];
    const gap = { client: CLIENT, from: 3, to: 5 };
    expect(await invoicing.take(records, now)).toEqual([gap]);
    expect(await invoicing.take(records, later)).toEqual([]);
    expect((await invoicing.status()).gaps).toEqual([gap]);
    expect(await invoicing.recipientOf(CLIENT)).toMatchObject({ gaps: [{ from: 3, to: 5 }] });
    expect(await invoicing.recipientOf('studio-nord/another')).toMatchObject({ gaps: [] });
  });

  it('counts revisions of types that it does not know, and of those that were given up', async () => {
    const merged = { type: 'client-contacts.contact-merged.v1', revision: 3 };
    const skipped = { revision: 4 };
    const records = [
      example('contact-added.v1'),
      example('contact-added.v1', merged),
      example('skipped.v1', skipped),
      example('billing-email-changed.v1'),
    ];
    expect(await invoicing.take(records, now)).toEqual([]);
    expect(await invoicing.take([example('contact-erased.v1')], now)).toMatchObject([{ from: 6, to: 8 }]);
  });

  it.each([
    ['whom it knew nothing of', []],
    ['whom it knew', ['contact-added.v1']],
  ])(
    'tells each gap of a client %s once, though members read the same records at once',
    async (_whom, known) => {
      await invoicing.take(
        known.map((file) => example(file)),
        now,
      );
      const records = [example('contact-added.v1'), example('billing-default-changed.v1')];
      const told = await Promise.all(Array.from({ length: 4 }, () => invoicing.take(records, now)));
      expect(told.flat()).toEqual([{ client: CLIENT, from: 3, to: 6 }]);
    },
  );
});
