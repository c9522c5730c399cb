import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { type Db, MongoClient } from 'mongodb';
import { pino } from 'pino';
import { Invoicing, invoicingFollower } from '../../consumers/invoicing/invoicing.js';
import { Portal, portalFollower } from '../../consumers/portal/portal.js';
import type { ReadingProgress } from '../../consumers/topic/reading-progress.js';
import type { TopicFollower } from '../../consumers/topic/topic-follower.js';
import { billingRoute } from '../../src/contact-book/billing-route.js';
import { type ContactBook, evolve, initial } from '../../src/contact-book/contact-book.js';
import { portalAccessOf } from '../../src/contact-book/portal-access.js';
import { KnownBooks } from '../../src/publishing/known-books.js';
import { Publication, PUBLICATION_DEFAULTS } from '../../src/publishing/publication.js';
import { contractTopics, positionsTopic, type TopicSettings } from '../../src/publishing/topics.js';
import { EventStoreInMemory } from '../fixtures/event-store-in-memory.js';
import { appendsOf, byAppend, command } from '../fixtures/random-histories.js';
import { codec, type RecordedFact, recordedEvents } from '../fixtures/recorded-events.js';

const LIMIT_MS = 40_000;
const SESSION_TIMEOUT_MS = 6_000;

describe('the consumers, behind the publisher', () => {
  const kafka = new Kafka({ brokers: process.env['KAFKA_BROKERS']!.split(','), logLevel: logLevel.NOTHING });
  const mongo = new MongoClient(process.env['MONGODB_URL']!);
  const log = pino({ level: 'silent' });
  let admin: Admin;
  let topics: TopicSettings;
  let publication: Publication;
  let databases: { invoicing: Db; portal: Db };
  let following: TopicFollower[];

  beforeAll(async () => {
    admin = kafka.admin();
    await admin.connect();
    await mongo.connect();
  });
  afterAll(async () => {
    await admin.disconnect();
    await mongo.close();
  });

  beforeEach(async () => {
    const name = `consumers-${randomUUID().slice(0, 8)}`;
    topics = {
      prefix: name,
      partitions: 3,
      replicationFactor: 1,
      minInsyncReplicas: 1,
      eventsRetentionMs: 3_600_000,
      maxCompactionLagMs: 3_600_000,
    };
    databases = { invoicing: mongo.db(`${name}_invoicing`), portal: mongo.db(`${name}_portal`) };
    following = [];
    const books = new KnownBooks(new EventStoreInMemory(), codec);
    publication = new Publication('live', kafka, books, { ...PUBLICATION_DEFAULTS, topics });
    await publication.position();
  });
  afterEach(async () => {
    await Promise.all(following.map((follower) => follower.stop()));
    await publication.close();
    await admin.deleteTopics({ topics: [...contractTopics(topics), positionsTopic(topics)] }).catch(() => {});
    await Promise.all(Object.values(databases).map((database) => database.dropDatabase()));
  });

  const settings = (groupId: string) => ({
    topicPrefix: topics.prefix,
    groupId: `${topics.prefix}-${groupId}`,
    sessionTimeoutMs: SESSION_TIMEOUT_MS,
  });
  const invoicing = () => new Invoicing(databases.invoicing, topics.prefix);
  const portal = () => new Portal(databases.portal, topics.prefix);
  /** A member more of each group. */
  const join = async (): Promise<TopicFollower[]> => {
    const members = [
      await invoicingFollower(kafka, invoicing(), log, settings('invoicing')),
      await portalFollower(kafka, portal(), log, settings('portal')),
    ];
    for (const member of members) member.follow().catch((error: unknown) => expect(error).toBeUndefined());
    following.push(...members);
    return members;
  };
  const leave = (members: readonly TopicFollower[]) => Promise.all(members.map((member) => member.stop()));

  /** Ends when both have stored everything that the topics hold now. */
  const caughtUp = async () => {
    const read: [ReadingProgress, string][] = [
      [invoicing().progress, `${topics.prefix}.events`],
      [invoicing().progress, `${topics.prefix}.billing-routes`],
      [portal().progress, `${topics.prefix}.portal-access`],
    ];
    const until = performance.now() + LIMIT_MS;
    for (const [progress, topic] of read) {
      const ends = await admin.fetchTopicOffsets(topic);
      const lacking = async () => {
        const partitions = await progress.of(topic);
        return ends.filter(({ partition, high }) => {
          return (partitions.find((of) => of.partition === partition)?.readTo ?? 0) < Number(high);
        });
      };
      while ((await lacking()).length > 0) {
        if (performance.now() > until)
          throw new Error(`${topic} was not read: ${JSON.stringify(await lacking())}`);
        await sleep(50);
      }
    }
  };

  /** Random histories of so many clients, whose appends take turns. */
  const histories = (clients: number, seed: number): RecordedFact[] => {
    const commands = fc.sample(fc.array(command, { minLength: 4, maxLength: 12 }), {
      seed,
      numRuns: clients,
    });
    const appends = commands.map((asked, index) =>
      byAppend(recordedEvents({ workspaceId: 'ws', clientId: `client-${index}` }, appendsOf(asked))),
    );
    const longest = Math.max(...appends.map(({ length }) => length));
    const turns = Array.from({ length: longest }, (_, turn) => appends.map((of) => of[turn] ?? []));
    return turns.flat(2) as RecordedFact[];
  };
  /** In batches of whole appends. */
  const publish = async (events: readonly RecordedFact[]) => {
    const appends = byAppend(events) as RecordedFact[][];
    for (let from = 0; from < appends.length; from += 10) {
      await publication.handle(appends.slice(from, from + 10).flat());
    }
  };

  /** The oracle: what a fresh fold of the events says of everyone. */
  const books = (events: readonly RecordedFact[]): Map<string, ContactBook> => {
    const folded = new Map<string, ContactBook>();
    for (const { client, event } of events) {
      const key = `${client.workspaceId}/${client.clientId}`;
      folded.set(key, evolve(folded.get(key) ?? initial(), event));
    }
    return folded;
  };
  const expectAllRight = async (events: readonly RecordedFact[]) => {
    const routes = await databases.invoicing
      .collection('billing_routes')
      .find({}, { projection: { status: 1, rule: 1, email: 1, contactId: 1, passedOver: 1 } })
      .sort({ _id: 1 })
      .toArray();
    const folded = [...books(events)].toSorted(([one], [other]) => (one < other ? -1 : 1));
    expect(routes).toEqual(folded.map(([_id, book]) => ({ _id, ...billingRoute(book) })));

    const contacts = await databases.portal
      .collection('contact_access')
      .find({}, { projection: { status: 1, enabled: 1, generation: 1 } })
      .toArray();
    const expected = folded.flatMap(([client, book]) => [
      ...[...book.contacts.values()].map((contact) => {
        const { contactId, maySignIn, generation } = portalAccessOf(contact);
        return { _id: `${client}/${contactId}`, status: 'present', enabled: maySignIn, generation };
      }),
      ...[...book.formerContacts].map(([contactId, { generation }]) => {
        return { _id: `${client}/${contactId}`, status: 'gone', enabled: false, generation };
      }),
    ]);
    const byId = (rows: readonly object[]) => new Map(rows.map((row) => [(row as { _id: string })._id, row]));
    expect(byId(contacts)).toEqual(byId(expected));

    expect(await invoicing().status()).toMatchObject({ gaps: [] });
  };

  it('start from nothing, and know what a fresh fold of the log says', async () => {
    const events = histories(20, 1);
    await publish(events);
    await join();
    await caughtUp();
    await expectAllRight(events);
  });

  it('know it when members come and go while it is published', async () => {
    const events = histories(20, 2);
    const third = Math.ceil(byAppend(events).length / 3);
    const part = (index: number) =>
      byAppend(events)
        .slice(index * third, (index + 1) * third)
        .flat() as RecordedFact[];
    const first = await join();
    await publish(part(0));
    await join();
    await publish(part(1));
    await leave(first);
    await publish(part(2));
    await caughtUp();
    await expectAllRight(events);
  });

  it('know it again after their databases were lost, though the group has read further', async () => {
    const events = histories(10, 3);
    await publish(events);
    const members = await join();
    await caughtUp();
    await leave(members);
    await Promise.all(Object.values(databases).map((database) => database.dropDatabase()));
    await join();
    await caughtUp();
    await expectAllRight(events);
  });

  it('have read to the end, though the last records were aborted', async () => {
    await publish(histories(5, 4));
    const next = new Publication('live', kafka, new KnownBooks(new EventStoreInMemory(), codec), {
      ...PUBLICATION_DEFAULTS,
      topics,
    });
    await next.position();
    await next.close();
    await join();
    await caughtUp();
    for (const status of [await invoicing().status(), await portal().status()]) {
      expect(status.freshness).not.toBe('catching_up');
    }
  });
});
