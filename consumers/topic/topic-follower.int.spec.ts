import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Producer } from 'kafkajs';
import { type Db, MongoClient } from 'mongodb';
import { pino } from 'pino';
import { CONTRACTS } from '../../contracts/contract.js';
import { type ExampleRecord, readExamples } from '../../contracts/examples.js';
import { type PublishedRecord, RecordReader, UnreadableRecord } from './published-record.js';
import { ReadingProgress } from './reading-progress.js';
import { kafkaClient } from './servers.js';
import { TopicFollower } from './topic-follower.js';

const LIMIT_MS = 20_000;

describe('following a topic', () => {
  const kafka = kafkaClient('follower-spec', process.env['KAFKA_BROKERS']!.split(','));
  const mongo = new MongoClient(process.env['MONGODB_URL']!);
  const admin = kafka.admin();
  let examples: Readonly<Record<string, ExampleRecord>>;
  let reader: RecordReader;
  let producer: Producer;
  let topic: string;
  let database: Db;
  let progress: ReadingProgress;
  let taken: PublishedRecord[];
  let following: TopicFollower[];

  beforeAll(async () => {
    [examples, reader] = [await readExamples(CONTRACTS), await RecordReader.ofContract()];
    await Promise.all([admin.connect(), mongo.connect()]);
  });
  afterAll(() => Promise.all([admin.disconnect(), mongo.close()]));
  beforeEach(async () => {
    const name = `follower-${randomUUID().slice(0, 8)}`;
    topic = `${name}.billing-routes`;
    database = mongo.db(name);
    progress = new ReadingProgress(database);
    [taken, following] = [[], []];
    await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: true });
    producer = kafka.producer();
    await producer.connect();
  });
  afterEach(async () => {
    await Promise.all(following.map((follower) => follower.stop()));
    await producer.disconnect();
    await admin.deleteTopics({ topics: [topic] });
    await database.dropDatabase();
  });

  const member = (take = async (records: readonly PublishedRecord[]) => void taken.push(...records)) => {
    const settings = { groupId: topic, topics: [topic], sessionTimeoutMs: 6_000 };
    const follower = new TopicFollower(kafka, settings, reader, progress, take, pino({ level: 'silent' }));
    following.push(follower);
    return follower;
  };
  const produce = (...values: { revision?: number; value?: unknown }[]) => {
    const { key, headers, value } = examples['billing-route.v1.json']!;
    const messages = values.map(({ revision = 5, value: other = value }) => ({
      key,
      partition: 0,
      headers: { ...headers, ce_sequence: String(revision).padStart(10, '0') },
      value: JSON.stringify(other),
    }));
    return producer.send({ topic, messages });
  };
  const until = async (isSo: () => boolean) => {
    const end = performance.now() + LIMIT_MS;
    while (!isSo() && performance.now() < end) await sleep(20);
    expect(isSo()).toBe(true);
  };
  const revisions = () => taken.map(({ revision }) => revision);

  it('takes in what was there and what comes, in order, and says how far it is', async () => {
    await produce({ revision: 1 }, { revision: 2 });
    member()
      .follow()
      .catch(() => {});
    await until(() => taken.length === 2);
    await produce({ revision: 3 });
    await until(() => taken.length === 3);
    expect(revisions()).toEqual([1, 2, 3]);
    await following[0]!.stop();
    expect(await progress.of(topic)).toMatchObject([{ partition: 0, end: 2, readTo: 3 }]);
  });

  it('goes on behind what it stored, as another member of the group', async () => {
    await produce({ revision: 1 });
    member()
      .follow()
      .catch(() => {});
    await until(() => taken.length === 1);
    await following[0]!.stop();
    await produce({ revision: 2 });
    member()
      .follow()
      .catch(() => {});
    await until(() => taken.length === 2);
    expect(revisions()).toEqual([1, 2]);
  });

  it('stops at what it can not read, behind what came before it, and again after a restart', async () => {
    await produce({ revision: 1 }, { revision: 2, value: { status: 'routed' } }, { revision: 3 });
    for (let start = 0; start < 2; start++) {
      await expect(member().follow()).rejects.toThrow(UnreadableRecord);
      expect(new Set(revisions())).toEqual(new Set([1]));
    }
    expect(await progress.of(topic)).toMatchObject([{ readTo: 0, end: 3 }]);
  });

  it('takes a batch in again that could not be stored, and passes over none of it', async () => {
    let failures = 3;
    await produce({ revision: 1 }, { revision: 2 });
    member(async (records) => {
      if (failures-- > 0) throw new Error('the database is away');
      taken.push(...records);
    })
      .follow()
      .catch(() => {});
    await until(() => taken.length === 2);
    expect(revisions()).toEqual([1, 2]);
    await following[0]!.stop();
    expect(await progress.of(topic)).toMatchObject([{ readTo: 2 }]);
  });
});
