import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { CONTRACTS } from '../../contracts/contract.js';
import { RecordChecker } from '../../contracts/record-checker.js';
import { EventStoreInMemory } from '../../test/fixtures/event-store-in-memory.js';
import {
  codec,
  type RecordedFact,
  recordedEvents,
  storedFormOf,
} from '../../test/fixtures/recorded-events.js';
import { readTopic } from '../../test/fixtures/read-topic.js';
import { topicsOf } from '../../test/fixtures/topics-of.js';
import { type Checkpoint, checkpointAfter } from '../subscriptions/checkpoint.js';
import { HELD_BACK_KEY } from './held-back-list.js';
import { KnownBooks } from './known-books.js';
import { Publication, PUBLICATION_DEFAULTS } from './publication.js';
import {
  contractTopics,
  eventsTopic,
  portalAccessTopic,
  positionsTopic,
  stateTopics,
  type TopicSettings,
} from './topics.js';

const client = { workspaceId: 'ws', clientId: 'one' };
const HELD_BACK = { stream: 'clientContacts-ws.one', from: 1, to: 2 };

describe('a client whose events can not be published', () => {
  const kafka = new Kafka({ brokers: process.env['KAFKA_BROKERS']!.split(','), logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  let topics: TopicSettings;
  let eventStore: EventStoreInMemory;
  let publication: Publication;
  let appends: RecordedFact[];

  beforeAll(() => admin.connect());
  afterAll(() => admin.disconnect());
  beforeEach(async () => {
    topics = topicsOf(`spec-${randomUUID().slice(0, 8)}`, 2);
    eventStore = new EventStoreInMemory();
    appends = recordedEvents(
      client,
      ['ann', 'bob', 'cy'].map((contactId) => [
        {
          type: 'ContactAdded',
          data: { contactId, email: `${contactId}@client.example`, portalEnabled: true },
        },
      ]),
    );
    await eventStore.append(HELD_BACK.stream, -1, await Promise.all(appends.map(storedFormOf)));
    publication = open();
    await publication.position();
    await publication.handle(appends.slice(0, 1));
  });
  afterEach(async () => {
    await publication.close();
    await admin.deleteTopics({ topics: [...contractTopics(topics), positionsTopic(topics)] }).catch(() => {});
  });

  const open = () =>
    new Publication('live', kafka, new KnownBooks(eventStore, codec), { ...PUBLICATION_DEFAULTS, topics });
  const at = (event: RecordedFact, heldBack: Checkpoint['heldBack'] = []): Checkpoint => ({
    ...checkpointAfter([event]),
    ...(heldBack.length > 0 && { heldBack }),
  });
  /** The lists that a topic holds, each as the clients that it names, those of the client's partition alone. */
  const listsOn = async (topic: string) => {
    const records = await readTopic(kafka, topic);
    const { partition } = records.find(({ key }) => key.startsWith('ws/one'))!;
    return records
      .filter((record) => record.key === HELD_BACK_KEY && record.partition === partition)
      .map(({ value }) => (JSON.parse(value) as { clients: object[] }).clients);
  };
  const named = (revision: number, status = 'held_back') => [{ client: 'ws/one', revision, status }];
  const expectToldLast = async (...lists: object[][]) => {
    for (const topic of stateTopics(topics)) {
      expect((await listsOn(topic)).slice(-lists.length)).toEqual(lists);
    }
  };

  it('is named on both state topics, and no longer once they are published', async () => {
    await publication.handle([], at(appends[2]!, [HELD_BACK]));
    await publication.handle(appends.slice(1, 2), at(appends[2]!, [{ ...HELD_BACK, from: 2 }]));
    await publication.handle(appends.slice(2), at(appends[2]!));
    await expectToldLast([], named(1), named(2), []);
  });

  it('is named behind what is published in the same transaction, on every partition by the contract', async () => {
    const checker = await RecordChecker.ofFolder(CONTRACTS);
    await publication.handle([], at(appends[2]!, [HELD_BACK]));
    await publication.handle(appends.slice(1), at(appends[2]!));
    for (const topic of stateTopics(topics)) {
      const records = await readTopic(kafka, topic);
      for (const { value, ...record } of records) {
        expect(checker.faultsIn({ topic, ...record, value: JSON.parse(value) as unknown })).toEqual([]);
      }
      expect(new Set(records.filter(({ key }) => key === HELD_BACK_KEY).map((of) => of.partition))).toEqual(
        new Set([0, 1]),
      );
    }
    const access = await readTopic(kafka, portalAccessTopic(topics));
    const { partition } = access.find(({ key }) => key === 'ws/one/cy')!;
    const keys = access.filter((record) => record.partition === partition).map(({ key }) => key);
    expect(keys.slice(-3)).toEqual(['ws/one/bob', 'ws/one/cy', HELD_BACK_KEY]);
  });

  it('is not named where nothing was committed', async () => {
    const fencing = open();
    await fencing.position();
    await expect(publication.handle([], at(appends[2]!, [HELD_BACK]))).rejects.toThrow('taken over');
    await fencing.heartbeat.beat();
    await fencing.close();
    await expectToldLast([], []);
  });

  it('is named again after any interruption, with the next heartbeat', async () => {
    await publication.handle([], at(appends[2]!, [HELD_BACK]));
    expect(await publication.position()).toMatchObject({ heldBack: [HELD_BACK] });
    await publication.heartbeat.beat();
    await publication.heartbeat.beat();
    await expectToldLast([], named(1), named(1));
  });

  it('stays named for good once something of it was given up, whoever publishes', async () => {
    await publication.handle([], at(appends[2]!, [HELD_BACK]));
    const skipped = { client, from: 1, to: 1, recordedAt: new Date(), by: 'u-1', reason: 'unreadable' };
    await publication.skip(skipped, at(appends[2]!, [{ ...HELD_BACK, from: 2 }]));
    await publication.handle(appends.slice(2), at(appends[2]!));
    await expectToldLast(named(1), named(1, 'skipped'));
    await publication.close();
    publication = open();
    expect(await publication.position()).toEqual(at(appends[2]!));
    await publication.heartbeat.beat();
    await expectToldLast(named(1), named(1, 'skipped'), named(1, 'skipped'));
    const events = await readTopic(kafka, eventsTopic(topics));
    const revisions = events.map(({ headers }) => headers['ce_sequence']).filter(Boolean);
    expect(revisions.map(Number)).toEqual([0, 1, 2]);
  });
});
