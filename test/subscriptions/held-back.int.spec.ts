import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Db } from 'mongodb';
import { pino } from 'pino';
import type { ContactBookEvent } from '../../src/contact-book/events.js';
import { streamNameOf } from '../../src/event-log/contact-book-stream.js';
import type { EventStoreDb } from '../../src/event-log/eventstoredb.js';
import { PersonalDataUnreadable } from '../../src/event-log/personal-data/data-keys.js';
import type { EventCodec } from '../../src/event-log/stored-form.js';
import { billingRouting } from '../../src/read-models/billing-routing/billing-routing.js';
import { editionName, type Editions, EditionStore } from '../../src/read-models/editions/editions.js';
import { HeldBackByCheckpoint } from '../../src/read-models/held-back.js';
import { contacts } from '../../src/read-models/contacts/contacts.js';
import { verify } from '../../src/read-models/editions/verify.js';
import { Projection } from '../../src/read-models/projection.js';
import type { ReadModel, ReadModelDocument } from '../../src/read-models/read-model.js';
import { type CheckpointDocument, StoredCheckpoint } from '../../src/subscriptions/checkpoint-store.js';
import { Leases } from '../../src/subscriptions/leases.js';
import { parkingIn } from '../../src/subscriptions/parking.js';
import { Subscriber } from '../../src/subscriptions/subscriber.js';
import { startRestService } from '../fixtures/rest-service.js';
import { codec, SHARED_KEYS } from '../fixtures/shared-log-codec.js';
import { newAppend } from '../fixtures/stored-appends.js';
import { OwnGround } from './own-ground.js';

const NAME = 'contacts_v1_1';
const ANN = { email: 'ann@client.example', portalEnabled: true };
const log = pino({ level: 'silent' });

/** On the real protocols: what is held back, replayed and dropped as whoever runs the service does it. */
describe('a held-back client', () => {
  let workspaceId: string;
  let ground: OwnGround;
  let database: Db;
  let eventStore: EventStoreDb;
  let poison: Set<number>;
  let subscriber: Subscriber | undefined;
  const onEnd: (() => Promise<void>)[] = [];

  beforeEach(async () => {
    ground = await OwnGround.prepare();
    ({ database, eventStore } = ground);
    workspaceId = `held-${randomUUID().slice(0, 8)}`;
    poison = new Set();
  });
  afterEach(async () => {
    await subscriber?.stop();
    for (const end of onEnd.splice(0)) await end();
    await ground.clear();
  });

  const poisonous: EventCodec = {
    toStoredForm: (...append) => codec.toStoredForm(...append),
    isSameRequest: (...request) => codec.isSameRequest(...request),
    fromStoredForm: (events) => {
      const found = events.find(({ stream, revision }) => stream.endsWith('one') && poison.has(revision));
      if (found) throw new PersonalDataUnreadable(`event ${found.id}`);
      return codec.fromStoredForm(events);
    },
  };
  const nameOf = ({ name, version }: ReadModel<object>) =>
    editionName(name, { number: 1, version, state: 'kept' });
  const documents = (name = NAME) => database.collection<ReadModelDocument>(name);

  function start(readModel: ReadModel<object> = contacts): void {
    const name = nameOf(readModel);
    subscriber = new Subscriber({
      name,
      eventStore,
      codec: poisonous,
      handler: new Projection(readModel, documents(name), database.collection('checkpoints')),
      leases: new Leases(database.collection('leases'), randomUUID(), { ttlMs: 2000 }),
      parking: parkingIn(database, name),
      settings: { retryDelayMs: 1, maxRetryDelayMs: 10, attempts: 2, requestsMs: 50 },
      build: 'spec',
      log,
    });
    subscriber.start();
  }
  const revisionOf = async (clientId: string, name = NAME) =>
    (await documents(name).findOne({ _id: `${workspaceId}/${clientId}` }))?.revision ?? -1;
  async function append(
    clientId: string,
    revision: number,
    event: ContactBookEvent = { type: 'PrimaryContactChanged', data: { from: null, to: null } },
  ): Promise<void> {
    const client = { workspaceId, clientId };
    const events = [event];
    const stored = await codec.toStoredForm(newAppend({ client, events }), randomUUID);
    await eventStore.append(streamNameOf(client), revision - 1, stored);
  }
  const ops = (...args: string[]) =>
    promisify(execFile)(process.execPath, ['dist/src/operations/command-line/main.js', 'parked', ...args], {
      env: {
        ...process.env,
        EVENTSTORE_URL: ground.reach.eventStoreUrl,
        MONGODB_DATABASE: database.databaseName,
        ...SHARED_KEYS,
        AUTH_JWKS_URL: 'http://127.0.0.1:9/keys',
      },
    }).then(
      ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
      (error: { code: number; stdout: string; stderr: string }) => error,
    );

  it('is listed, replayed and dropped from the command line, and a read knows of it', async () => {
    const one = `${workspaceId}/one`;
    const heldBack = new HeldBackByCheckpoint(database.collection('checkpoints'));
    start();
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
    for (const wrong of [['replay'], ['replay', NAME], ['replay', NAME, one, '--all']])
      expect(await ops(...wrong)).toMatchObject({ code: 2 });

    await subscriber?.stop();
    start();
    const reason = ['--reason', 'nobody can read it'];
    for (const incomplete of [reason, ['--by', 'ada'], [...reason, '--by', 'ada@client.example']])
      expect(await ops('drop', NAME, one, ...incomplete)).toMatchObject({ code: 2 });
    expect(await ops('drop', NAME, one, '--by', 'ada', ...reason)).toMatchObject({ code: 0 });
    const skips = await parkingIn(database, NAME).skips.of(streamNameOf({ workspaceId, clientId: 'one' }));
    expect(skips).toMatchObject([{ from: 1, by: 'ada', reason: 'nobody can read it' }]);
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

  it('is replayed with all others at once, and who is still held back is told', async () => {
    start();
    poison.add(1);
    const clients = ['a_one', 'b_one', 'c_one', 'd_one'];
    for (const client of clients) for (const revision of [0, 1]) await append(client, revision);
    const held = async () => (await parkingIn(database, NAME).clients.all()).length;
    await eventually(async () => (await held()) === 4);
    expect(await ops('replay', NAME, '--all')).toMatchObject({ code: 1 });
    poison.clear();
    poison.add(2);
    await append('c_one', 2);
    const replayed = await ops('replay', '--all');
    expect(replayed.code).toBe(1);
    expect(replayed.stdout).toContain(`${workspaceId}/c_one is held back by ${NAME} from revision 2`);
    expect(replayed.stdout).toContain('3 of 4 clients are in the flow again');
    expect(await held()).toBe(1);
    poison.clear();
    expect(await ops('replay', '--all')).toMatchObject({ code: 0 });
    expect(await held()).toBe(0);
  });

  it("is named to its workspace alone, even beside a stream that is no client's", async () => {
    const checkpoints = database.collection<CheckpointDocument>('checkpoints');
    const ours = ['one', 'two.three', ''].map((clientId) => streamNameOf({ workspaceId, clientId }));
    const streams = ['clientContacts-nonsense', 'clientContacts-other.one', ...ours];
    const heldBack = streams.map((stream) => ({ stream, from: 0, to: 0 }));
    const checkpoint = new StoredCheckpoint(checkpoints, NAME);
    await checkpoint.takeOver(1);
    await checkpoint.store({ commit: 1n, prepare: 1n, heldBack });
    expect(await new HeldBackByCheckpoint(checkpoints).of(NAME, workspaceId)).toEqual(['one']);
  });

  it('keeps the entry of who has held it back again, and its question unanswered, whatever comes late', async () => {
    const { clients, requests } = parkingIn(database, NAME);
    const stream = streamNameOf({ workspaceId, clientId: 'one' });
    await clients.put({ stream, from: 6, cause: 'TypeError', build: 'spec', failedAt: new Date() });
    await clients.remove(stream, 5);
    expect(await clients.all()).toMatchObject([{ stream, from: 6 }]);
    await clients.remove(stream, 6);
    expect(await clients.all()).toEqual([]);

    const asked = { stream, action: 'replay', from: 6, by: 'spec', reason: 'replay' } as const;
    await requests.ask(asked);
    const [former] = await requests.pending();
    await requests.answer(former!, { heldBack: null });
    await requests.ask(asked);
    await requests.answer(former!, { heldBack: { from: 6, cause: 'TypeError' } });
    expect(await requests.outcomeOf(stream)).toBeUndefined();
    expect(await requests.pending()).toHaveLength(1);
  });

  it('is dropped although its stream is no client’s, and verify is about clients alone', async () => {
    const stream = `clientContacts-${workspaceId}.two.three`;
    const foreign = { id: randomUUID(), type: 'Nonsense', data: {}, metadata: {} };
    start();
    await eventStore.append(stream, -1, [foreign]);
    await append('two', 0);
    await eventually(async () => (await revisionOf('two')) === 0);
    expect(await ops('drop', NAME, stream, '--by', 'spec', '--reason', 'not ours')).toMatchObject({
      code: 0,
    });
    expect((await ops('list')).stdout).toBe('no client is held back\n');
    const verified = { readModel: contacts, documents: documents(), eventStore, codec };
    for await (const difference of verify(verified, () => {})) throw new Error(difference.kind);
  }, 60_000);

  it.each([
    { readModel: contacts, paths: ['contacts', 'contacts/ann'] },
    { readModel: billingRouting, paths: ['billing-route'] },
  ])(
    'is answered from the log over REST, and says so: $readModel.name',
    async ({ readModel, paths }) => {
      const name = nameOf(readModel);
      await new EditionStore(database.collection('aliases')).loadOrBegin(readModel.name, readModel.version);
      await database
        .collection<Editions>('aliases')
        .updateOne({ _id: readModel.name }, { $set: { serving: 1 } });
      start(readModel);
      poison.add(1);
      for (const client of ['one', 'two']) {
        await append(client, 0, { type: 'ContactAdded', data: { ...ANN, contactId: 'ann' } });
        await append(client, 1, { type: 'BillingDefaultChanged', data: { from: null, to: 'ann' } });
      }
      await eventually(async () => (await revisionOf('two', name)) === 1);
      const environment = {
        ROLES: 'api',
        EVENTSTORE_URL: ground.reach.eventStoreUrl,
        MONGODB_DATABASE: database.databaseName,
      };
      const rest = await startRestService({ environment });
      onEnd.push(() => rest.stop());
      const token = await rest.issuer.person('owner', workspaceId);
      const read = async (client: string, path: string) => {
        const url = `${rest.url}/v1/workspaces/${workspaceId}/clients/${client}/${path}`;
        return (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).json() as object;
      };
      for (const path of paths) {
        expect(await read('one', path)).toMatchObject({ revision: 1, source: 'log', heldBack: true });
        const other = await read('two', path);
        expect(other).toMatchObject({ revision: 1, source: 'read_model' });
        expect(other).not.toHaveProperty('heldBack');
      }
    },
    60_000,
  );
});

async function eventually(isSo: () => Promise<boolean>): Promise<void> {
  for (const until = Date.now() + 30_000; !(await isSo()); await sleep(20))
    if (Date.now() > until) throw new Error('not so after half a minute');
}
