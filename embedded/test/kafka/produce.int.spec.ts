import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CompressionCodecs, CompressionTypes } from 'kafkajs';
import {
  connectWire,
  createTopic,
  fetchOnce,
  initProducer,
  kafka,
  producerOf,
  unique,
  type WireBroker,
} from './client.js';

describe('produce', () => {
  let wire: WireBroker;

  beforeAll(async () => {
    wire = await connectWire();
  });
  afterAll(() => wire.disconnect());

  interface Batch {
    producerId?: string;
    producerEpoch?: number;
    firstSequence?: number;
    values?: string[];
    key?: string | null;
    acks?: number;
    partition?: number;
    compression?: CompressionTypes;
  }

  async function produce(topic: string, batch: Batch = {}): Promise<string> {
    const {
      values = ['value'],
      key = 'key',
      acks = -1,
      partition = 0,
      firstSequence = 0,
      compression,
      ...producer
    } = batch;
    const messages = values.map((value) => ({ key, value }));
    const { topics } = await wire.produce({
      topicData: [{ topic, partitions: [{ partition, firstSequence, messages }] }],
      acks,
      timeout: 1000,
      compression: compression ?? CompressionTypes.None,
      ...producer,
    });
    return topics[0]!.partitions[0]!.baseOffset;
  }

  async function valuesIn(topic: string): Promise<string[]> {
    const { messages } = await fetchOnce(wire, topic);
    return messages.map(({ value }) => String(value));
  }

  it('numbers the records of a partition from 0 on and answers with the offset of the first', async () => {
    const topic = await createTopic({ numPartitions: 2 });
    expect(await produce(topic, { values: ['a', 'b', 'c'] })).toBe('0');
    expect(await produce(topic)).toBe('3');
    expect(await produce(topic, { partition: 1 })).toBe('0');
  });

  it('keeps key, value, headers and timestamp of a record, and tells null from empty', async () => {
    const topic = await createTopic();
    const timestamp = String(Date.now() - 5000);
    const producer = producerOf(kafka);
    await producer.connect();
    await producer.send({
      topic,
      messages: [
        { key: 'k', value: 'vé', headers: { trace: 'abc' }, timestamp },
        { key: '', value: null },
        { key: null, value: '' },
      ],
    });
    await producer.disconnect();
    const { messages } = await fetchOnce(wire, topic);
    expect(messages[0]).toMatchObject({
      key: Buffer.from('k'),
      value: Buffer.from('vé'),
      headers: { trace: Buffer.from('abc') },
      timestamp,
    });
    expect(messages.slice(1)).toMatchObject([
      { key: Buffer.from(''), value: null },
      { key: null, value: Buffer.from('') },
    ]);
  });

  it('answers when asked for the acknowledgement of the leader only', async () => {
    const topic = await createTopic();
    expect(await produce(topic, { acks: 1 })).toBe('0');
    await expect(produce(topic, { acks: 2 })).rejects.toMatchObject({ type: 'INVALID_REQUIRED_ACKS' });
  });

  it('stores and does not answer when asked for no acknowledgement', async () => {
    const topic = await createTopic();
    const producer = producerOf(kafka);
    await producer.connect();
    await producer.send({ topic, acks: 0, messages: [{ value: 'unanswered' }] });
    const { messages } = await fetchOnce(wire, topic, { maxWaitTime: 5000 });
    expect(messages.map(({ value }) => String(value))).toEqual(['unanswered']);
    await producer.disconnect();
  });

  it('refuses records for a topic or a partition that there is not', async () => {
    const topic = await createTopic();
    const error = { type: 'UNKNOWN_TOPIC_OR_PARTITION' };
    await expect(produce(unique('missing'))).rejects.toMatchObject(error);
    await expect(produce(topic, { partition: 1 })).rejects.toMatchObject(error);
  });

  it('hands compressed batches out as they came', async () => {
    const topic = await createTopic();
    await produce(topic, { compression: CompressionTypes.GZIP, values: ['a', 'b'] });
    expect(await valuesIn(topic)).toEqual(['a', 'b']);
  });

  it('need not know the codec of a batch to store it', async () => {
    // Snappy's and LZ4's codecs are no part of kafkajs; the reader gets the bytes of whatever the writer called snappy.
    const original = CompressionCodecs[CompressionTypes.Snappy];
    CompressionCodecs[CompressionTypes.Snappy] = () => ({
      compress: (encoder: { buffer: Buffer }) => Promise.resolve(snappyOf(encoder.buffer)),
      decompress: (bytes: Buffer) => Promise.resolve(literalsOf(bytes)),
    });
    const topic = await createTopic();
    await produce(topic, { compression: CompressionTypes.Snappy, values: ['a', 'b'] });
    expect(await valuesIn(topic)).toEqual(['a', 'b']);
    CompressionCodecs[CompressionTypes.Snappy] = original!;
  });

  it('refuses a batch above the size that the topic allows, and takes one below', async () => {
    const topic = await createTopic({ config: { 'max.message.bytes': '1000' } });
    await expect(produce(topic, { values: ['x'.repeat(1000)] })).rejects.toMatchObject({
      type: 'MESSAGE_TOO_LARGE',
    });
    expect(await produce(topic, { values: ['x'.repeat(800)] })).toBe('0');
  });

  it('refuses a batch above 1 MiB unless told otherwise', async () => {
    const topic = await createTopic();
    const tooLarge = produce(topic, { values: ['x'.repeat(1 << 20)] });
    await expect(tooLarge).rejects.toMatchObject({ type: 'MESSAGE_TOO_LARGE' });
    expect(await produce(topic, { values: ['x'.repeat((1 << 20) - 200)] })).toBe('0');
  });

  it('refuses a record without a key in a compacted topic', async () => {
    const topic = await createTopic({ config: { 'cleanup.policy': 'compact' } });
    await expect(produce(topic, { key: null })).rejects.toMatchObject({ type: 'INVALID_RECORD' });
    expect(await produce(topic)).toBe('0');
  });

  describe('by an idempotent producer', () => {
    let topic: string;
    let producer: { producerId: string; producerEpoch: number };

    beforeEach(async () => {
      topic = await createTopic({ numPartitions: 2 });
      producer = await initProducer(wire);
    });

    it('stores a batch once that is sent again, and answers with its offset', async () => {
      await produce(topic, { ...producer, firstSequence: 0, values: ['a', 'b'] });
      expect(await produce(topic, { ...producer, firstSequence: 2, values: ['c'] })).toBe('2');
      expect(await produce(topic, { ...producer, firstSequence: 0, values: ['a', 'b'] })).toBe('0');
      expect(await produce(topic, { ...producer, firstSequence: 2, values: ['c'] })).toBe('2');
      expect(await valuesIn(topic)).toEqual(['a', 'b', 'c']);
    });

    it('refuses a batch whose predecessor is missing', async () => {
      await produce(topic, { ...producer, firstSequence: 0 });
      const gap = produce(topic, { ...producer, firstSequence: 2 });
      await expect(gap).rejects.toMatchObject({ type: 'OUT_OF_ORDER_SEQUENCE_NUMBER' });
      expect(await valuesIn(topic)).toHaveLength(1);
    });

    it('still knows a batch sent again when four more have followed', async () => {
      for (let i = 0; i < 5; i += 1) await produce(topic, { ...producer, firstSequence: i });
      expect(await produce(topic, { ...producer, firstSequence: 0 })).toBe('0');
    });

    it('counts each partition by itself', async () => {
      await produce(topic, { ...producer, firstSequence: 0 });
      expect(await produce(topic, { ...producer, firstSequence: 0, partition: 1 })).toBe('0');
    });

    it('counts from 0 again in a later epoch, and refuses the earlier one from then on', async () => {
      await produce(topic, { ...producer, firstSequence: 0 });
      await produce(topic, { ...producer, producerEpoch: 1, firstSequence: 0 });
      const late = produce(topic, { ...producer, firstSequence: 1 });
      await expect(late).rejects.toMatchObject({ type: 'INVALID_PRODUCER_EPOCH' });
    });

    it('gives each producer an id of its own', async () => {
      const other = await initProducer(wire);
      expect(other.producerId).not.toBe(producer.producerId);
    });
  });
});

/** A valid Snappy stream without compression: the length, then the bytes as one literal. */
function snappyOf(bytes: Buffer): Buffer {
  const length: number[] = [];
  for (let rest = bytes.length; ; rest >>>= 7) {
    length.push(rest < 0x80 ? rest : (rest & 0x7f) | 0x80);
    if (rest < 0x80) break;
  }
  return Buffer.concat([
    Buffer.from(length),
    Buffer.of(61 << 2, (bytes.length - 1) & 0xff, (bytes.length - 1) >> 8),
    bytes,
  ]);
}

function literalsOf(stream: Buffer): Buffer {
  const lengthBytes = stream.findIndex((byte) => byte < 0x80) + 1;
  return stream.subarray(lengthBytes + 3);
}
