import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { connectWire, createTopic, fetchOnce, kafka, producerOf, unique, type WireBroker } from './client.js';

describe('fetch', () => {
  let wire: WireBroker;
  let topic: string;

  beforeAll(async () => {
    wire = await connectWire();
  });
  afterAll(() => wire.disconnect());
  beforeEach(async () => {
    topic = await createTopic({ numPartitions: 2 });
  });

  /** Each inner array is one batch. */
  async function produce(...batches: string[][]): Promise<void> {
    const producer = producerOf(kafka);
    await producer.connect();
    for (const values of batches) {
      await producer.send({ topic, messages: values.map((value) => ({ value, partition: 0 })) });
    }
    await producer.disconnect();
  }

  const values = (fetched: { messages: { value: Buffer | null }[] }): string[] =>
    fetched.messages.map(({ value }) => String(value));

  it('gives the records from the offset on, in order, with the end of the partition', async () => {
    await produce(['a'], ['b'], ['c']);
    const fetched = await fetchOnce(wire, topic, { from: 1 });
    expect(fetched.messages.map(({ offset, value }) => `${offset} ${String(value)}`)).toEqual(['1 b', '2 c']);
    expect(fetched.highWatermark).toBe('3');
  });

  it('gives the whole batch that holds the offset', async () => {
    await produce(['a', 'b', 'c'], ['d']);
    const { messages } = await fetchOnce(wire, topic, { from: 1 });
    expect(messages[0]!.offset).toBe('0');
    expect(messages.at(-1)!.offset).toBe('3');
  });

  it('gives the first batch even when it is larger than what may be given, and no further one', async () => {
    await produce(['x'.repeat(1000)], ['y']);
    const { messages } = await fetchOnce(wire, topic, { maxBytes: 100, partitionMaxBytes: 100 });
    expect(messages).toHaveLength(1);
  });

  it('stops before the batch that would exceed what may be given', async () => {
    await produce(['x'.repeat(400)], ['y'.repeat(400)], ['z'.repeat(400)]);
    const { messages } = await fetchOnce(wire, topic, { partitionMaxBytes: 1200 });
    expect(messages).toHaveLength(2);
  });

  it('gives nothing at the end once the wait is over', async () => {
    await produce(['a']);
    const fetched = await fetchOnce(wire, topic, { from: 1, maxWaitTime: 10 });
    expect(fetched).toMatchObject({ errorCode: 0, messages: [], highWatermark: '1' });
  });

  it('answers a waiting reader when a record arrives', async () => {
    const waiting = fetchOnce(wire, topic, { maxWaitTime: 15_000 });
    await produce(['late']);
    expect(values(await waiting)).toEqual(['late']);
  });

  it('waits for as many bytes as are asked for', async () => {
    await produce(['small']);
    const waiting = wire.fetch({
      maxWaitTime: 15_000,
      minBytes: 5000,
      maxBytes: 1 << 20,
      topics: [{ topic, partitions: [{ partition: 0, fetchOffset: '0', maxBytes: 1 << 20 }] }],
    });
    await produce(['x'.repeat(2000)], ['y'.repeat(4000)]);
    expect((await waiting).responses[0]!.partitions[0]!.messages).toHaveLength(3);
  });

  it('refuses an offset outside of the log', async () => {
    await produce(['a']);
    const error = { type: 'OFFSET_OUT_OF_RANGE' };
    await expect(fetchOnce(wire, topic, { from: 2 })).rejects.toMatchObject(error);
  });

  it('refuses a topic and a partition that there is not, without waiting', async () => {
    const error = { type: 'UNKNOWN_TOPIC_OR_PARTITION' };
    await expect(fetchOnce(wire, unique('missing'), { maxWaitTime: 60_000 })).rejects.toMatchObject(error);
    await expect(fetchOnce(wire, topic, { partition: 9, maxWaitTime: 60_000 })).rejects.toMatchObject(error);
  });

  it('reads several partitions in one request', async () => {
    const producer = producerOf(kafka);
    await producer.connect();
    await producer.send({
      topic,
      messages: [0, 1].map((partition) => ({ value: `in ${partition}`, partition })),
    });
    await producer.disconnect();
    const { responses } = await wire.fetch({
      maxWaitTime: 50,
      minBytes: 1,
      maxBytes: 1 << 20,
      topics: [
        {
          topic,
          partitions: [0, 1].map((partition) => ({ partition, fetchOffset: '0', maxBytes: 1 << 20 })),
        },
      ],
    });
    const read = responses.flatMap(({ partitions }) => partitions.flatMap(values));
    expect(read.toSorted()).toEqual(['in 0', 'in 1']);
  });
});
