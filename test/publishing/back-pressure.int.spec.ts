import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EmbeddedServer, startEventStore, startKafka } from '@client-contacts/embedded';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { pino } from 'pino';
import { streamNameOf } from '../../src/event-log/contact-book-stream.js';
import type { EventStore } from '../../src/event-log/event-store.js';
import { EventStoreDb } from '../../src/event-log/eventstoredb.js';
import { KnownBooks } from '../../src/publishing/known-books.js';
import { Publication, PUBLICATION_DEFAULTS } from '../../src/publishing/publication.js';
import { eventsTopic } from '../../src/publishing/topics.js';
import type { BatchHandler } from '../../src/subscriptions/batch-handler.js';
import { ParkingInMemory } from '../fixtures/parking-in-memory.js';
import { Subscriber } from '../../src/subscriptions/subscriber.js';
import { LeasesInMemory } from '../fixtures/held-lease.js';
import { codec } from '../fixtures/recorded-events.js';
import { readTopic } from '../fixtures/read-topic.js';
import { newAppend } from '../fixtures/stored-appends.js';
import { topicsOf } from '../fixtures/topics-of.js';

const CLIENTS = 10;
const APPENDS_EACH = 40;
const APPEND_LENGTH = 5;
const EVENTS = CLIENTS * APPENDS_EACH * APPEND_LENGTH;
const [BATCH_SIZE, READ_AHEAD] = [20, 100];
/** Bounds are soft: an append stays whole; and one batch is in hand. */
const MOST_HELD = READ_AHEAD + APPEND_LENGTH + BATCH_SIZE;
const INTERRUPTIONS = 4;
const LIMIT_MS = 30_000;
const topics = topicsOf('spec');

/** Counts the events that a subscriber has taken from the event store and not published yet. */
class HeldEvents {
  /** Of the subscriptions that are open. */
  private readonly open = new Set<{ held: number }>();
  /** At most so many were held at once. */
  most = 0;
  mostOpen = 0;

  watched(eventStore: EventStore): EventStore {
    const follow = (...from: Parameters<EventStore['subscribe']>) => {
      const { open } = this;
      const subscription = eventStore.subscribe(...from);
      const counted = async function* (this: HeldEvents) {
        const count = { held: 0 };
        open.add(count);
        this.mostOpen = Math.max(this.mostOpen, open.size);
        try {
          for await (const item of subscription) {
            if (!('mark' in item)) count.held += 1;
            this.most = Math.max(this.most, this.now);
            yield item;
          }
        } finally {
          open.delete(count);
        }
      };
      return {
        close: () => subscription.close(),
        [Symbol.asyncIterator]: () => counted.call(this),
      };
    };
    return new Proxy(eventStore, {
      get: (target, name: keyof EventStore) => {
        if (name === 'subscribe') return follow;
        const value = target[name] as unknown;
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  }

  published(events: number): void {
    const [current] = this.open;
    if (current) current.held -= events;
  }

  get now(): number {
    return [...this.open].reduce((sum, { held }) => sum + held, 0);
  }
}

describe('while Kafka is away', () => {
  let directory: string;
  let log: EmbeddedServer;
  let kafkaServer: EmbeddedServer;
  let eventStore: EventStoreDb;
  let kafka: Kafka;
  let publication: Publication;
  let publisher: Subscriber;
  let held: HeldEvents;
  let interruptions: number;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'back-pressure-'));
    log = await startEventStore({ dataDir: join(directory, 'log') });
    kafkaServer = await startKafka({ dataDir: join(directory, 'kafka'), log: () => {} });
    eventStore = new EventStoreDb({ url: log.url, deadlineMs: 5000 });
    kafka = new Kafka({ brokers: [kafkaServer.url], logLevel: logLevel.NOTHING, retry: { retries: 0 } });
    held = new HeldEvents();
    interruptions = 0;
    publication = new Publication('live', kafka, new KnownBooks(eventStore, codec), {
      ...PUBLICATION_DEFAULTS,
      topics,
      deadlineMs: 2_000,
    });
    const handler: BatchHandler = {
      position: () => publication.position(),
      async handle(batch, checkpoint) {
        await publication.handle(batch, checkpoint);
        held.published(batch.length);
      },
    };
    publisher = new Subscriber({
      name: 'publisher',
      eventStore: held.watched(eventStore),
      codec,
      handler,
      leases: new LeasesInMemory(),
      parking: new ParkingInMemory('publisher'),
      build: 'spec',
      log: pino(
        { base: null },
        { write: (line: string) => void (interruptions += Number(/interrupted/.test(line))) },
      ),
      settings: { batchSize: BATCH_SIZE, readAhead: READ_AHEAD, retryDelayMs: 1, maxRetryDelayMs: 10 },
    });
  });
  afterEach(async () => {
    kafkaServer.switchboard.reset();
    await publisher.stop();
    await publication.close();
    await eventStore.close();
    await log.stop();
    await kafkaServer.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const write = async () => {
    const lane = async (clientId: string) => {
      const client = { workspaceId: 'ws', clientId };
      for (let append = 0; append < APPENDS_EACH; append++) {
        const events = Array.from({ length: APPEND_LENGTH }, (_, index) => {
          const contactId = `contact-${append}-${index}`;
          return {
            type: 'ContactAdded',
            data: { contactId, email: `${contactId}@client.example`, portalEnabled: true },
          } as const;
        });
        const stored = await codec.toStoredForm(newAppend({ client, events }), randomUUID);
        await eventStore.append(streamNameOf(client), append * APPEND_LENGTH - 1, stored);
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, (_, client) => lane(`client-${client}`)));
  };
  const until = async (isSo: () => boolean) => {
    const end = performance.now() + LIMIT_MS;
    while (!isSo()) {
      if (performance.now() > end) throw new Error(`it was not so in ${LIMIT_MS} ms`);
      await sleep(5);
    }
  };

  it('the publisher holds no more than it may read ahead, however much is written, and goes on afterwards', async () => {
    publisher.start();
    await until(() => publisher.status().state === 'live');
    // The batch in hand is given up with all that was read ahead; nothing is read until Kafka tells the position again.
    kafkaServer.switchboard.staySilent((request) => request === 'EndTxn');
    const writing = write();
    await until(() => interruptions >= INTERRUPTIONS);
    await writing;
    kafkaServer.switchboard.speak();
    await until(() => publisher.status().handled >= EVENTS);
    const records = await readTopic(kafka, eventsTopic(topics));
    expect(records.filter(({ key }) => key.includes('/'))).toHaveLength(EVENTS);
    expect(held.mostOpen).toBe(1);
    expect(held.most).toBeLessThanOrEqual(MOST_HELD);
    // Else nothing was held at all, and it would show nothing.
    expect(held.most).toBeGreaterThanOrEqual(READ_AHEAD);
  }, 90_000);
});
