import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import fc from 'fast-check';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { type Db, MongoClient } from 'mongodb';
import { Invoicing } from '../../consumers/invoicing/invoicing.js';
import { Portal } from '../../consumers/portal/portal.js';
import { billingRoute } from '../../src/contact-book/billing-route.js';
import { type ContactBook, evolve, initial } from '../../src/contact-book/contact-book.js';
import { portalAccessOf } from '../../src/contact-book/portal-access.js';
import { KnownBooks } from '../../src/publishing/known-books.js';
import { Publication, PUBLICATION_DEFAULTS } from '../../src/publishing/publication.js';
import { contractTopics, positionsTopic } from '../../src/publishing/topics.js';
import { checkpointAfter } from '../../src/subscriptions/checkpoint.js';
import { EventStoreInMemory } from '../fixtures/event-store-in-memory.js';
import { appendsOf, byAppend, command } from '../fixtures/random-histories.js';
import { codec, type RecordedFact, recordedEvents } from '../fixtures/recorded-events.js';
import { topicsOf } from '../fixtures/topics-of.js';

const LIMIT_MS = 40_000;
const APPENDS_IN_A_BATCH = 10;

/** Random histories of so many clients, another seed's are others; their appends take turns. */
export function histories(clients: number, seed: number): RecordedFact[][] {
  const commands = fc.sample(fc.array(command, { minLength: 4, maxLength: 12 }), { seed, numRuns: clients });
  const appends = commands.map((asked, index) =>
    byAppend(recordedEvents({ workspaceId: 'ws', clientId: `client-${seed}-${index}` }, appendsOf(asked))),
  );
  const longest = Math.max(...appends.map(({ length }) => length));
  const turns = Array.from({ length: longest }, (_, turn) =>
    appends.flatMap((of) => of.slice(turn, turn + 1)),
  );
  return turns.flat() as RecordedFact[][];
}

/** A log that the service's publisher writes to topics of its own, beside the databases of those who consume them. */
export class PublishedLog {
  readonly name = `consumers-${randomUUID().slice(0, 8)}`;
  readonly databases: { readonly invoicing: Db; readonly portal: Db };
  readonly invoicing: Invoicing;
  readonly portal: Portal;
  private readonly topics = topicsOf(this.name);
  private readonly appends: RecordedFact[][] = [];
  private books = new KnownBooks(new EventStoreInMemory(), codec);
  private publication: Publication;

  /** On the servers of the environment, begun; `close` ends it. */
  static async prepare(): Promise<PublishedLog> {
    const brokers = process.env['KAFKA_BROKERS']!.split(',');
    const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING });
    const [admin, mongo] = [kafka.admin(), new MongoClient(process.env['MONGODB_URL']!)];
    await Promise.all([admin.connect(), mongo.connect()]);
    const log = new PublishedLog(kafka, admin, mongo);
    await log.begin();
    return log;
  }

  constructor(
    readonly kafka: Kafka,
    private readonly admin: Admin,
    private readonly mongo: MongoClient,
    database = (consumer: string) => `${this.name}_${consumer}`,
  ) {
    this.databases = { invoicing: mongo.db(database('invoicing')), portal: mongo.db(database('portal')) };
    this.invoicing = new Invoicing(this.databases.invoicing, this.name);
    this.portal = new Portal(this.databases.portal, this.name);
    this.publication = this.newPublication();
  }

  /** Takes over from a publisher that runs, as after a restart. */
  async begin(): Promise<void> {
    await this.publication.close();
    this.publication = this.newPublication();
    await this.publication.position();
  }

  async publish(appends: readonly RecordedFact[][]): Promise<void> {
    this.appends.push(...appends);
    for (let from = 0; from < appends.length; from += APPENDS_IN_A_BATCH) {
      await this.publication.handle(appends.slice(from, from + APPENDS_IN_A_BATCH).flat());
    }
  }

  /** Passes a client's appends over, as the publisher does with one of whom something can't be handled. */
  async holdBack(appends: readonly RecordedFact[][]): Promise<void> {
    const events = appends.flat();
    const [first, last] = [events[0]!, events.at(-1)!];
    const heldBack = [{ stream: first.stream, from: first.revision, to: last.revision }];
    await this.publication.handle([], { ...checkpointAfter(events), heldBack });
  }

  /** Goes on without an append, as after a drop. */
  async giveUp(append: readonly RecordedFact[]): Promise<void> {
    const [{ client, revision: from }, last] = [append[0]!, append.at(-1)!] as const;
    const decided = { by: 'u-1', reason: 'nobody can read it', recordedAt: new Date() };
    await this.publication.skip({ client, from, to: last.revision, ...decided }, checkpointAfter(append));
    const before = [...this.published()].find(([one]) => one.clientId === client.clientId);
    if (before) this.books.remember(client, { book: before[1].book, revision: last.revision });
  }

  beat(): Promise<void> {
    return this.publication.heartbeat.beat();
  }

  async remove(): Promise<void> {
    await this.publication.close();
    const topics = [...contractTopics(this.topics), positionsTopic(this.topics)];
    await this.admin.deleteTopics({ topics }).catch(() => {});
    await Promise.all(Object.values(this.databases).map((database) => database.dropDatabase()));
  }

  /** As `remove`, and lets go of the servers. */
  async close(): Promise<void> {
    await this.remove();
    await Promise.all([this.admin.disconnect(), this.mongo.close()]);
  }

  /** Ends when both consumers have stored everything that the topics hold now. */
  async isConsumed(): Promise<void> {
    const read = [
      { by: this.invoicing, topic: this.invoicing.eventsTopic },
      { by: this.invoicing, topic: this.invoicing.routesTopic },
      { by: this.portal, topic: this.portal.accessTopic },
    ];
    const until = performance.now() + LIMIT_MS;
    for (const { by, topic } of read) {
      const ends = await this.admin.fetchTopicOffsets(topic);
      const isRead = async () => {
        const partitions = await by.progress.of(topic);
        return ends.every(({ partition, high }) =>
          partitions.some((of) => of.partition === partition && of.readTo >= Number(high)),
        );
      };
      while (!(await isRead())) {
        if (performance.now() > until) throw new Error(`${topic} was not read in ${LIMIT_MS} ms`);
        await sleep(50);
      }
    }
  }

  /** Compares both databases with the oracle: what a fresh fold of the log says of everyone. */
  async expectAllKnown(): Promise<void> {
    const books = new Map<string, ContactBook>();
    for (const { client, event } of this.appends.flat()) {
      const key = `${client.workspaceId}/${client.clientId}`;
      books.set(key, evolve(books.get(key) ?? initial(), event));
    }
    const known = { routes: new Map<string, object>(), access: new Map<string, object>() };
    for (const [client, book] of books) {
      known.routes.set(client, billingRoute(book));
      for (const contact of book.contacts.values()) {
        const { contactId, maySignIn: enabled, generation } = portalAccessOf(contact);
        known.access.set(`${client}/${contactId}`, { status: 'present', enabled, generation });
      }
      for (const { contactId, generation } of book.formerContacts) {
        known.access.set(`${client}/${contactId}`, { status: 'gone', enabled: false, generation });
      }
    }
    expect(known.routes.size).toBeGreaterThan(0);
    const { invoicing, portal } = this.databases;
    expect(
      await stored(invoicing, 'billing_routes', ['status', 'rule', 'email', 'contactId', 'passedOver']),
    ).toEqual(known.routes);
    expect(await stored(portal, 'contact_access', ['status', 'enabled', 'generation'])).toEqual(known.access);
    expect(await this.invoicing.status()).toMatchObject({ gaps: [] });
    expect(await this.invoicing.revisions.count()).toBe(books.size);
  }

  private newPublication(): Publication {
    const books = (this.books = new KnownBooks(new EventStoreInMemory(), codec));
    for (const [client, { book, revision }] of this.published()) books.remember(client, { book, revision });
    return new Publication('live', this.kafka, books, { ...PUBLICATION_DEFAULTS, topics: this.topics });
  }

  private published() {
    const known = new Map<RecordedFact['client'], { book: ContactBook; revision: number }>();
    const clients = new Map<string, RecordedFact['client']>();
    for (const { client, event, revision } of this.appends.flat()) {
      const first = clients.get(client.clientId) ?? client;
      clients.set(client.clientId, first);
      known.set(first, { book: evolve(known.get(first)?.book ?? initial(), event), revision });
    }
    return known;
  }
}

/** These fields of every document, by its id. */
async function stored(database: Db, collection: string, fields: string[]): Promise<Map<string, object>> {
  const projection = Object.fromEntries(fields.map((field) => [field, 1]));
  const found = await database.collection<{ _id: string }>(collection).find({}, { projection }).toArray();
  return new Map(found.map(({ _id, ...document }) => [_id, document]));
}
