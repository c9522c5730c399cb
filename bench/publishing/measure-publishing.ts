import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { type Consumer, Kafka, logLevel, type TopicMessages } from 'kafkajs';
import { type Db, MongoClient } from 'mongodb';
import type { ContactBookEvent } from '../../src/contact-book/events.js';
import { type ClientRef, STREAM_PREFIX, streamNameOf } from '../../src/event-log/contact-book-stream.js';
import type { EventStore, Revision } from '../../src/event-log/event-store.js';
import { EventStoreDb } from '../../src/event-log/eventstoredb.js';
import {
  contractTopics,
  ensureTopics,
  eventsTopic,
  portalAccessTopic,
  positionsTopic,
  type TopicSettings,
} from '../../src/publishing/topics.js';
import { transactionalProducer } from '../../src/publishing/transactions.js';
import { caughtUp } from '../child-process.js';
import { appendOf, clientWithHistory, encrypted, EVENTS_A_CLIENT, fillLog } from '../commands/service.js';
import { percentile, printRates, printTable, timeOf } from '../measure.js';
import { startEmbedded, type Servers } from '../servers.js';
import { serviceSubscriber } from '../service-subscriber.js';
import { publishBare } from './bare-publisher.js';
import { newTopics, publishAll, recordsOfLog, servicePublication } from './service-publisher.js';

const ROUNDS = 5;
const EVENTS = 10_000;
const CATCH_UP = 'dist/bench/publishing/catch-up-process.js';
const CATCH_UPS = [10_000, 100_000];
const APPENDS = 300;
/** How long a single record is waited for, in milliseconds. */
const SEEN_LIMIT_MS = 60_000;

/** What the way from the log to Kafka costs, in the unit of a bare program's and of bare transactions. */
export async function measurePublishing(servers: Servers): Promise<void> {
  const [log, mongodb] = [await startEmbedded('event-store'), await startEmbedded('mongodb')];
  const eventStore = new EventStoreDb({ url: log.url, deadlineMs: 30_000 });
  const mongo = new MongoClient(mongodb.url);
  const newDatabase = () => mongo.db(`bench_${randomUUID().slice(0, 8)}`);
  const brokers = Object.entries(servers).map(([name, { url }]) => ({
    name,
    url,
    kafka: new Kafka({ brokers: [url], logLevel: logLevel.NOTHING }),
  }));
  await fillLog(eventStore, EVENTS);
  for (const { name, kafka } of brokers)
    await measureThroughput(name, kafka, log.url, eventStore, newDatabase);
  const rows: string[][] = [];
  let there = EVENTS;
  for (const events of CATCH_UPS) {
    await fillLog(eventStore, events - there);
    there = events;
    for (const { name, url } of brokers)
      rows.push([name, ...(await caughtUp(CATCH_UP, [log.url, mongodb.url, url], events))]);
  }
  printTable(['a catch-up from the log’s start', 'events', 'events/s', 'peak memory, MiB'], rows);
  for (const { name, kafka } of brokers) await measureLatency(name, kafka, eventStore, newDatabase());
  await Promise.all([eventStore.close(), mongo.close()]);
  await Promise.all([log.end(), mongodb.end()]);
}

async function measureThroughput(
  broker: string,
  kafka: Kafka,
  logUrl: string,
  eventStore: EventStore,
  newDatabase: () => Db,
): Promise<void> {
  const bare = async () => {
    const topics = newTopics();
    await withAdmin(kafka, (admin) => ensureTopics(admin, topics));
    const records = await recordsOfLog(eventStore, newDatabase(), topics, EVENTS);
    const producer = transactionalProducer(kafka, topics.prefix);
    await producer.connect();
    const took = await publishBare(logUrl, STREAM_PREFIX, records, producer, positionsTopic(topics));
    await producer.disconnect();
    await removeTopics(kafka, topics);
    return took;
  };
  const service = async () => {
    const topics = newTopics();
    const took = await publishAll(eventStore, newDatabase(), kafka, topics, EVENTS);
    await removeTopics(kafka, topics);
    return took;
  };
  const title = `published events/s to the ${broker} broker, ${EVENTS.toLocaleString('en')} events, ${EVENTS_A_CLIENT} a client`;
  await printRates(title, ROUNDS, EVENTS, { bare, service });
}

/** One append at a time, by turns with what it is measured in: a withdrawal of portal access and its return. */
async function measureLatency(
  broker: string,
  kafka: Kafka,
  eventStore: EventStore,
  database: Db,
): Promise<void> {
  const topics = newTopics();
  const contactsAdded = 2;
  const client = await clientWithHistory(eventStore, contactsAdded);
  const publication = servicePublication(eventStore, kafka, topics);
  await withAdmin(kafka, (admin) => ensureTopics(admin, topics));
  const readers = {
    event: await Reader.of(kafka, eventsTopic(topics), client),
    access: await Reader.of(kafka, portalAccessTopic(topics), client),
  };
  const subscriber = serviceSubscriber(eventStore, database, publication);
  subscriber.start();
  await readers.event.seen(contactsAdded - 1);
  const bare = await BareTransaction.of(kafka);
  const bareStream = streamNameOf(client).replace(STREAM_PREFIX, 'bare-');
  const times = {
    append: [] as number[],
    transaction: [] as number[],
    event: [] as number[],
    withdrawal: [] as number[],
  };
  for (let index = 0; index < APPENDS; index++) {
    const isWithdrawal = index % 2 === 0;
    const events = await toggle(client, !isWithdrawal, index);
    const again = events.map((event) => ({ ...event, id: randomUUID() }));
    times.append.push(await timeOf(() => eventStore.append(bareStream, index - 1, again)));
    times.transaction.push(await timeOf(() => bare.commit()));
    const start = performance.now();
    const revision = await eventStore.append(streamNameOf(client), contactsAdded + index - 1, events);
    await Promise.all([
      readers.event.seen(revision).then(() => times.event.push(performance.now() - start)),
      readers.access
        .seen(revision)
        .then(() => isWithdrawal && times.withdrawal.push(performance.now() - start)),
    ]);
  }
  await subscriber.stop();
  await Promise.all([publication.close(), bare.close(), readers.event.close(), readers.access.close()]);
  const at = (side: keyof typeof times, percent: number) =>
    percentile(
      times[side].toSorted((a, b) => a - b),
      percent,
    );
  const shownAt = (side: keyof typeof times) => `${at(side, 50).toFixed(2)} · ${at(side, 99).toFixed(2)}`;
  const ratio = (side: 'event' | 'withdrawal') =>
    (at(side, 50) / (at('append', 50) + at('transaction', 50))).toFixed(2);
  printTable(
    [`one append at a time, the ${broker} broker, ms`, 'p50 · p99'],
    [
      ['bare append', shownAt('append')],
      ['bare transaction of one record and a position', shownAt('transaction')],
      ['append → its event read by a read_committed consumer', shownAt('event')],
      ['withdrawal of portal access → read on its state topic', shownAt('withdrawal')],
      ['event ÷ (append + transaction), p50', ratio('event')],
      ['withdrawal ÷ (append + transaction), p50', ratio('withdrawal')],
    ],
  );
}

/** What the event store gets for a change of ann's portal access. */
async function toggle(client: ClientRef, enabled: boolean, index: number) {
  const event: ContactBookEvent = {
    type: 'PortalAccessToggled',
    data: { contactId: 'ann', enabled, generation: index + 2 },
  };
  return encrypted.toStoredForm(appendOf(client, event, String(index)), randomUUID);
}

/** The latest revision that a read_committed consumer of one topic has seen of a client. */
class Reader {
  static async of(kafka: Kafka, topic: string, client: ClientRef): Promise<Reader> {
    const consumer = kafka.consumer({ groupId: randomUUID(), maxWaitTimeInMs: 1_000 });
    const reader = new Reader(consumer);
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    const key = `${client.workspaceId}/${client.clientId}`;
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ message }) => {
        const sequence = message.headers?.['ce_sequence'];
        if (String(message.key).startsWith(key) && sequence !== undefined) reader.reached(Number(sequence));
      },
    });
    return reader;
  }

  private revision: Revision = -1;
  private wake = () => {};

  private constructor(private readonly consumer: Consumer) {}

  async seen(revision: Revision): Promise<void> {
    const until = performance.now() + SEEN_LIMIT_MS;
    while (this.revision < revision) {
      if (performance.now() > until) throw new Error(`revision ${revision} was not read in time`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, SEEN_LIMIT_MS);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  close(): Promise<void> {
    return this.consumer.disconnect();
  }

  private reached(revision: Revision): void {
    this.revision = Math.max(this.revision, revision);
    this.wake();
  }
}

/** A transaction as small as the publisher's smallest. */
class BareTransaction {
  static async of(kafka: Kafka): Promise<BareTransaction> {
    const topics = newTopics();
    await withAdmin(kafka, (admin) => ensureTopics(admin, topics));
    const producer = transactionalProducer(kafka, topics.prefix);
    await producer.connect();
    const message = { key: 'bare', value: 'x'.repeat(300), partition: 0 };
    const records = [eventsTopic(topics), positionsTopic(topics)].map((topic) => ({
      topic,
      messages: [message],
    }));
    return new BareTransaction(producer, records);
  }

  private constructor(
    private readonly producer: ReturnType<typeof transactionalProducer>,
    private readonly records: TopicMessages[],
  ) {}

  async commit(): Promise<void> {
    const transaction = await this.producer.transaction();
    await transaction.sendBatch({ topicMessages: this.records });
    await transaction.commit();
  }

  close(): Promise<void> {
    return this.producer.disconnect();
  }
}

async function withAdmin<T>(
  kafka: Kafka,
  ask: (admin: ReturnType<Kafka['admin']>) => Promise<T>,
): Promise<T> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await ask(admin);
  } finally {
    await admin.disconnect();
  }
}

function removeTopics(kafka: Kafka, topics: TopicSettings): Promise<void> {
  return withAdmin(kafka, (admin) =>
    admin.deleteTopics({ topics: [...contractTopics(topics), positionsTopic(topics)] }),
  );
}
