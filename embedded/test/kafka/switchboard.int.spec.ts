import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Producer } from 'kafkajs';
import { startKafka } from '../../src/kafka/index.js';
import type { EmbeddedServer } from '../../src/server.js';
import {
  connectTo,
  connectWire,
  consume,
  createTopic,
  eventually,
  fetchOnce,
  producerOf,
  transactionalProducerOf,
  type WireBroker,
} from './client.js';

describe('the switchboard of a broker', () => {
  let dataDir: string;
  let server: EmbeddedServer;
  let wire: WireBroker;
  let producer: Producer;
  let topic: string;
  const client = connectTo(() => server.url);
  const only =
    (...names: string[]) =>
    (operation: string): boolean =>
      names.includes(operation);

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'kafka-'));
    server = await startKafka({ dataDir, log: () => {} });
    wire = await connectWire(server.url);
    topic = await createTopic({}, client);
    producer = producerOf(client, { idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
  });
  afterEach(async () => {
    await producer.disconnect();
    await wire.disconnect();
    await server.stop();
    await rm(dataDir, { recursive: true });
  });

  const send = (value: string) => producer.send({ topic, messages: [{ value }] });
  const stored = async (): Promise<string[]> =>
    (await fetchOnce(wire, topic)).messages.map(({ value }) => String(value));

  it('stores and loses the answer: the producer sends again, and the record is there once', async () => {
    server.switchboard.loseNextAnswers(1, only('Produce'));
    await send('once');
    await send('next');
    expect(await stored()).toEqual(['once', 'next']);
  });

  it('refuses with the error it is told, by name or code, and stores nothing', async () => {
    const refused = wire.produce({
      acks: -1,
      timeout: 1000,
      compression: 0,
      topicData: [
        { topic, partitions: [{ partition: 0, firstSequence: 0, messages: [{ value: 'refused' }] }] },
      ],
    });
    server.switchboard.refuseNext(1, 'NOT_LEADER_OR_FOLLOWER', only('Produce'));
    await expect(refused).rejects.toMatchObject({ code: 6 });
    server.switchboard.refuseNext(1, 7, only('Produce'));
    await send('tried again');
    expect(await stored()).toEqual(['tried again']);
  });

  it.each([
    'ApiVersions',
    'Metadata',
    'JoinGroup',
    'SyncGroup',
    'OffsetFetch',
    'ListOffsets',
    'Fetch',
    'OffsetCommit',
  ])('can lose an answer to %s: a consumer reads on all the same', async (name) => {
    await send('a');
    server.switchboard.loseNextAnswers(1, only(name));
    expect(await consume(topic, { client })).toEqual(['a']);
  });

  it('stays silent until told to speak: the request is served then', async () => {
    server.switchboard.staySilent(only('Produce'));
    const sending = send('waited');
    const outcome = await Promise.race([sending, wire.metadata([topic]).then(() => 'the rest is served')]);
    expect(outcome).toBe('the rest is served');
    expect(await stored()).toEqual([]);
    server.switchboard.speak();
    await sending;
    expect(await stored()).toEqual(['waited']);
  });

  it('delays a request, while later ones that are not delayed are served', async () => {
    const admit = jest.spyOn(server.switchboard, 'admit');
    const order: string[] = [];
    server.switchboard.delay(500);
    const delayed = wire.metadata([topic]).then(() => order.push('delayed'));
    await eventually(async () => (admit.mock.calls.length > 0 ? true : undefined));
    server.switchboard.delay(0);
    await send('prompt').then(() => order.push('prompt'));
    await delayed;
    expect(order).toEqual(['prompt', 'delayed']);
  });

  it('decides a transaction and loses the answer: the next producer of the id finds it committed', async () => {
    const first = transactionalProducerOf(client, 'id');
    await first.connect();
    const transaction = await first.transaction();
    await transaction.send({ topic, messages: [{ value: 'committed' }] });
    server.switchboard.loseNextAnswers(1, only('EndTxn'));
    await expect(transaction.commit()).rejects.toThrow();
    await first.disconnect();
    const second = transactionalProducerOf(client, 'id');
    await second.connect();
    await (await second.transaction()).abort();
    await second.disconnect();
    expect(await consume(topic, { client })).toEqual(['committed']);
  });

  it('dies before it answers: what was stored is there after the next start', async () => {
    server.switchboard.dieBeforeNextAnswer(only('Produce'));
    const dying = producerOf(client, { retry: { retries: 0 } });
    await dying.connect();
    await expect(dying.send({ topic, messages: [{ value: 'stored' }] })).rejects.toThrow();
    await dying.disconnect();
    await wire.disconnect();
    await server.stop();
    server = await startKafka({ dataDir, log: () => {} });
    wire = await connectWire(server.url);
    expect(await stored()).toEqual(['stored']);
  });

  it('cuts the connections, and serves the next ones', async () => {
    server.switchboard.dropConnections();
    await send('later');
    await wire.disconnect();
    wire = await connectWire(server.url);
    expect(await stored()).toEqual(['later']);
  });
});
