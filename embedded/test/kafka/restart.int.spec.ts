import { appendFile, mkdtemp, readdir, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startKafka } from '../../src/kafka/index.js';
import type { EmbeddedServer } from '../../src/server.js';
import { RecordLog } from '../../src/storage/record-log.js';
import {
  connectTo,
  connectWire,
  consume,
  createTopic,
  fetchOnce,
  producerOf,
  transactionalProducerOf,
  type WireBroker,
} from './client.js';

describe('a broker that starts on the files of an earlier one', () => {
  let dataDir: string;
  let server: EmbeddedServer;
  let wire: WireBroker;
  let lines: string[];
  const client = connectTo(() => server.url);

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'kafka-'));
    await start();
  });
  afterEach(async () => {
    await stop();
    await rm(dataDir, { recursive: true });
  });

  async function start(): Promise<void> {
    lines = [];
    server = await startKafka({ dataDir, log: (line) => lines.push(line) });
    wire = await connectWire(server.url);
  }

  async function stop(): Promise<void> {
    await wire.disconnect();
    await server.stop();
  }

  async function restart(between: () => Promise<unknown> = () => Promise.resolve()): Promise<void> {
    await stop();
    await between();
    await start();
  }

  async function send(topic: string, ...values: string[]): Promise<void> {
    const producer = producerOf(client);
    await producer.connect();
    for (const value of values) await producer.send({ topic, messages: [{ key: 'key', value }] });
    await producer.disconnect();
  }

  const valuesIn = async (topic: string): Promise<string[]> =>
    (await fetchOnce(wire, topic)).messages.map(({ value }) => String(value));

  const produce = async (topic: string, producer: object, firstSequence: number, value = 'value') => {
    const { topics } = await wire.produce({
      acks: -1,
      timeout: 1000,
      compression: 0,
      topicData: [{ topic, partitions: [{ partition: 0, firstSequence, messages: [{ value }] }] }],
      ...producer,
    });
    return topics[0]!.partitions[0]!.baseOffset;
  };

  const files = async (): Promise<string[]> =>
    (await readdir(join(dataDir, 'partitions'))).map((name) => join(dataDir, 'partitions', name));

  it('has the topics, their configuration, their records and the cluster id', async () => {
    const topic = await createTopic({ numPartitions: 2, config: { 'retention.ms': '987654321' } }, client);
    await send(topic, 'a', 'b');
    const admin = client.admin();
    await admin.connect();
    const before = await admin.describeCluster();
    await admin.disconnect();
    await restart();
    const again = client.admin();
    await again.connect();
    expect((await again.describeCluster()).clusterId).toBe(before.clusterId);
    expect((await again.fetchTopicMetadata({ topics: [topic] })).topics[0]!.partitions).toHaveLength(2);
    const { resources } = await again.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: 2, name: topic, configNames: ['retention.ms'] }],
    });
    expect(resources[0]!.configEntries[0]!.configValue).toBe('987654321');
    await again.disconnect();
  });

  it('has the records in the order of their offsets, and goes on numbering', async () => {
    const topic = await createTopic({}, client);
    await send(topic, 'a', 'b');
    await restart();
    await send(topic, 'c');
    expect(await valuesIn(topic)).toEqual(['a', 'b', 'c']);
  });

  it('cuts an unfinished write off, says so, and goes on behind the last whole batch', async () => {
    const topic = await createTopic({}, client);
    await send(topic, 'a', 'torn');
    const [file] = await files();
    await restart(async () => truncate(file!, (await stat(file!)).size - 3));
    expect(lines).toEqual([expect.stringContaining('unfinished write')]);
    await send(topic, 'b');
    expect(await valuesIn(topic)).toEqual(['a', 'b']);
  });

  it('cuts an unfinished write off its own state', async () => {
    const topic = await createTopic({}, client);
    await restart(() => appendFile(join(dataDir, 'state.log'), 'half a rec'));
    expect(lines).toEqual([expect.stringContaining('unfinished write')]);
    expect(await valuesIn(topic)).toEqual([]);
  });

  it('removes files that belong to no topic', async () => {
    await restart(() => appendFile(join(dataDir, 'partitions', 'topic-99-0.log'), 'left over'));
    expect(await files()).toEqual([]);
  });

  it('knows the batches of an idempotent producer that are sent again, and the gaps', async () => {
    const topic = await createTopic({}, client);
    const producer = await wire.initProducerId({ transactionTimeout: 1000 });
    for (const sequence of [0, 1, 2]) await produce(topic, producer, sequence);
    await restart();
    expect(await produce(topic, producer, 1)).toBe('1');
    await expect(produce(topic, producer, 4)).rejects.toMatchObject({ type: 'OUT_OF_ORDER_SEQUENCE_NUMBER' });
    expect(await produce(topic, producer, 3)).toBe('3');
  });

  it('gives no producer id twice', async () => {
    const before = await wire.initProducerId({ transactionTimeout: 1000 });
    await restart();
    const after = await wire.initProducerId({ transactionTimeout: 1000 });
    expect(after.producerId).not.toBe(before.producerId);
  });

  it('goes on with an open transaction, whose producer can commit it', async () => {
    const topic = await createTopic({}, client);
    const transactionalId = 'id';
    const producer = await wire.initProducerId({ transactionalId, transactionTimeout: 60_000 });
    await wire.addPartitionsToTxn({ transactionalId, ...producer, topics: [{ topic, partitions: [0] }] });
    await produce(topic, { transactionalId, ...producer }, 0, 'open');
    await restart();
    expect((await fetchOnce(wire, topic, { isolationLevel: 1 })).lastStableOffset).toBe('0');
    await wire.endTxn({ transactionalId, ...producer, transactionResult: true });
    expect(await consume(topic, { client })).toEqual(['open']);
  });

  it('aborts an open transaction whose time ran out in between', async () => {
    const topic = await createTopic({}, client);
    const transactionalId = 'id';
    const producer = await wire.initProducerId({ transactionalId, transactionTimeout: 1 });
    await wire.addPartitionsToTxn({ transactionalId, ...producer, topics: [{ topic, partitions: [0] }] });
    await restart();
    const late = produce(topic, { transactionalId, ...producer }, 0, 'late');
    await expect(late).rejects.toMatchObject({ type: 'INVALID_PRODUCER_EPOCH' });
    expect(await consume(topic, { client })).toEqual([]);
  });

  it.each(['PrepareCommit', 'PrepareAbort'])(
    'ends a transaction that was decided (%s) and not yet ended, in its partitions and its groups',
    async (state) => {
      const topic = await createTopic({}, client);
      const id = 'id';
      const producer = await wire.initProducerId({ transactionalId: id, transactionTimeout: 60_000 });
      await wire.addPartitionsToTxn({
        transactionalId: id,
        ...producer,
        topics: [{ topic, partitions: [0] }],
      });
      await produce(topic, { transactionalId: id, ...producer }, 0, 'decided');
      await restart(async () => {
        const stateLog = await RecordLog.open(join(dataDir, 'state.log'), { durability: 'write' });
        const decided = {
          type: 'transaction',
          id,
          producerId: Number(producer.producerId),
          epoch: producer.producerEpoch,
          timeoutMs: 60_000,
          state,
          startedAt: Date.now(),
          partitions: [{ topic, partition: 0 }],
          groups: ['group'],
          offsets: [{ group: 'group', committed: [{ topic, partition: 0, offset: 7, metadata: null }] }],
        };
        await stateLog.append(Buffer.from(JSON.stringify(decided)));
        await stateLog.close();
      });
      const committed = state === 'PrepareCommit';
      expect(await consume(topic, { client })).toEqual(committed ? ['decided'] : []);
      const { responses } = await wire.offsetFetch({
        groupId: 'group',
        topics: [{ topic, partitions: [{ partition: 0 }] }],
      });
      expect(responses[0]!.partitions[0]!.offset).toBe(committed ? '7' : '-1');
    },
  );

  it('hides what was aborted before', async () => {
    const topic = await createTopic({}, client);
    const producer = transactionalProducerOf(client, 'id');
    await producer.connect();
    for (const outcome of ['abort', 'commit'] as const) {
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: [{ value: outcome }] });
      await transaction[outcome]();
    }
    await producer.disconnect();
    await restart();
    expect(await consume(topic, { client })).toEqual(['commit']);
  });

  it('has the offsets of the groups', async () => {
    const topic = await createTopic({}, client);
    await wire.offsetCommit({
      groupId: 'group',
      groupGenerationId: -1,
      memberId: '',
      topics: [{ topic, partitions: [{ partition: 0, offset: '5', metadata: 'note' }] }],
    });
    await restart();
    const { responses } = await wire.offsetFetch({
      groupId: 'group',
      topics: [{ topic, partitions: [{ partition: 0 }] }],
    });
    expect(responses[0]!.partitions[0]).toMatchObject({ offset: '5', metadata: 'note' });
  });

  it('has forgotten a deleted topic and deleted records', async () => {
    const topic = await createTopic({}, client);
    const gone = await createTopic({}, client);
    await send(topic, 'a', 'b');
    await send(gone, 'a');
    const admin = client.admin();
    await admin.connect();
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '1' }] });
    await admin.deleteTopics({ topics: [gone] });
    await admin.disconnect();
    expect(await files()).toHaveLength(1);
    await restart();
    const again = client.admin();
    await again.connect();
    expect(await again.listTopics()).toEqual([topic]);
    expect(await again.fetchTopicOffsets(topic)).toMatchObject([{ low: '1', high: '2' }]);
    await again.disconnect();
  });

  it('deletes what is older than the topic keeps, and keeps the numbering', async () => {
    const topic = await createTopic({ config: { 'retention.ms': '1000' } }, client);
    const producer = producerOf(client);
    await producer.connect();
    await producer.send({ topic, messages: [{ value: 'old', timestamp: String(Date.now() - 60_000) }] });
    await producer.send({ topic, messages: [{ value: 'new', timestamp: String(Date.now() + 60_000) }] });
    await producer.disconnect();
    await restart();
    await restart();
    const { messages } = await fetchOnce(wire, topic, { from: 1 });
    expect(messages.map(({ offset, value }) => `${offset} ${String(value)}`)).toEqual(['1 new']);
    await expect(fetchOnce(wire, topic)).rejects.toMatchObject({ type: 'OFFSET_OUT_OF_RANGE' });
  });

  it('knows producers, transactions and numbering of a log that was compacted down to nothing else', async () => {
    const config = { 'cleanup.policy': 'compact', 'segment.ms': '1', 'min.cleanable.dirty.ratio': '0' };
    const topic = await createTopic({ config }, client);
    const producer = await wire.initProducerId({ transactionTimeout: 1000 });
    const put = (sequence: number) =>
      wire.produce({
        ...producer,
        acks: -1,
        timeout: 1000,
        compression: 0,
        topicData: [
          {
            topic,
            partitions: [
              { partition: 0, firstSequence: sequence, messages: [{ key: 'k', value: String(sequence) }] },
            ],
          },
        ],
      });
    for (let sequence = 0; sequence < 20; sequence += 1) {
      await put(sequence);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await restart();
    const { messages } = await fetchOnce(wire, topic);
    expect(messages.length).toBeLessThan(20);
    expect(messages.at(-1)).toMatchObject({ offset: '19', value: Buffer.from('19') });
    const { topics } = await put(17);
    expect(topics[0]!.partitions[0]!.baseOffset).toBe('17');
    expect((await put(20)).topics[0]!.partitions[0]!.baseOffset).toBe('20');
  });

  it('keeps its own state small, however often it changes', async () => {
    const topic = await createTopic({}, client);
    const commit = (offset: number) =>
      wire.offsetCommit({
        groupId: 'group',
        groupGenerationId: -1,
        memberId: '',
        topics: [
          { topic, partitions: [{ partition: 0, offset: String(offset), metadata: 'x'.repeat(4000) }] },
        ],
      });
    for (let offset = 1; offset <= 600; offset += 1) await commit(offset);
    expect((await stat(join(dataDir, 'state.log'))).size).toBeLessThan(1 << 21);
    await restart();
    const { responses } = await wire.offsetFetch({
      groupId: 'group',
      topics: [{ topic, partitions: [{ partition: 0 }] }],
    });
    expect(responses[0]!.partitions[0]!.offset).toBe('600');
    expect(await valuesIn(topic)).toEqual([]);
  });
});
