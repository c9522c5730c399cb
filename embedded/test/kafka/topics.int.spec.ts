import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Admin } from 'kafkajs';
import { connectWire, createTopic, fetchOnce, kafka, producerOf, unique, type WireBroker } from './client.js';

describe('topics', () => {
  let admin: Admin;
  let wire: WireBroker;

  beforeAll(async () => {
    admin = kafka.admin();
    await admin.connect();
    wire = await connectWire();
  });
  afterAll(async () => {
    await admin.disconnect();
    await wire.disconnect();
  });

  async function send(topic: string, ...values: string[]): Promise<void> {
    const producer = producerOf(kafka);
    await producer.connect();
    for (const value of values) await producer.send({ topic, messages: [{ value, partition: 0 }] });
    await producer.disconnect();
  }

  async function deleteRecordsBefore(topic: string, offset: string): Promise<void> {
    await admin.fetchTopicOffsets(topic); // kafkajs deletes from partitions only whose leaders it has learnt
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset }] });
  }

  async function partitionsOf(topic: string): Promise<number[]> {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    return topics[0]!.partitions.map(({ partitionId }) => partitionId).toSorted((a, b) => a - b);
  }

  it('tells of a topic that there is no such topic, and does not create it', async () => {
    const topic = unique('missing');
    await expect(wire.metadata([topic])).rejects.toMatchObject({ type: 'UNKNOWN_TOPIC_OR_PARTITION' });
    expect(await admin.listTopics()).not.toContain(topic);
  });

  it('creates a topic with the partitions asked for, all led by the broker that answers', async () => {
    const topic = await createTopic({ numPartitions: 3 });
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    const { controller } = await admin.describeCluster();
    expect(topics[0]!.partitions).toHaveLength(3);
    expect(topics[0]!.partitions.every(({ leader }) => leader === controller)).toBe(true);
    expect(await admin.listTopics()).toContain(topic);
  });

  it('gives a topic one partition when no number is given', async () => {
    const topic = unique('topic');
    await admin.createTopics({ topics: [{ topic }] });
    expect(await partitionsOf(topic)).toEqual([0]);
  });

  it('does not create a topic twice', async () => {
    const topic = await createTopic();
    expect(await admin.createTopics({ topics: [{ topic }] })).toBe(false);
  });

  it('only checks when asked to validate', async () => {
    const topic = unique('topic');
    await admin.createTopics({ topics: [{ topic }], validateOnly: true, waitForLeaders: false });
    expect(await admin.listTopics()).not.toContain(topic);
  });

  it.each([
    ['a name with a blank', { topic: 'a b' }, 'INVALID_TOPIC_EXCEPTION'],
    ['no partitions', { topic: unique('t'), numPartitions: 0 }, 'INVALID_PARTITIONS'],
    [
      'more replicas than brokers',
      { topic: unique('t'), replicationFactor: 2 },
      'INVALID_REPLICATION_FACTOR',
    ],
    [
      'a setting that there is not',
      { topic: unique('t'), configEntries: [{ name: 'no.such.setting', value: '1' }] },
      'INVALID_CONFIG',
    ],
    [
      'a value that a setting cannot have',
      { topic: unique('t'), configEntries: [{ name: 'cleanup.policy', value: 'burn' }] },
      'INVALID_CONFIG',
    ],
  ])('refuses a topic with %s', async (_what, topic, type) => {
    await expect(admin.createTopics({ topics: [topic] })).rejects.toMatchObject({
      errors: [{ type }],
    });
  });

  it('adds partitions, and takes none away', async () => {
    const topic = await createTopic({ numPartitions: 2 });
    await admin.createPartitions({ topicPartitions: [{ topic, count: 4 }] });
    expect(await partitionsOf(topic)).toEqual([0, 1, 2, 3]);
    const fewer = admin.createPartitions({ topicPartitions: [{ topic, count: 1 }] });
    await expect(fewer).rejects.toMatchObject({ type: 'INVALID_PARTITIONS' });
  });

  it('deletes a topic with its records: one of the same name begins empty', async () => {
    const topic = await createTopic();
    await send(topic, 'old');
    await admin.deleteTopics({ topics: [topic] });
    expect(await admin.listTopics()).not.toContain(topic);
    await admin.createTopics({ topics: [{ topic }] });
    expect(await admin.fetchTopicOffsets(topic)).toMatchObject([{ low: '0', high: '0' }]);
  });

  it('refuses to delete a topic that there is not', async () => {
    const impatient = kafka.admin({ retry: { retries: 0 } });
    await impatient.connect();
    const deletion = impatient.deleteTopics({ topics: [unique('missing')] });
    await expect(deletion).rejects.toMatchObject({ cause: { type: 'UNKNOWN_TOPIC_OR_PARTITION' } });
    await impatient.disconnect();
  });

  it('deletes the records before an offset, and keeps the offsets of the others', async () => {
    const topic = await createTopic();
    await send(topic, 'zero', 'one', 'two');
    await deleteRecordsBefore(topic, '2');
    expect(await admin.fetchTopicOffsets(topic)).toMatchObject([{ low: '2', high: '3' }]);
    const { messages } = await fetchOnce(wire, topic, { from: 2 });
    expect(messages.map(({ offset, value }) => [offset, String(value)])).toEqual([['2', 'two']]);
    await expect(fetchOnce(wire, topic, { from: 1 })).rejects.toMatchObject({ type: 'OFFSET_OUT_OF_RANGE' });
  });

  it('deletes all records when asked for the offset -1', async () => {
    const topic = await createTopic();
    await send(topic, 'zero', 'one');
    await deleteRecordsBefore(topic, '-1');
    expect(await admin.fetchTopicOffsets(topic)).toMatchObject([{ low: '2', high: '2' }]);
  });

  it('deletes no records behind the last one', async () => {
    const topic = await createTopic();
    await send(topic, 'zero');
    await expect(deleteRecordsBefore(topic, '9')).rejects.toMatchObject({
      cause: { partitions: [{ partition: 0, error: { type: 'OFFSET_OUT_OF_RANGE' } }] },
    });
  });
});
