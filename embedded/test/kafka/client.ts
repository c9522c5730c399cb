import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Admin, Kafka, Partitioners, logLevel, type Producer, type ProducerConfig } from 'kafkajs';

/** The broker under test, an embedded one or a real one, as host:port. */
function address(): string {
  const broker = process.env.KAFKA_BROKERS;
  if (!broker) throw new Error('KAFKA_BROKERS must hold host:port of the broker to test');
  return broker;
}

export function connectTo(broker: () => string): Kafka {
  return new Kafka({
    clientId: 'conformance',
    brokers: () => [broker()],
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 5, maxRetryTime: 200, retries: 20 },
  });
}

export const kafka = connectTo(address);

/** A name that no other test and no earlier run uses. */
export function unique(prefix: string): string {
  return `${prefix}-${randomUUID()}`;
}

export function producerOf(client: Kafka, config: ProducerConfig = {}): Producer {
  return client.producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
    ...config,
  });
}

export function transactionalProducerOf(
  client: Kafka,
  transactionalId: string,
  config: ProducerConfig = {},
): Producer {
  return producerOf(client, { transactionalId, idempotent: true, maxInFlightRequests: 1, ...config });
}

/** Creates a topic of its own for a test. */
export async function createTopic(
  settings: { numPartitions?: number; config?: Record<string, string> } = {},
  client = kafka,
): Promise<string> {
  const topic = unique('topic');
  const admin = client.admin();
  await admin.connect();
  const configEntries = Object.entries(settings.config ?? {}).map(([name, value]) => ({ name, value }));
  await admin.createTopics({
    topics: [{ topic, numPartitions: settings.numPartitions ?? 1, configEntries }],
  });
  await untilLed(topic, admin);
  await admin.disconnect();
  return topic;
}

/** A real broker may know that it leads a new partition a moment after it has answered that the topic is there. */
async function untilLed(topic: string, admin: Admin, attempts = 100): Promise<void> {
  try {
    await admin.fetchTopicOffsets(topic);
  } catch (error) {
    if (attempts === 1) throw error;
    await sleep(100);
    await untilLed(topic, admin, attempts - 1);
  }
}

export interface WireRecord {
  offset: string;
  timestamp: string;
  key: Buffer | null;
  value: Buffer | null;
  headers: Record<string, Buffer>;
  isControlRecord: boolean;
}

interface FetchedPartition {
  partition: number;
  errorCode: number;
  highWatermark: string;
  lastStableOffset: string;
  abortedTransactions: { producerId: string; firstOffset: string }[];
  messages: WireRecord[];
}

interface ProducedTopic {
  partitions: { baseOffset: string; errorCode: number }[];
}

/** kafkajs' own class for single requests, which its public interface hides; its errors carry Kafka's name in `type`. */
export interface WireBroker {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  produce(request: object): Promise<{ topics: ProducedTopic[] }>;
  fetch(request: object): Promise<{ responses: { partitions: FetchedPartition[] }[] }>;
  listOffsets(request: object): Promise<{
    responses: { partitions: { offset: string; timestamp: string }[] }[];
  }>;
  metadata(topics: string[]): Promise<object>;
  initProducerId(request: object): Promise<{ producerId: string; producerEpoch: number }>;
  addPartitionsToTxn(request: object): Promise<object>;
  addOffsetsToTxn(request: object): Promise<object>;
  txnOffsetCommit(request: object): Promise<object>;
  endTxn(request: object): Promise<object>;
  findGroupCoordinator(request: object): Promise<object>;
  offsetCommit(request: object): Promise<object>;
  offsetFetch(request: object): Promise<{
    responses: { topic: string; partitions: { partition: number; offset: string; metadata: string }[] }[];
  }>;
  joinGroup(request: object): Promise<{
    generationId: number;
    memberId: string;
    leaderId: string;
    members: { memberId: string }[];
  }>;
  syncGroup(request: object): Promise<{ memberAssignment: Buffer }>;
  heartbeat(request: object): Promise<object>;
  leaveGroup(request: object): Promise<object>;
}

const require = createRequire(import.meta.url);
const BrokerClass = require('kafkajs/src/broker') as new (options: object) => WireBroker;
const ConnectionPool = require('kafkajs/src/network/connectionPool') as new (options: object) => object;

/** Connects without retries: a test sees each answer as it comes. */
export async function connectWire(broker = address()): Promise<WireBroker> {
  const [host, port] = broker.split(':');
  const silent = { debug() {}, info() {}, warn() {}, error() {}, namespace: () => silent };
  const connectionPool = new ConnectionPool({
    host,
    port: Number(port),
    clientId: 'conformance',
    logger: silent,
    socketFactory: (require('kafkajs/src/network/socketFactory') as () => unknown)(),
    requestTimeout: 30_000,
    connectionTimeout: 5_000,
    enforceRequestTimeout: true,
    retry: { retries: 0 },
  });
  const wire = new BrokerClass({ connectionPool, logger: silent, nodeId: 1, allowAutoTopicCreation: false });
  await wire.connect();
  return wire;
}

/** Waits for the groups' coordinator: a real one first creates its topic. */
export async function coordinatorReady(wire: WireBroker): Promise<void> {
  const groupId = unique('group');
  await eventually(() =>
    wire
      .findGroupCoordinator({ groupId, coordinatorType: 0 })
      .then(() => wire.offsetFetch({ groupId, topics: [] }))
      .catch(() => undefined),
  );
}

/** Asks until the coordinator is ready: a real one first loads its topic, or ends the open transaction of the id. */
export async function initProducer(
  wire: WireBroker,
  transactionalId?: string,
  transactionTimeout = 30_000,
): Promise<{ producerId: string; producerEpoch: number }> {
  return eventually(async () => {
    try {
      return await wire.initProducerId({ transactionalId, transactionTimeout });
    } catch (error) {
      if (/LOAD_IN_PROGRESS|CONCURRENT_TRANSACTIONS|NOT_AVAILABLE/.test((error as { type: string }).type))
        return undefined;
      throw error;
    }
  });
}

export interface ReadOptions {
  partition?: number;
  from?: number;
  isolationLevel?: 0 | 1;
  maxWaitTime?: number;
  maxBytes?: number;
  partitionMaxBytes?: number;
}

/** One Fetch request for one partition. */
export async function fetchOnce(
  wire: WireBroker,
  topic: string,
  options: ReadOptions = {},
): Promise<FetchedPartition> {
  const { partition = 0, from = 0, isolationLevel = 0, maxWaitTime = 50, maxBytes = 1 << 20 } = options;
  const { responses } = await wire.fetch({
    maxWaitTime,
    minBytes: 1,
    maxBytes,
    isolationLevel,
    topics: [
      {
        topic,
        partitions: [
          { partition, fetchOffset: String(from), maxBytes: options.partitionMaxBytes ?? 1 << 20 },
        ],
      },
    ],
  });
  return responses[0]!.partitions[0]!;
}

/** The values that a kafkajs consumer of a new group sees in partition 0 from its start up to now, in order. */
export async function consume(
  topic: string,
  options: { readUncommitted?: boolean; client?: Kafka } = {},
): Promise<string[]> {
  const client = options.client ?? kafka;
  const sentinel = unique('end');
  const producer = producerOf(client);
  await producer.connect();
  await producer.send({ topic, messages: [{ key: sentinel, value: sentinel, partition: 0 }] });
  await producer.disconnect();
  const consumer = client.consumer({
    groupId: unique('reader'),
    readUncommitted: options.readUncommitted ?? false,
    maxWaitTimeInMs: 200,
    sessionTimeout: 6000,
    rebalanceTimeout: 6000,
    heartbeatInterval: 500,
  });
  const values: string[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    consumer.on('consumer.crash', ({ payload }) => {
      if (!payload.restart) reject(payload.error);
    });
    consumer
      .run({
        eachMessage: ({ partition, message }) => {
          if (partition !== 0 || message.value === null) return Promise.resolve();
          const value = message.value.toString();
          if (value === sentinel) resolve();
          else if (!value.startsWith('end-')) values.push(value);
          return Promise.resolve();
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  return values;
}

/** What a condition gives, once it gives something. */
export async function eventually<T>(condition: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const result = await condition();
    if (result !== undefined) return result;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
