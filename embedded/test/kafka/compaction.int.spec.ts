import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CompressionTypes, type Producer } from 'kafkajs';
import {
  connectWire,
  createTopic,
  eventually,
  fetchOnce,
  kafka,
  producerOf,
  transactionalProducerOf,
  unique,
  type WireBroker,
} from './client.js';

/** A real broker looks for something to compact every 15 s. */
const PATIENCE_MS = 120_000;

const soon = {
  'cleanup.policy': 'compact',
  'segment.ms': '100',
  'min.cleanable.dirty.ratio': '0.01',
  'max.compaction.lag.ms': '100',
};

describe('compaction', () => {
  let wire: WireBroker;
  let producer: Producer;

  beforeAll(async () => {
    wire = await connectWire();
    producer = producerOf(kafka);
    await producer.connect();
  });
  afterAll(async () => {
    await producer.disconnect();
    await wire.disconnect();
  });

  const send = (topic: string, key: string, value: string | null, compression = CompressionTypes.None) =>
    producer.send({ topic, compression, messages: [{ key, value }] });

  /** Each record as `offset key=value`, from the start on. */
  async function contents(topic: string): Promise<string[]> {
    const { messages } = await fetchOnce(wire, topic, { isolationLevel: 1 });
    return messages
      .filter(({ isControlRecord }) => !isControlRecord)
      .map(({ offset, key, value }) => `${offset} ${String(key)}=${value === null ? 'gone' : String(value)}`);
  }

  /** Writes on, as only what is older than the newest segment is compacted, until the records before `end` are as expected. */
  async function compacted(topic: string, end: number, expected: string[]): Promise<void> {
    await eventually(async () => {
      await send(topic, 'filler', 'filler');
      await new Promise((resolve) => setTimeout(resolve, 150));
      const before = (await contents(topic)).filter((record) => Number(record.split(' ')[0]) < end);
      return String(before) === String(expected) ? true : undefined;
    });
  }

  it(
    'leaves the latest record of each key, at its offset',
    async () => {
      const topic = await createTopic({ config: soon });
      for (const [key, value] of [
        ['a', '1'],
        ['b', '1'],
        ['a', '2'],
        ['c', '1'],
        ['a', '3'],
      ] as const) {
        await send(topic, key, value);
      }
      await compacted(topic, 5, ['1 b=1', '3 c=1', '4 a=3']);
      expect(
        (await fetchOnce(wire, topic, { from: 2 })).messages.find(({ offset }) => Number(offset) >= 2),
      ).toMatchObject({
        offset: '3',
      });
    },
    PATIENCE_MS,
  );

  it(
    'looks into batches, and into gzip',
    async () => {
      const topic = await createTopic({ config: soon });
      await producer.send({
        topic,
        compression: CompressionTypes.GZIP,
        messages: ['a', 'b', 'a', 'c'].map((key, i) => ({
          key,
          value: String(i),
          headers: { at: String(i) },
        })),
      });
      await send(topic, 'b', 'new', CompressionTypes.GZIP);
      await compacted(topic, 5, ['2 a=2', '3 c=3', '4 b=new']);
      const { messages } = await fetchOnce(wire, topic);
      expect(messages.find(({ offset }) => offset === '2')!.headers).toEqual({ at: Buffer.from('2') });
    },
    PATIENCE_MS,
  );

  it(
    'keeps a tombstone, which still says that the key is gone, and drops it when its time is over',
    async () => {
      const kept = await createTopic({ config: soon });
      const dropped = await createTopic({ config: { ...soon, 'delete.retention.ms': '1' } });
      for (const topic of [kept, dropped]) {
        await send(topic, 'a', '1');
        await send(topic, 'b', '1');
        await send(topic, 'a', null);
      }
      await compacted(kept, 3, ['1 b=1', '2 a=gone']);
      await compacted(dropped, 3, ['1 b=1']);
      expect(await contents(kept)).toContain('2 a=gone');
    },
    PATIENCE_MS,
  );

  it(
    'neither keeps nor counts what was aborted',
    async () => {
      const topic = await createTopic({ config: soon });
      await send(topic, 'a', 'committed');
      const transactional = transactionalProducerOf(kafka, unique('id'));
      await transactional.connect();
      const transaction = await transactional.transaction();
      await transaction.send({ topic, messages: [{ key: 'a', value: 'aborted' }] });
      await transaction.abort();
      const second = await transactional.transaction();
      await second.send({ topic, messages: [{ key: 'b', value: 'committed' }] });
      await second.commit();
      await transactional.disconnect();
      await eventually(async () => {
        await send(topic, 'filler', 'filler');
        const uncommitted = await fetchOnce(wire, topic);
        return uncommitted.messages.some(({ value }) => String(value) === 'aborted') ? undefined : true;
      });
      expect((await contents(topic)).slice(0, 2)).toEqual(['0 a=committed', '3 b=committed']);
    },
    PATIENCE_MS,
  );
});
