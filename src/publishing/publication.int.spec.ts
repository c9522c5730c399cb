import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { EventStoreInMemory } from '../../test/fixtures/event-store-in-memory.js';
import {
  codec,
  type RecordedFact,
  recordedEvents,
  storedFormOf,
} from '../../test/fixtures/recorded-events.js';
import { readTopic } from '../../test/fixtures/read-topic.js';
import { topicsOf } from '../../test/fixtures/topics-of.js';
import type { ContactBookEvent } from '../contact-book/events.js';

import { checkpointAfter } from '../subscriptions/checkpoint.js';
import type { Skip } from '../subscriptions/skips.js';
import { KnownBooks } from './known-books.js';
import { Publication, PUBLICATION_DEFAULTS } from './publication.js';
import { recordsOfBatch } from './records-of-batch.js';
import {
  MissingPositions,
  MissingTopics,
  PublicationFenced,
  RecordTooLarge,
  UnfinishedTransaction,
} from './publication-errors.js';
import {
  billingRoutesTopic,
  contractTopics,
  eventsTopic,
  portalAccessTopic,
  positionsTopic,
  type TopicSettings,
  WrongPartitionCount,
} from './topics.js';

const added = (contactId: string): ContactBookEvent => ({
  type: 'ContactAdded',
  data: { contactId, email: `${contactId}@client.example`, portalEnabled: true },
});

describe('a publication', () => {
  const kafka = new Kafka({ brokers: process.env['KAFKA_BROKERS']!.split(','), logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  let topics: TopicSettings;
  let eventStore: EventStoreInMemory;
  let opened: Publication[];

  beforeEach(async () => {
    topics = topicsOf(`spec-${randomUUID().slice(0, 8)}`);
    eventStore = new EventStoreInMemory();
    opened = [];
    await admin.connect();
  });
  afterEach(async () => {
    await Promise.all(opened.map((publication) => publication.close()));
    await admin.deleteTopics({ topics: [...contractTopics(topics), positionsTopic(topics)] }).catch(() => {});
  });
  afterAll(() => admin.disconnect());

  const open = (books = new KnownBooks(eventStore, codec)) => {
    const publication = new Publication('live', kafka, books, { ...PUBLICATION_DEFAULTS, topics });
    opened.push(publication);
    return publication;
  };
  /** A client's events, each in an append of its own, which stand in the log. */
  const history = async (clientId: string, length: number): Promise<RecordedFact[]> => {
    const events = recordedEvents(
      { workspaceId: 'ws', clientId },
      Array.from({ length }, (_, index) => [added(`contact-${index}`)]),
    );
    await eventStore.append(events[0]!.stream, -1, await Promise.all(events.map(storedFormOf)));
    return events;
  };
  const published = async () =>
    (await readTopic(kafka, eventsTopic(topics))).map(
      ({ key, headers }) => `${key} ${Number(headers['ce_sequence'])}`,
    );

  it('starts at the beginning of the log, and afterwards behind what it has published', async () => {
    const events = await history('one', 5);
    const publication = open();
    expect(await publication.position()).toBeUndefined();
    await publication.handle(events.slice(0, 2));
    await publication.handle(events.slice(2));
    await publication.close();
    expect(await open().position()).toMatchObject(events.at(-1)!.position);
  });

  it('writes each event once, in order by client, as a CloudEvent', async () => {
    const [one, two] = [await history('one', 4), await history('two', 4)];
    const publication = open();
    await publication.position();
    await publication.handle([one[0]!, two[0]!, one[1]!, two[1]!]);
    await publication.handle([two[2]!, one[2]!, one[3]!, two[3]!]);
    const records = await readTopic(kafka, eventsTopic(topics));
    for (const client of ['one', 'two']) {
      const sequence = records
        .filter(({ key }) => key === `ws/${client}`)
        .map(({ headers }) => Number(headers['ce_sequence']));
      expect(sequence).toEqual([0, 1, 2, 3]);
    }
    expect(records.find(({ key }) => key === 'ws/one')).toMatchObject({
      value: JSON.stringify({
        contactId: 'contact-0',
        email: 'contact-0@client.example',
        name: null,
        title: null,
        phone: null,
        portalEnabled: true,
        generation: 1,
      }),
      headers: {
        ce_specversion: '1.0',
        ce_id: one[0]!.eventId,
        ce_type: 'client-contacts.contact-added.v1',
        ce_time: one[0]!.recordedAt.toISOString(),
        'content-type': 'application/json',
      },
    });
  });

  it('takes over from a publisher that still runs, which can then publish no more', async () => {
    const events = await history('one', 3);
    const former = open();
    await former.position();
    await former.handle(events.slice(0, 1));
    const next = open();
    expect(await next.position()).toMatchObject(events[0]!.position);
    await expect(former.handle(events.slice(1, 2))).rejects.toThrow(PublicationFenced);
    await next.handle(events.slice(1));
    expect(await published()).toEqual(['ws/one 0', 'ws/one 1', 'ws/one 2']);
  });

  it('finds its position behind many transactions', async () => {
    const events = await history('one', 40);
    const publication = open();
    await publication.position();
    for (const event of events) await publication.handle([event]);
    expect(await open().position()).toMatchObject(events.at(-1)!.position);
  });

  it('finds its position behind more records than it looks through first', async () => {
    const events = await history('one', 1);
    const publication = open();
    await publication.position();
    await publication.handle(events);
    const producer = kafka.producer();
    await producer.connect();
    const others = Array.from({ length: 1500 }, (_, index) => ({ key: `other-${index}`, value: '' }));
    await producer.send({ topic: positionsTopic(topics), messages: others });
    await producer.disconnect();
    expect(await open().position()).toMatchObject(events[0]!.position);
  });

  it('starts at the beginning once more after its first batch failed halfway', async () => {
    await open().position();
    const producer = kafka.producer({ transactionalId: `${topics.prefix}.live`, maxInFlightRequests: 1 });
    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.send({ topic: eventsTopic(topics), messages: [{ key: 'ws/one', value: 'half' }] });
    await transaction.abort();
    await producer.disconnect();
    expect(await open().position()).toBeUndefined();
  });

  it('refuses to begin anew where there are records but no position', async () => {
    const publication = open();
    await publication.position();
    await publication.handle(await history('one', 2));
    await publication.close();
    await admin.deleteTopics({ topics: [positionsTopic(topics)] });
    await expect(open().position()).rejects.toThrow(MissingTopics);
    await admin.createTopics({ topics: [{ topic: positionsTopic(topics), numPartitions: 1 }] });
    await expect(open().position()).rejects.toThrow(MissingPositions);
    expect(await published()).toEqual(['ws/one 0', 'ws/one 1']);
  });

  it('says beside the events who gets the invoices and who may sign in', async () => {
    const publication = open();
    await publication.position();
    await publication.handle(await history('one', 2));
    const ofClients = async (topic: string) =>
      (await readTopic(kafka, topic)).filter(({ key }) => key.includes('/'));
    const routes = await ofClients(billingRoutesTopic(topics));
    expect(routes.map(({ key, headers }) => [key, Number(headers['ce_sequence'])])).toEqual([['ws/one', 0]]);
    const access = await ofClients(portalAccessTopic(topics));
    expect(access.map(({ key }) => key)).toEqual(['ws/one/contact-0', 'ws/one/contact-1']);
  });

  it('says on every partition that it lives, beside what it publishes', async () => {
    const publication = open();
    await publication.position();
    await publication.handle(await history('one', 1));
    await publication.heartbeat.beat();
    for (const topic of contractTopics(topics)) {
      const beats = (await readTopic(kafka, topic)).filter(({ key }) => key === 'heartbeat');
      expect(new Set(beats.map(({ partition }) => partition))).toEqual(new Set([0, 1, 2]));
    }
  });

  it('names the record that is too large for Kafka, and publishes nothing of its batch', async () => {
    const publication = open();
    await publication.position();
    const [first, second] = await history('one', 2);
    const name = 'x'.repeat(1_000_001);
    const event = { type: 'ContactAdded', data: { ...added('big').data, name } } as ContactBookEvent;
    const refused = publication.handle([first!, { ...second!, event }]);
    await expect(refused).rejects.toMatchObject({ recordKey: 'ws/one', revision: 1 });
    await expect(refused).rejects.toThrow(RecordTooLarge);
    expect(await published()).toEqual([]);
  });

  it('forgets the book that holds what is skipped: it was translated before it failed', async () => {
    const [first, failed] = await history('one', 2);
    const decided: Skip[] = [];
    const books = new KnownBooks(eventStore, codec, { of: async () => decided });
    const publication = open(books);
    await publication.position();
    await publication.handle([first!]);
    await recordsOfBatch([failed!], books, topics.partitions);
    const { client, stream, recordedAt } = failed!;
    const decision = { from: 1, to: 1, by: 'spec', reason: '' };
    decided.push({ subscriber: 'publisher', stream, ...decision, decidedAt: new Date() });
    await publication.skip({ client, recordedAt, ...decision }, checkpointAfter([failed!]));
    expect([...(await books.asOf(client, 1)).book.contacts.keys()]).toEqual(['contact-0']);
  });

  it('does not go on while a transaction of another hand holds its readers back', async () => {
    await open().position();
    const other = kafka.producer({ transactionalId: `other-${topics.prefix}`, maxInFlightRequests: 1 });
    await other.connect();
    const transaction = await other.transaction();
    await transaction.send({ topic: eventsTopic(topics), messages: [{ key: 'ws/one', value: 'open' }] });
    await expect(open().position()).rejects.toThrow(UnfinishedTransaction);
    await transaction.abort();
    await other.disconnect();
    await expect(open().position()).resolves.toBeUndefined();
  });

  it("leaves the number of replicas to the broker's default", async () => {
    topics = { ...topics, replicationFactor: -1 };
    expect(await open().position()).toBeUndefined();
  });

  it('refuses topics with another number of partitions than configured, which would break the order', async () => {
    await open().position();
    topics = { ...topics, partitions: 4 };
    await expect(open().position()).rejects.toThrow(WrongPartitionCount);
  });
});
