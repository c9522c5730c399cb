import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Admin } from 'kafkajs';
import {
  connectWire,
  coordinatorReady,
  createTopic,
  eventually,
  kafka,
  producerOf,
  transactionalProducerOf,
  unique,
  type WireBroker,
} from './client.js';

describe('offsets', () => {
  let wire: WireBroker;
  let admin: Admin;
  let topic: string;

  beforeAll(async () => {
    wire = await connectWire();
    await coordinatorReady(wire);
    admin = kafka.admin();
    await admin.connect();
  });
  afterAll(async () => {
    await wire.disconnect();
    await admin.disconnect();
  });
  beforeEach(async () => {
    topic = await createTopic();
  });

  async function produce(...messages: { value: string; timestamp?: string }[]): Promise<void> {
    const producer = producerOf(kafka);
    await producer.connect();
    await producer.send({ topic, messages });
    await producer.disconnect();
  }

  async function listed(
    timestamp: string,
    isolationLevel = 0,
  ): Promise<{ offset: string; timestamp: string }> {
    const { responses } = await wire.listOffsets({
      replicaId: -1,
      isolationLevel,
      topics: [{ topic, partitions: [{ partition: 0, timestamp }] }],
    });
    const { offset, timestamp: found } = responses[0]!.partitions[0]!;
    return { offset, timestamp: found };
  }

  describe('of a log', () => {
    it('are found for its start and its end', async () => {
      await produce({ value: 'a' }, { value: 'b' });
      expect(await admin.fetchTopicOffsets(topic)).toMatchObject([{ low: '0', high: '2', offset: '2' }]);
    });

    it('are found for a time: the first record that is not older', async () => {
      const now = Date.now();
      const at = (age: number): string => String(now - age);
      await produce({ value: 'a', timestamp: at(3000) }, { value: 'b', timestamp: at(2000) });
      await produce({ value: 'c', timestamp: at(1000) });
      expect(await listed(at(9000))).toEqual({ offset: '0', timestamp: at(3000) });
      expect(await listed(at(2000))).toEqual({ offset: '1', timestamp: at(2000) });
      expect(await listed(at(1999))).toEqual({ offset: '2', timestamp: at(1000) });
      expect(await listed(at(0))).toEqual({ offset: '-1', timestamp: '-1' });
    });

    it('end, for who reads committed records only, where the first open transaction begins', async () => {
      await produce({ value: 'a' });
      const producer = transactionalProducerOf(kafka, unique('id'));
      await producer.connect();
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: [{ value: 'open' }] });
      expect(await listed('-1', 0)).toMatchObject({ offset: '2' });
      expect(await listed('-1', 1)).toMatchObject({ offset: '1' });
      await transaction.commit();
      await eventually(async () => ((await listed('-1', 1)).offset === '3' ? true : undefined));
      await producer.disconnect();
    });
  });

  describe('of a group', () => {
    let groupId: string;

    beforeEach(() => {
      groupId = unique('group');
    });

    const commit = (offset: string, more: object = {}): Promise<object> =>
      wire.offsetCommit({
        groupId,
        groupGenerationId: -1,
        memberId: '',
        topics: [{ topic, partitions: [{ partition: 0, offset, metadata: 'note' }] }],
        ...more,
      });

    const committed = async (): Promise<object> => {
      const { responses } = await wire.offsetFetch({
        groupId,
        topics: [{ topic, partitions: [{ partition: 0 }] }],
      });
      return responses[0]!.partitions[0]!;
    };

    it('are -1 until it commits', async () => {
      expect(await committed()).toMatchObject({ offset: '-1', metadata: '' });
    });

    it('are the last ones it committed, with their metadata', async () => {
      await commit('5');
      await commit('7');
      expect(await committed()).toMatchObject({ offset: '7', metadata: 'note' });
    });

    it('can be asked for without naming a topic', async () => {
      await commit('5');
      expect(await admin.fetchOffsets({ groupId })).toMatchObject([
        { topic, partitions: [{ partition: 0, offset: '5' }] },
      ]);
    });

    it('are not committed for a topic that there is not', async () => {
      const missing = { topics: [{ topic: unique('missing'), partitions: [{ partition: 0, offset: '1' }] }] };
      await expect(commit('1', missing)).rejects.toMatchObject({ type: 'UNKNOWN_TOPIC_OR_PARTITION' });
    });

    it('are not committed by a member or a generation that there is not', async () => {
      const stranger = commit('1', { memberId: 'stranger', groupGenerationId: 3 });
      await expect(stranger).rejects.toMatchObject({ type: 'ILLEGAL_GENERATION' });
    });

    it('are not committed with metadata above 4 KiB', async () => {
      const long = {
        topics: [{ topic, partitions: [{ partition: 0, offset: '1', metadata: 'x'.repeat(4097) }] }],
      };
      await expect(commit('1', long)).rejects.toMatchObject({ type: 'OFFSET_METADATA_TOO_LARGE' });
    });

    it('go with the topic', async () => {
      await commit('1');
      await admin.deleteTopics({ topics: [topic] });
      await admin.createTopics({ topics: [{ topic }] });
      await eventually(async () =>
        ((await committed()) as { offset: string }).offset === '-1' ? true : undefined,
      );
    });

    it('are set and reset by an administrator while nobody is in the group', async () => {
      await produce({ value: 'a' }, { value: 'b' });
      await admin.setOffsets({ groupId, topic, partitions: [{ partition: 0, offset: '1' }] });
      expect(await committed()).toMatchObject({ offset: '1' });
      await admin.resetOffsets({ groupId, topic, earliest: true });
      const earliest = '-2'; // kafkajs leaves it to the consumer to find it
      expect(await committed()).toMatchObject({ offset: earliest });
    });
  });
});
