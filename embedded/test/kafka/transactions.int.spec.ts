import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Admin } from 'kafkajs';
import {
  connectWire,
  consume,
  createTopic,
  eventually,
  fetchOnce,
  initProducer,
  kafka,
  producerOf,
  transactionalProducerOf,
  unique,
  type WireBroker,
} from './client.js';

describe('transactions', () => {
  let wire: WireBroker;
  let admin: Admin;
  let topic: string;
  let transactionalId: string;

  beforeAll(async () => {
    wire = await connectWire();
    admin = kafka.admin();
    await admin.connect();
  });
  afterAll(async () => {
    await wire.disconnect();
    await admin.disconnect();
  });
  beforeEach(async () => {
    topic = await createTopic({ numPartitions: 2 });
    transactionalId = unique('id');
  });

  type Identity = { producerId: string; producerEpoch: number };

  async function addPartition(producer: Identity, partition = 0, to = topic): Promise<void> {
    // A real broker is still ending the transaction before when it says CONCURRENT_TRANSACTIONS.
    await eventually(() =>
      wire
        .addPartitionsToTxn({
          transactionalId,
          ...producer,
          topics: [{ topic: to, partitions: [partition] }],
        })
        .then(
          () => true,
          (error: { type: string }) => {
            if (error.type === 'CONCURRENT_TRANSACTIONS') return undefined;
            throw error;
          },
        ),
    );
  }

  const produce = (producer: Identity, firstSequence: number, value: string) =>
    wire.produce({
      transactionalId,
      ...producer,
      acks: -1,
      timeout: 1000,
      compression: 0,
      topicData: [{ topic, partitions: [{ partition: 0, firstSequence, messages: [{ key: 'k', value }] }] }],
    });

  const end = (producer: Identity, transactionResult: boolean) =>
    wire.endTxn({ transactionalId, ...producer, transactionResult });

  describe('through kafkajs', () => {
    it('show what was committed and hide what was aborted, in every partition and for every later reader', async () => {
      const producer = transactionalProducerOf(kafka, transactionalId);
      await producer.connect();
      for (const [round, outcome] of ['commit', 'abort', 'commit', 'abort', 'commit'].entries()) {
        const transaction = await producer.transaction();
        await transaction.send({
          topic,
          messages: [
            { value: `${outcome} ${round} a`, partition: 0 },
            { value: `${outcome} ${round} b`, partition: 0 },
          ],
        });
        if (outcome === 'commit') await transaction.commit();
        else await transaction.abort();
      }
      await producer.disconnect();
      expect(await consume(topic)).toEqual([0, 2, 4].flatMap((i) => [`commit ${i} a`, `commit ${i} b`]));
      expect(await consume(topic, { readUncommitted: true })).toHaveLength(10);
    });

    it('show nothing of an open one, and what comes behind it only when it has ended', async () => {
      const producer = transactionalProducerOf(kafka, transactionalId);
      await producer.connect();
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: [{ value: 'open', partition: 0 }] });
      const plain = producerOf(kafka);
      await plain.connect();
      await plain.send({ topic, messages: [{ value: 'behind', partition: 0 }] });
      await plain.disconnect();
      const held = await fetchOnce(wire, topic, { isolationLevel: 1 });
      expect(held).toMatchObject({ messages: [], highWatermark: '2', lastStableOffset: '0' });
      await transaction.abort();
      expect(await consume(topic)).toEqual(['behind']);
      await producer.disconnect();
    });

    it('commit the offsets of a group together with the records, and drop them with an abort', async () => {
      const groupId = unique('group');
      const producer = transactionalProducerOf(kafka, transactionalId);
      await producer.connect();
      const offset = async (): Promise<string> => {
        const [fetched] = await admin.fetchOffsets({ groupId, topics: [topic] });
        return fetched!.partitions.find(({ partition }) => partition === 0)!.offset;
      };
      const sendOffset = async (value: string, outcome: 'commit' | 'abort'): Promise<void> => {
        const transaction = await producer.transaction();
        await transaction.sendOffsets({
          consumerGroupId: groupId,
          topics: [{ topic, partitions: [{ partition: 0, offset: value }] }],
        });
        expect(await offset()).not.toBe(value);
        await transaction[outcome]();
      };
      await sendOffset('3', 'commit');
      await eventually(async () => ((await offset()) === '3' ? true : undefined));
      await sendOffset('9', 'abort');
      expect(await offset()).toBe('3');
      await producer.disconnect();
    });

    it('fence the producer whose transactional id another one has taken over', async () => {
      const old = transactionalProducerOf(kafka, transactionalId, {
        retry: { retries: 2, initialRetryTime: 5 },
      });
      await old.connect();
      const transaction = await old.transaction();
      await transaction.send({ topic, messages: [{ value: 'old', partition: 0 }] });
      const successor = transactionalProducerOf(kafka, transactionalId);
      await successor.connect();
      const next = await successor.transaction();
      await next.send({ topic, messages: [{ value: 'new', partition: 0 }] });
      const late = transaction.send({ topic, messages: [{ value: 'late', partition: 0 }] });
      await expect(late).rejects.toMatchObject({ type: 'INVALID_PRODUCER_EPOCH' });
      await next.commit();
      expect(await consume(topic)).toEqual(['new']);
      await old.disconnect();
      await successor.disconnect();
    });
  });

  describe('on the wire', () => {
    it('raise the epoch of an id each time it is taken over, and keep its producer id', async () => {
      const first = await initProducer(wire, transactionalId);
      const second = await initProducer(wire, transactionalId);
      expect(first.producerEpoch).toBe(0);
      expect(second).toEqual({ ...first, producerEpoch: 1 });
    });

    it('name the aborted ones to who reads committed records, and to nobody else', async () => {
      const producer = await initProducer(wire, transactionalId);
      await addPartition(producer);
      await produce(producer, 0, 'aborted');
      await end(producer, false);
      const fetched = await eventually(async () => {
        const answer = await fetchOnce(wire, topic, { isolationLevel: 1 });
        return answer.lastStableOffset === '2' ? answer : undefined;
      });
      expect(fetched.abortedTransactions).toEqual([{ producerId: producer.producerId, firstOffset: '0' }]);
      expect(fetched.messages.map(({ isControlRecord }) => isControlRecord)).toEqual([false, true]);
      const uncommitted = await fetchOnce(wire, topic);
      expect(uncommitted.abortedTransactions ?? []).toEqual([]);
    });

    it('mark the end in each partition that was added, with or without records', async () => {
      const producer = await initProducer(wire, transactionalId);
      await addPartition(producer);
      await end(producer, true);
      const { messages } = await eventually(async () => {
        const answer = await fetchOnce(wire, topic);
        return answer.messages.length > 0 ? answer : undefined;
      });
      expect(messages).toMatchObject([{ isControlRecord: true, key: Buffer.from([0, 0, 0, 1]) }]);
    });

    it('abort the open one of an id that is taken over', async () => {
      const producer = await initProducer(wire, transactionalId);
      await addPartition(producer);
      await produce(producer, 0, 'orphan');
      await initProducer(wire, transactionalId);
      await expect(end(producer, true)).rejects.toMatchObject({ type: 'INVALID_PRODUCER_EPOCH' });
      const { abortedTransactions } = await fetchOnce(wire, topic, { isolationLevel: 1 });
      expect(abortedTransactions).toHaveLength(1);
    });

    it('answer a repeated commit like the first, and refuse the opposite', async () => {
      const producer = await initProducer(wire, transactionalId);
      await addPartition(producer);
      await end(producer, true);
      await eventually(() =>
        end(producer, true).then(
          () => true,
          (error: { type: string }) => {
            if (error.type === 'CONCURRENT_TRANSACTIONS') return undefined;
            throw error;
          },
        ),
      );
      await expect(end(producer, false)).rejects.toMatchObject({ type: 'INVALID_TXN_STATE' });
    });

    it('refuse to end one that has not begun', async () => {
      const producer = await initProducer(wire, transactionalId);
      await expect(end(producer, true)).rejects.toMatchObject({ type: 'INVALID_TXN_STATE' });
    });

    it('refuse records for a partition that was not added', async () => {
      const producer = await initProducer(wire, transactionalId);
      await expect(produce(producer, 0, 'stray')).rejects.toMatchObject({ type: 'INVALID_TXN_STATE' });
      await addPartition(producer);
      await produce(producer, 0, 'member');
      await end(producer, true);
      await eventually(async () =>
        (await fetchOnce(wire, topic, { isolationLevel: 1 })).lastStableOffset === '2' ? true : undefined,
      );
      // A real broker may ask for another attempt, while its coordinator has not settled the former transaction's end.
      const refusal = process.env['KAFKA_INDEPENDENT']
        ? /^(INVALID_TXN_STATE|NOT_ENOUGH_REPLICAS)$/
        : /^INVALID_TXN_STATE$/;
      await expect(produce(producer, 1, 'too late')).rejects.toMatchObject({
        type: expect.stringMatching(refusal),
      });
    });

    it('refuse a producer id that is not the one of the transactional id', async () => {
      const producer = await initProducer(wire, transactionalId);
      const other = { ...producer, producerId: '123456789' };
      await expect(addPartition(other)).rejects.toMatchObject({ type: 'INVALID_PRODUCER_ID_MAPPING' });
      await expect(end(other, true)).rejects.toMatchObject({ type: 'INVALID_PRODUCER_ID_MAPPING' });
    });

    it('add all partitions asked for, or none', async () => {
      const producer = await initProducer(wire, transactionalId);
      const missing = unique('missing');
      const adding = addPartition(producer, 0, missing);
      await expect(adding).rejects.toMatchObject({ type: 'UNKNOWN_TOPIC_OR_PARTITION' });
      await expect(end(producer, true)).rejects.toMatchObject({ type: 'INVALID_TXN_STATE' });
    });

    it('are not granted more than 15 minutes', async () => {
      const tooLong = initProducer(wire, transactionalId, 15 * 60_000 + 1);
      await expect(tooLong).rejects.toMatchObject({ type: 'INVALID_TRANSACTION_TIMEOUT' });
    });

    it('number the batches of a partition on from one to the next', async () => {
      const producer = await initProducer(wire, transactionalId);
      await addPartition(producer);
      await produce(producer, 0, 'a');
      await end(producer, true);
      await addPartition(producer);
      await expect(produce(producer, 2, 'gap')).rejects.toMatchObject({
        type: 'OUT_OF_ORDER_SEQUENCE_NUMBER',
      });
      await produce(producer, 1, 'b');
      await end(producer, true);
      expect(await consume(topic)).toEqual(['a', 'b']);
    });

    it('end by an abort when their time is over, and fence their producer', async () => {
      const producer = await initProducer(wire, transactionalId, 1000);
      await addPartition(producer);
      await produce(producer, 0, 'orphan');
      await eventually(async () =>
        (await fetchOnce(wire, topic, { isolationLevel: 1 })).lastStableOffset === '2' ? true : undefined,
      );
      await expect(end(producer, true)).rejects.toMatchObject({ type: 'INVALID_PRODUCER_EPOCH' });
      expect(await consume(topic)).toEqual([]);
    }, 30_000);
  });
});
