import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EmbeddedServer, startEventStore } from '@client-contacts/embedded';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { pino } from 'pino';
import { streamNameOf } from '../../src/event-log/contact-book-stream.js';
import { EventStoreDb } from '../../src/event-log/eventstoredb.js';
import { KnownBooks } from '../../src/publishing/known-books.js';
import { Publication, PUBLICATION_DEFAULTS } from '../../src/publishing/publication.js';
import { applyTopicPlan } from '../../src/publishing/topic-plan.js';
import { eventsTopic, type TopicSettings, wantedTopics } from '../../src/publishing/topics.js';
import { ParkingInMemory } from '../fixtures/parking-in-memory.js';
import { Subscriber } from '../../src/subscriptions/subscriber.js';
import { LeasesInMemory } from '../fixtures/held-lease.js';
import { readTopic } from '../fixtures/read-topic.js';
import { codec } from '../fixtures/recorded-events.js';
import { newAppend } from '../fixtures/stored-appends.js';
import { SHARED_KEYS } from '../fixtures/shared-log-codec.js';
import { tokenIssuer } from '../fixtures/tokens.js';

const client = { workspaceId: 'ws', clientId: 'one' };

describe('topics that are not as configured', () => {
  const kafka = new Kafka({ brokers: process.env['KAFKA_BROKERS']!.split(','), logLevel: logLevel.NOTHING });
  let admin: Admin;
  let directory: string;
  let server: EmbeddedServer;
  let eventStore: EventStoreDb;
  let topics: TopicSettings;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'topics-'));
    server = await startEventStore({ dataDir: directory });
    eventStore = new EventStoreDb({ url: server.url, deadlineMs: 5000 });
    const stored = await codec.toStoredForm(
      newAppend({
        client,
        events: [
          {
            type: 'ContactAdded',
            data: { contactId: 'ann', email: 'ann@client.example', portalEnabled: true },
          },
        ],
      }),
      randomUUID,
    );
    await eventStore.append(streamNameOf(client), -1, stored);
    admin = kafka.admin();
    await admin.connect();
  });
  beforeEach(() => {
    topics = {
      prefix: `topics-${randomUUID().slice(0, 8)}`,
      partitions: 3,
      replicationFactor: -1,
      minInsyncReplicas: 1,
      eventsRetentionMs: 3_600_000,
      maxCompactionLagMs: 3_600_000,
    };
  });
  afterEach(async () => {
    const ours = (await admin.listTopics()).filter((topic) => topic.startsWith(topics.prefix));
    if (ours.length > 0) await admin.deleteTopics({ topics: ours });
  });
  afterAll(async () => {
    await admin.disconnect();
    await eventStore.close();
    await server.stop();
    await rm(directory, { recursive: true });
  });

  it.each([
    {
      fault: 'one is missing beside others that are there',
      cause: 'MissingTopics',
      made: () => wantedTopics(topics).slice(1),
    },
    {
      fault: 'one has too few partitions',
      cause: 'WrongPartitionCount',
      made: () => wantedTopics({ ...topics, partitions: 2 }),
    },
  ])('block the publisher, which goes on by itself when they are put right: $fault', async (given) => {
    await admin.createTopics({ topics: given.made(), waitForLeaders: false });
    await eventually(async () => {
      const there = new Set(await admin.listTopics());
      return given.made().every(({ topic }) => there.has(topic));
    });
    const publication = new Publication('live', kafka, new KnownBooks(eventStore, codec), {
      ...PUBLICATION_DEFAULTS,
      topics,
    });
    const said: { msg: string; cause?: string; reason?: string }[] = [];
    const log = pino({}, { write: (line: string) => said.push(JSON.parse(line)) });
    const publisher = new Subscriber({
      name: 'publisher',
      eventStore,
      codec,
      handler: publication,
      leases: new LeasesInMemory(),
      parking: new ParkingInMemory('publisher'),
      build: 'test',
      log,
      settings: { maxRetryDelayMs: 500 },
    });
    publisher.start();
    try {
      await eventually(() => publisher.status().state === 'blocked');
      expect(publisher.status()).toMatchObject({ cause: given.cause, handled: 0 });
      expect(said.find(({ msg }) => msg === 'interrupted')).toMatchObject({
        cause: given.cause,
        reason: expect.stringContaining(eventsTopic(topics)),
      });
      expect(await applyTopicPlan(admin, topics)).toEqual([]);
      await eventually(() => publisher.status().state === 'live');
      expect(publisher.status().cause).toBeUndefined();
    } finally {
      await publisher.stop();
      await publication.close();
    }
    const events = (await readTopic(kafka, eventsTopic(topics))).filter(({ key }) => key.includes('/'));
    expect(events.map(({ key }) => key)).toEqual(['ws/one']);
  });

  it('are told and put right from the command line, which needs no other server for that', async () => {
    const { publicKey } = await tokenIssuer();
    const environment = {
      PATH: process.env['PATH'],
      EVENTSTORE_URL: 'esdb://127.0.0.1:1?tls=false',
      MONGODB_URL: 'mongodb://127.0.0.1:1',
      KAFKA_BROKERS: process.env['KAFKA_BROKERS'],
      AUTH_PUBLIC_KEY: publicKey,
      ...SHARED_KEYS,
      TOPIC_PREFIX: topics.prefix,
      TOPIC_PARTITIONS: '3',
    };
    expect(await ops(environment, 'topics', 'plan')).toEqual({
      code: 1,
      output: `${wantedTopics(topics)
        .map(({ topic }) => `${topic}: existence: missing, wanted there\n`)
        .join('')}4 topics, 4 differences\n`,
    });
    expect(await ops(environment, 'topics', 'apply')).toEqual({
      code: 0,
      output: '4 topics, 0 differences\n',
    });
    expect(await ops(environment, 'topics', 'plan', '--json')).toEqual({
      code: 0,
      output: '{"topics":4,"differences":[]}\n',
    });
    const fewer = { ...environment, TOPIC_PARTITIONS: '2' };
    const refused = await ops(fewer, 'topics', 'apply');
    expect(refused.code).toBe(3);
    expect(refused.output).toContain('partitions: 3, wanted 2; not applied: ');
  });
});

function ops(
  env: NodeJS.ProcessEnv,
  ...parameters: readonly string[]
): Promise<{ code: number; output: string }> {
  const script = 'dist/src/operations/command-line/main.js';
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [script, ...parameters], { env }, (_error, stdout) =>
      resolve({ code: child.exitCode!, output: stdout }),
    );
  });
}

async function eventually(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(20, undefined, { ref: false });
}
