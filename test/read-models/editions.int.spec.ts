import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EmbeddedServer, startEventStore } from '@client-contacts/embedded';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Db, MongoClient, MongoNetworkError } from 'mongodb';
import { pino } from 'pino';
import { streamNameOf } from '../../src/event-log/contact-book-stream.js';
import { EventStoreDb } from '../../src/event-log/eventstoredb.js';
import { contacts, ContactsDocuments } from '../../src/read-models/contacts/contacts.js';
import {
  cutOver,
  type EditionPlaces,
  retire,
  rollBack,
} from '../../src/read-models/editions/change-edition.js';
import { EditionKeeper } from '../../src/read-models/editions/edition-keeper.js';
import { editionName, EditionStore } from '../../src/read-models/editions/editions.js';
import { rebuild } from '../../src/read-models/editions/rebuild.js';
import { ReplicaAnnouncement } from '../../src/read-models/editions/replicas.js';
import { type Difference, verify } from '../../src/read-models/editions/verify.js';
import { Projection } from '../../src/read-models/projection.js';
import type { ReadModel, ReadModelDocument } from '../../src/read-models/read-model.js';
import type { BatchHandler } from '../../src/subscriptions/batch-handler.js';
import { Leases } from '../../src/subscriptions/leases.js';
import { parkingIn } from '../../src/subscriptions/parking.js';
import { Subscriber } from '../../src/subscriptions/subscriber.js';
import { codec } from '../fixtures/recorded-events.js';
import { newAppend } from '../fixtures/stored-appends.js';

const log = pino({ level: 'silent' });
const next: ReadModel<object> = { ...contacts, version: 2 };
const CLIENTS = 30;

/** A log of its own, so that its end stands still unless the test writes. */
describe('editions of a read model', () => {
  let directory: string;
  let server: EmbeddedServer;
  let eventStore: EventStoreDb;
  let mongo: MongoClient;
  let database: Db;
  let places: EditionPlaces;
  let keeper: EditionKeeper;
  let served: ContactsDocuments;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'editions-'));
    server = await startEventStore({ dataDir: directory });
    eventStore = new EventStoreDb({ url: server.url, deadlineMs: 5000 });
    mongo = new MongoClient(process.env['MONGODB_URL']!, { socketTimeoutMS: 5000 });
    for (let client = 0; client < CLIENTS; client++) await append(`c${client}`, -1);
  });
  afterAll(async () => {
    await Promise.all([mongo.close(), eventStore.close()]);
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  });

  beforeEach(async () => {
    database = mongo.db(`editions_${randomUUID().slice(0, 8)}`);
    const editions = new EditionStore(database.collection('aliases'));
    places = {
      database,
      editions,
      eventStore,
      checkpoints: database.collection('checkpoints'),
      replicas: database.collection('replicas'),
      leases: leases(),
      limitMs: 20_000,
      answersEndMs: 100,
      rebuildEndsMs: 3_000,
    };
    // The newest first is what a new edition is made of; this build has both.
    keeper = new EditionKeeper({
      ...places,
      readModels: [contacts, next],
      subscriberFor: (readModel, name) =>
        subscriberFor(name, new Projection(readModel, database.collection(name), places.checkpoints)),
      log,
    });
    keeper.start();
    served = new ContactsDocuments(database, editions, [contacts, next as typeof contacts]);
    await eventually(async () => (await editions.load('contacts'))?.serving === 1);
  });
  afterEach(async () => {
    await keeper.stop();
    await database.dropDatabase();
  });

  const leases = () => new Leases(database.collection('leases'), randomUUID(), { ttlMs: 2_000 });
  const subscriberFor = (name: string, handler: BatchHandler) =>
    new Subscriber({
      name,
      eventStore,
      codec,
      handler,
      leases: leases(),
      parking: parkingIn(database, name),
      build: 'spec',
      log,
      settings: { batchSize: 5 },
    });

  async function append(clientId: string, expectedRevision: number): Promise<void> {
    const client = { workspaceId: 'ws', clientId };
    const contactId = `k${expectedRevision + 1}`;
    const email = `${contactId}@client.example`;
    const events = [{ type: 'ContactAdded', data: { contactId, email, portalEnabled: true } } as const];
    const stored = await codec.toStoredForm(newAppend({ client, events }), randomUUID);
    await eventStore.append(streamNameOf(client), expectedRevision, stored);
  }

  const rebuilt = (
    signal = new AbortController().signal,
    progress: (progress: { events: number }) => void = () => {},
    waiting: (why: string) => void = () => {},
  ) => rebuild(places, next, { signal, progress, waiting, subscriberFor });

  const documentsIn = (name: string) => database.collection<ReadModelDocument>(name);

  async function differences(readModel: ReadModel<object>, name: string): Promise<Difference[]> {
    const found: Difference[] = [];
    const verified = { readModel, documents: documentsIn(name), eventStore, codec };
    for await (const difference of verify(verified, () => {})) found.push(difference);
    return found;
  }

  it('are built beside the live one, and go on where they were interrupted', async () => {
    const stopping = new AbortController();
    const interrupted = await rebuilt(stopping.signal, () => stopping.abort());
    expect(interrupted).toBeUndefined();
    expect((await places.editions.load('contacts'))!.serving).toBe(1);
    let handled = 0;
    const edition = await rebuilt(undefined, ({ events }) => (handled = events));
    expect(edition).toEqual({ number: 2, version: 2, state: 'kept' });
    expect(handled).toBeLessThan(CLIENTS);
    const name = editionName('contacts', edition!);
    expect(await differences(next, name)).toEqual([]);
    expect(await documentsIn(name).countDocuments()).toBe(
      await documentsIn('contacts_v1_1').countDocuments(),
    );
  });

  it('are given up, and say why, where only someone can mend what interrupts them; and go on after that', async () => {
    const stopping = new AbortController();
    await rebuilt(stopping.signal, () => stopping.abort());
    const _id = 'contacts_v2_2';
    const { lastEvent } = (await places.checkpoints.findOne({ _id }))!;
    await places.checkpoints.updateOne({ _id }, { $set: { 'lastEvent.id': randomUUID() } });
    await expect(rebuilt()).rejects.toThrow(/^contacts_v2_2 can't go on \(LogDiverged: .+\): mend that, and/);
    await places.checkpoints.updateOne({ _id }, { $set: { lastEvent: lastEvent! } });
    expect(await rebuilt()).toMatchObject({ number: 2, state: 'kept' });
  });

  it('say that another process builds them, while they wait for it', async () => {
    const lease = (await leases().acquire('contacts_v2_2', AbortSignal.timeout(5_000)))!;
    const stopping = new AbortController();
    const told: string[] = [];
    const waiting = (why: string) => {
      told.push(why);
      stopping.abort();
    };
    expect(await rebuilt(stopping.signal, undefined, waiting)).toBeUndefined();
    expect(told).toEqual(['another process runs contacts_v2_2, or did a moment ago']);
    await lease.release();
  });

  it('are cut over and rolled back under writes, and no reader sees an empty or mixed state', async () => {
    const target = (await rebuilt())!;
    let isReading = true;
    const seen = new Set<number>();
    const reading = (async () => {
      while (isReading) {
        const { count, version } = await served.read(async ({ documents, version }) => {
          return { count: await documents.countDocuments({ workspaceId: 'ws' }), version };
        });
        expect(count).toBeGreaterThanOrEqual(CLIENTS);
        seen.add(version);
        await sleep(5);
      }
    })();
    const writing = (async () => {
      while (isReading) await append('c0', await streamEnd('c0'));
    })();
    expect(await cutOver(places, 'contacts')).toEqual(target);
    await eventually(async () => seen.has(2));
    expect((await rollBack(places, 'contacts')).number).toBe(1);
    await eventually(() => served.read(async ({ version }) => version === 1));
    isReading = false;
    await Promise.all([reading, writing]);
    expect(await differences(contacts, 'contacts_v1_1')).toEqual([]);
    expect(await differences(next, editionName('contacts', target))).toEqual([]);
  });

  it('are not cut over while a live replica lacks the version, and a dead one is told by its standing still', async () => {
    await rebuilt();
    const old = new ReplicaAnnouncement(places.replicas, [contacts], 'old');
    old.start();
    await eventually(async () => (await places.replicas.countDocuments()) === 1);
    await expect(cutOver(places, 'contacts')).rejects.toThrow(
      /can't read version 2 of contacts \(build old\)/,
    );
    await old.stop();
    await places.replicas.insertOne({ _id: 'killed', build: 'old', versions: {}, beat: 7 });
    expect((await cutOver(places, 'contacts')).number).toBe(2);
  });

  it('are not cut over while they hold back a client whom the serving one does not', async () => {
    const target = (await rebuilt())!;
    const heldBack = [{ stream: streamNameOf({ workspaceId: 'ws', clientId: 'c1' }), from: 0, to: 0 }];
    const holdBack = (_id: string) => places.checkpoints.updateOne({ _id }, { $set: { heldBack } });
    await holdBack(editionName('contacts', target));
    await expect(cutOver(places, 'contacts')).rejects.toThrow(/holds back 1 clients more/);
    await holdBack('contacts_v1_1');
    expect(await cutOver(places, 'contacts')).toEqual(target);
  });

  it('leave nothing behind of whom they held back, once they are retired', async () => {
    const retired = editionName('contacts', (await rebuilt())!);
    const names = ['contacts_v1_1', retired];
    const stream = streamNameOf({ workspaceId: 'ws', clientId: 'c1' });
    const decision = { stream, from: 0, by: 'spec', reason: 'a test' };
    for (const name of names) {
      const { clients, requests, skips } = parkingIn(database, name);
      await clients.put({ stream, from: 0, cause: 'Fault', build: 'spec', failedAt: new Date() });
      await requests.ask({ ...decision, action: 'replay' });
      await skips.put({ ...decision, to: 0, decidedAt: new Date() });
    }
    await retire(places, 'contacts', 2);
    const kept = names.map(async (name) => {
      const { clients, requests, skips } = parkingIn(database, name);
      const all = await Promise.all([clients.all(), requests.pending(), skips.of(stream)]);
      return all.map(({ length }) => length);
    });
    expect(await Promise.all(kept)).toEqual([
      [1, 1, 1],
      [0, 0, 0],
    ]);
  });

  it('are not retired while they are built, and are where that was given up', async () => {
    const building = new AbortController();
    let begin = () => {};
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const { signal } = building;
    const rebuilding = rebuild(places, next, {
      signal,
      eventsPerSecond: 2,
      progress: begin,
      waiting: () => {},
      subscriberFor,
    });
    await begun;
    await expect(retire(places, 'contacts')).rejects.toThrow(/which edition of contacts\?.*: 2$/);
    await expect(retire(places, 'contacts', 2)).rejects.toThrow(/contacts_v2_2 is being built/);
    expect((await places.editions.load('contacts'))!.editions).toHaveLength(2);
    building.abort();
    await rebuilding;
    expect(await retire(places, 'contacts', 2)).toMatchObject({ number: 2, state: 'building' });
    expect((await places.editions.load('contacts'))!.editions).toHaveLength(1);
    expect(await documentsIn('contacts_v2_2').countDocuments()).toBe(0);
  });

  it('say what is left of them where they are retired, and can not be dropped', async () => {
    const name = editionName('contacts', (await rebuilt())!);
    const deaf = Object.create(database, {
      dropCollection: { value: () => Promise.reject(new MongoNetworkError('away')) },
    }) as Db;
    await expect(retire({ ...places, database: deaf }, 'contacts')).rejects.toThrow(
      `${name} is retired, but not dropped (MongoNetworkError)`,
    );
    expect(await documentsIn(name).countDocuments()).toBe(CLIENTS);
  });

  it('are verified document by document: each planted difference is found, and nothing else', async () => {
    const documents = documentsIn('contacts_v1_1');
    expect(await differences(contacts, 'contacts_v1_1')).toEqual([]);
    await documents.updateOne({ _id: 'ws/c3' }, { $set: { 'view.summary.contacts': 99 } });
    await documents.deleteOne({ _id: 'ws/c4' });
    await documents.insertOne({
      ...(await documents.findOne({ _id: 'ws/c5' }))!,
      _id: 'ws/zz',
      clientId: 'zz',
    });
    expect(await differences(contacts, 'contacts_v1_1')).toEqual([
      { client: 'ws/c3', kind: 'content', revision: 0 },
      { client: 'ws/c4', kind: 'missing', revision: -1 },
      { client: 'ws/zz', kind: 'ahead', revision: 0 },
    ]);
  });

  async function streamEnd(clientId: string): Promise<number> {
    let end = -1;
    for await (const event of eventStore.read(streamNameOf({ workspaceId: 'ws', clientId }), 0))
      end = event.revision;
    return end;
  }
});

async function eventually(isSo: () => Promise<boolean>): Promise<void> {
  for (const until = Date.now() + 30_000; !(await isSo()); await sleep(20))
    if (Date.now() > until) throw new Error('not so after half a minute');
}
