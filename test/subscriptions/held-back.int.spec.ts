import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from '@jest/globals';
import { type Db, MongoClient } from 'mongodb';
import { pino } from 'pino';
import { streamNameOf } from '../../src/event-log/contact-book-stream.js';
import type { StoredEvent } from '../../src/event-log/event-store.js';
import { EventStoreDb } from '../../src/event-log/eventstoredb.js';
import { PersonalDataUnreadable } from '../../src/event-log/personal-data/data-keys.js';
import type { EventCodec } from '../../src/event-log/stored-form.js';
import { HeldBackByCheckpoint } from '../../src/read-models/held-back.js';
import { contacts } from '../../src/read-models/contacts/contacts.js';
import { verify } from '../../src/read-models/editions/verify.js';
import { Projection } from '../../src/read-models/projection.js';
import type { ReadModelDocument } from '../../src/read-models/read-model.js';
import { Leases } from '../../src/subscriptions/leases.js';
import { parkingIn } from '../../src/subscriptions/parking.js';
import { Subscriber } from '../../src/subscriptions/subscriber.js';
import { codec } from '../fixtures/shared-log-codec.js';
import { newAppend } from '../fixtures/stored-appends.js';

const NAME = 'contacts_v1_1';
const log = pino({ level: 'silent' });

/** On the real protocols: what is held back, replayed and dropped as whoever runs the service does it. */
describe('a held-back client', () => {
  const workspaceId = `held-${randomUUID().slice(0, 8)}`;
  let mongo: MongoClient;
  let database: Db;
  let eventStore: EventStoreDb;
  let poison: Set<number>;
  let subscriber: Subscriber;

  beforeAll(() => {
    mongo = new MongoClient(process.env['MONGODB_URL']!, { socketTimeoutMS: 5000 });
    eventStore = new EventStoreDb({ url: process.env['EVENTSTORE_URL']!, deadlineMs: 5000 });
  });
  afterAll(() => Promise.all([mongo.close(), eventStore.close()]));
  beforeEach(() => {
    database = mongo.db(`held_back_${randomUUID().slice(0, 8)}`);
    poison = new Set();
    start();
  });
  afterEach(async () => {
    await subscriber.stop();
    await database.dropDatabase();
  });

  const ours = (events: readonly StoredEvent[]) =>
    events.filter(({ stream }) => stream.startsWith(`clientContacts-${workspaceId}.`));
  /** The log is shared with other tests, whose events are none of this one's business. */
  const poisonous: EventCodec = {
    toStoredForm: (...append) => codec.toStoredForm(...append),
    isSameRequest: (...request) => codec.isSameRequest(...request),
    fromStoredForm: (events) => {
      const found = ours(events).find(
        ({ stream, revision }) => stream.endsWith('.one') && poison.has(revision),
      );
      if (found) throw new PersonalDataUnreadable(`event ${found.id}`);
      return codec.fromStoredForm(ours(events));
    },
  };
  const documents = () => database.collection<ReadModelDocument>(NAME);

  function start(): void {
    subscriber = new Subscriber({
      name: NAME,
      eventStore,
      codec: poisonous,
      handler: new Projection(contacts, documents(), database.collection('checkpoints')),
      leases: new Leases(database.collection('leases'), randomUUID(), { ttlMs: 2000 }),
      parking: parkingIn(database, NAME),
      settings: { retryDelayMs: 1, maxRetryDelayMs: 10, attempts: 2, requestsMs: 50 },
      build: 'spec',
      log,
    });
    subscriber.start();
  }
  const revisionOf = async (clientId: string) =>
    (await documents().findOne({ _id: `${workspaceId}/${clientId}` }))?.revision ?? -1;
  async function append(clientId: string, revision: number): Promise<void> {
    const client = { workspaceId, clientId };
    const to = `to-${revision}`;
    const events = [{ type: 'PrimaryContactChanged', data: { from: null, to } } as const];
    const stored = await codec.toStoredForm(newAppend({ client, events }), randomUUID);
    await eventStore.append(streamNameOf(client), revision - 1, stored);
  }
  const ops = (...args: string[]) =>
    promisify(execFile)(process.execPath, ['dist/src/operations/command-line/main.js', 'parked', ...args], {
      env: {
        ...process.env,
        MONGODB_DATABASE: database.databaseName,
        MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
        AUTH_JWKS_URL: 'http://127.0.0.1:9/keys',
      },
    }).then(
      ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
      (error: { code: number; stdout: string; stderr: string }) => error,
    );

  it('is listed, replayed and dropped from the command line, and a read knows of it', async () => {
    const one = `${workspaceId}/one`;
    const heldBack = new HeldBackByCheckpoint(database.collection('checkpoints'));
    poison.add(1);
    for (const revision of [0, 1, 2]) await append('one', revision);
    for (const revision of [0, 1, 2]) await append('two', revision);
    await eventually(async () => (await revisionOf('two')) === 2);
    expect(await revisionOf('one')).toBe(0);
    expect(await heldBack.holds(NAME, { workspaceId, clientId: 'one' })).toBe(true);
    expect(await heldBack.holds(NAME, { workspaceId, clientId: 'two' })).toBe(false);

    const listed = JSON.parse((await ops('list', '--json')).stdout) as object[];
    expect(listed).toMatchObject([{ client: one, from: 1, cause: 'PersonalDataUnreadable', build: 'spec' }]);
    expect(await ops('replay', NAME, `${workspaceId}/two`)).toMatchObject({ code: 3 });
    expect(await ops('replay', NAME, 'nonsense')).toMatchObject({ code: 2 });
    const replayed = await ops('replay', NAME, one);
    expect(replayed.code).toBe(1);
    expect(replayed.stdout).toContain('from revision 1: PersonalDataUnreadable');

    await subscriber.stop();
    start();
    expect(await ops('drop', NAME, one)).toMatchObject({ code: 2 });
    expect(await ops('drop', NAME, one, '--reason', 'nobody can read it')).toMatchObject({ code: 0 });
    expect(await revisionOf('one')).toBe(2);
    expect(await heldBack.holds(NAME, { workspaceId, clientId: 'one' })).toBe(false);
    expect((await ops('list')).stdout).toBe('no client is held back\n');
    await append('one', 3);
    await eventually(async () => (await revisionOf('one')) === 3);
    const verified = { readModel: contacts, documents: documents(), eventStore, codec: poisonous };
    const found = [];
    for await (const difference of verify(verified, () => {}))
      if (difference.client.startsWith(workspaceId)) found.push(difference);
    expect(found).toEqual([{ client: one, kind: 'skipped', revision: 1 }]);
  }, 180_000);
});

async function eventually(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(20);
}
