import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EmbeddedServer, startEventStore } from '@client-contacts/embedded';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { pino } from 'pino';
import type { ContactBookEvent } from '../../src/contact-book/events.js';
import { streamNameOf } from '../../src/event-log/contact-book-stream.js';
import { EventStoreDb } from '../../src/event-log/eventstoredb.js';
import { PersonalDataUnreadable } from '../../src/event-log/personal-data/data-keys.js';
import type { EventCodec } from '../../src/event-log/stored-form.js';
import { HELD_BACK_KEY } from '../../src/publishing/held-back-list.js';
import { KnownBooks } from '../../src/publishing/known-books.js';
import { Publication, PUBLICATION_DEFAULTS } from '../../src/publishing/publication.js';
import {
  contractTopics,
  eventsTopic,
  portalAccessTopic,
  positionsTopic,
  stateTopics,
  type TopicSettings,
} from '../../src/publishing/topics.js';
import { Subscriber } from '../../src/subscriptions/subscriber.js';
import { LeasesInMemory } from '../fixtures/held-lease.js';
import { ParkingInMemory } from '../fixtures/parking-in-memory.js';
import { codec } from '../fixtures/recorded-events.js';
import { readTopic } from '../fixtures/read-topic.js';
import { newAppend } from '../fixtures/stored-appends.js';
import { topicsOf } from '../fixtures/topics-of.js';

const LIMIT_MS = 20_000;
const ONE = streamNameOf({ workspaceId: 'ws', clientId: 'one' });
const withdrawn: ContactBookEvent = {
  type: 'PortalAccessToggled',
  data: { contactId: 'ann', enabled: false, generation: 2 },
};
const primary: ContactBookEvent = { type: 'PrimaryContactChanged', data: { from: null, to: 'ann' } };

describe('a client whom the publisher holds back', () => {
  const kafka = new Kafka({ brokers: process.env['KAFKA_BROKERS']!.split(','), logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  let topics: TopicSettings;
  let directory: string;
  let server: EmbeddedServer;
  let eventStore: EventStoreDb;
  let parking: ParkingInMemory;
  let publication: Publication;
  let publisher: Subscriber;
  let isReadable: boolean;

  beforeAll(() => admin.connect());
  afterAll(() => admin.disconnect());
  beforeEach(async () => {
    topics = topicsOf(`spec-${randomUUID().slice(0, 8)}`, 1);
    directory = await mkdtemp(join(tmpdir(), 'held-back-'));
    server = await startEventStore({ dataDir: directory });
    eventStore = new EventStoreDb({ url: server.url, deadlineMs: 5000 });
    parking = new ParkingInMemory('publisher');
    isReadable = false;
    publication = new Publication('live', kafka, new KnownBooks(eventStore, poisonous, parking.skips), {
      ...PUBLICATION_DEFAULTS,
      topics,
    });
    publisher = new Subscriber({
      name: 'publisher',
      eventStore,
      codec: poisonous,
      handler: publication,
      leases: new LeasesInMemory(),
      parking,
      build: 'spec',
      log: pino({ level: 'silent' }),
      settings: { retryDelayMs: 1, maxRetryDelayMs: 10, attempts: 2, requestsMs: 20 },
    });
    publisher.start();
    for (const [revision, event] of [added, withdrawn, primary].entries())
      await append('one', revision, event);
    for (const [revision, event] of [added, withdrawn].entries()) await append('two', revision, event);
    await until(async () => (await lastList(portalAccessTopic(topics))).length === 1);
  });
  afterEach(async () => {
    await publisher.stop();
    await publication.close();
    await admin.deleteTopics({ topics: [...contractTopics(topics), positionsTopic(topics)] });
    await eventStore.close();
    await server.stop();
    await rm(directory, { recursive: true });
  });

  const added: ContactBookEvent = {
    type: 'ContactAdded',
    data: { contactId: 'ann', email: 'ann@client.example', portalEnabled: true },
  };
  const poisonous: EventCodec = {
    toStoredForm: (...append) => codec.toStoredForm(...append),
    isSameRequest: (...request) => codec.isSameRequest(...request),
    fromStoredForm: (events) => {
      const poison = events.find(({ stream, revision }) => stream === ONE && revision === 1);
      if (poison && !isReadable) throw new PersonalDataUnreadable(`event ${poison.id}`);
      return codec.fromStoredForm(events);
    },
  };
  async function append(clientId: string, revision: number, event: ContactBookEvent): Promise<void> {
    const client = { workspaceId: 'ws', clientId };
    const stored = await codec.toStoredForm(newAppend({ client, events: [event] }), randomUUID);
    await eventStore.append(streamNameOf(client), revision - 1, stored);
  }
  const lastList = async (topic: string) => {
    const last = (await readTopic(kafka, topic)).findLast(({ key }) => key === HELD_BACK_KEY);
    return last ? (JSON.parse(last.value) as { clients: object[] }).clients : [];
  };
  const until = async (isSo: () => Promise<boolean>) => {
    const end = performance.now() + LIMIT_MS;
    while (!(await isSo())) {
      if (performance.now() > end) throw new Error(`it was not so in ${LIMIT_MS} ms`);
      await sleep(20);
    }
  };
  const expectNamed = async (clients: object[]) => {
    for (const topic of stateTopics(topics)) expect(await lastList(topic)).toEqual(clients);
  };
  /** What the topics say of the client, by what each record is about. */
  const toldOf = async (clientId: string, topic: string) =>
    (await readTopic(kafka, topic))
      .filter(({ key }) => key.startsWith(`ws/${clientId}`))
      .map(({ headers }) => `${Number(headers['ce_sequence'])} ${headers['ce_type']!.split('.')[1]}`);
  const ask = async (action: 'replay' | 'drop') => {
    parking.ask({ stream: ONE, action, from: 1 });
    await until(async () => parking.asked.get(ONE)!.outcome !== null);
    expect(parking.asked.get(ONE)!.outcome).toEqual({ heldBack: null });
  };

  it('is named on the state topics while others are told, and no longer once it is replayed', async () => {
    await expectNamed([{ client: 'ws/one', revision: 1, status: 'held_back' }]);
    await until(async () => (await toldOf('two', portalAccessTopic(topics))).length === 2);
    expect(await toldOf('one', portalAccessTopic(topics))).toEqual(['0 portal-access']);
    isReadable = true;
    await ask('replay');
    await expectNamed([]);
    expect(await toldOf('one', portalAccessTopic(topics))).toEqual(['0 portal-access', '1 portal-access']);
  });

  it('stays named after a drop, while its revisions stay contiguous', async () => {
    await ask('drop');
    await expectNamed([{ client: 'ws/one', revision: 1, status: 'skipped' }]);
    await append('one', 3, { type: 'PrimaryContactChanged', data: { from: 'ann', to: null } });
    await until(async () => (await toldOf('one', eventsTopic(topics))).length === 4);
    await expectNamed([{ client: 'ws/one', revision: 1, status: 'skipped' }]);
    expect(await toldOf('one', eventsTopic(topics))).toEqual([
      '0 contact-added',
      '1 skipped',
      '2 primary-contact-changed',
      '3 primary-contact-changed',
    ]);
  });
});
