import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EmbeddedServer, startEventStore } from '@client-contacts/embedded';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { MongoClient } from 'mongodb';
import { pino } from 'pino';
import type { ContactBookEvent } from '../../src/contact-book/events.js';
import { streamNameOf } from '../../src/event-log/contact-book-stream.js';
import { EventStoreDb } from '../../src/event-log/eventstoredb.js';
import { KnownBooks } from '../../src/publishing/known-books.js';
import { LIVE_PUBLICATION, Publication, PUBLICATION_DEFAULTS } from '../../src/publishing/publication.js';
import { contractTopics, positionsTopic } from '../../src/publishing/topics.js';
import { ParkingInMemory } from '../fixtures/parking-in-memory.js';
import { Subscriber } from '../../src/subscriptions/subscriber.js';
import { LeasesInMemory } from '../fixtures/held-lease.js';
import { readTopic } from '../fixtures/read-topic.js';
import { codec, SHARED_KEYS } from '../fixtures/shared-log-codec.js';
import { newAppend } from '../fixtures/stored-appends.js';
import { tokenIssuer } from '../fixtures/tokens.js';
import { topicsOf } from '../fixtures/topics-of.js';

const CLIENTS = 4;
const APPENDS = 100;

describe('a republication', () => {
  const run = randomUUID().slice(0, 8);
  const topics = topicsOf(`live-${run}`);
  const again = { ...topics, prefix: `again-${run}` };
  const kafka = new Kafka({ brokers: process.env['KAFKA_BROKERS']!.split(','), logLevel: logLevel.NOTHING });
  let directory: string;
  let server: EmbeddedServer;
  let eventStore: EventStoreDb;
  let environment: NodeJS.ProcessEnv;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'republish-'));
    server = await startEventStore({ dataDir: directory });
    eventStore = new EventStoreDb({ url: server.url, deadlineMs: 5000 });
    for (let append = 0; append < APPENDS; append++) {
      for (let client = 0; client < CLIENTS; client++) {
        const ref = { workspaceId: 'ws', clientId: `${run}-${client}` };
        const stored = await codec.toStoredForm(
          newAppend({ client: ref, events: [eventAt(append)] }),
          randomUUID,
        );
        await eventStore.append(streamNameOf(ref), append - 1, stored);
      }
    }
    environment = {
      PATH: process.env['PATH'],
      EVENTSTORE_URL: server.url,
      MONGODB_URL: process.env['MONGODB_URL'],
      MONGODB_DATABASE: `republish_${run}`,
      KAFKA_BROKERS: process.env['KAFKA_BROKERS'],
      AUTH_PUBLIC_KEY: (await tokenIssuer()).publicKey,
      ...SHARED_KEYS,
      TOPIC_PREFIX: topics.prefix,
      TOPIC_PARTITIONS: String(topics.partitions),
    };
    await publishLive();
  });
  afterAll(async () => {
    const mongo = new MongoClient(process.env['MONGODB_URL']!);
    await mongo.db(`republish_${run}`).dropDatabase();
    await mongo.close();
    const admin = kafka.admin();
    await admin.connect();
    const ours = [topics, again].flatMap((one) => [...contractTopics(one), positionsTopic(one)]);
    const there = (await admin.listTopics()).filter((topic) => ours.includes(topic));
    await admin.deleteTopics({ topics: there });
    await admin.disconnect();
    await eventStore.close();
    await server.stop();
    await rm(directory, { recursive: true });
  });

  async function publishLive(): Promise<void> {
    const publication = new Publication(LIVE_PUBLICATION, kafka, new KnownBooks(eventStore, codec), {
      ...PUBLICATION_DEFAULTS,
      topics,
    });
    const publisher = new Subscriber({
      name: 'publisher',
      eventStore,
      codec,
      handler: publication,
      leases: new LeasesInMemory(),
      parking: new ParkingInMemory('publisher'),
      build: 'spec',
      log: pino({ level: 'silent' }),
    });
    publisher.start();
    while (publisher.status().handled < CLIENTS * APPENDS) await sleep(20, undefined, { ref: false });
    await publisher.stop();
    await publication.close();
  }
  const recordsIn = async (topic: string) => {
    const byPartition: string[][] = [];
    for (const { key, value, partition, headers } of await readTopic(kafka, topic)) {
      if (key.includes('/')) (byPartition[partition] ??= []).push(JSON.stringify({ key, value, headers }));
    }
    return byPartition;
  };

  it('is refused to the topics that the live publication writes', async () => {
    const refused = started(environment, topics.prefix);
    expect(await refused.ended).toBe(3);
    expect(refused.output()).toContain('the live publication writes');
  });

  it('is refused to topics that somebody else has made', async () => {
    const refused = started({ ...environment, TOPIC_PREFIX: 'elsewhere' }, topics.prefix);
    expect(await refused.ended).toBe(3);
    expect(refused.output()).toContain('is there already');
  });

  it('killed halfway and started again, writes what the live one wrote, record by record', async () => {
    const first = started(environment, again.prefix, '--max-rate', '100');
    while ((await recordsIn(contractTopics(again)[0]!).catch(() => [])).flat().length === 0) await sleep(100);
    first.child.kill('SIGKILL');
    await first.ended;
    const half = (await recordsIn(contractTopics(again)[0]!)).flat().length;
    expect(half).toBeLessThan(CLIENTS * APPENDS);
    const second = started(environment, again.prefix);
    expect(await second.ended).toBe(0);
    expect(second.output()).toContain(`TOPIC_PREFIX=${again.prefix}`);
    const [ours, theirs] = [contractTopics(again), contractTopics(topics)];
    for (const [index, topic] of ours.entries()) {
      const written = await recordsIn(topic);
      expect(written.flat().length).toBeGreaterThan(0);
      expect(written).toEqual(await recordsIn(theirs[index]!));
    }
  }, 120_000);
});

function eventAt(append: number): ContactBookEvent {
  if (append === 0) {
    return {
      type: 'ContactAdded',
      data: { contactId: 'ann', email: 'ann@client.example', portalEnabled: true },
    };
  }
  const enabled = append % 2 === 0;
  return { type: 'PortalAccessToggled', data: { contactId: 'ann', enabled, generation: append } };
}

/** The command in a process of its own. */
function started(
  env: NodeJS.ProcessEnv,
  ...parameters: readonly string[]
): { child: ChildProcess; ended: Promise<number | null>; output: () => string } {
  const script = 'dist/src/operations/command-line/main.js';
  const child = spawn(process.execPath, [script, 'republish', ...parameters], { env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  return { child, ended: once(child, 'exit').then(([code]) => code as number | null), output: () => output };
}
