import { NODE_ID, type Broker } from '../broker.js';
import { defineApi } from '../protocol/api.js';
import { ErrorCode, KafkaError, errorCodeOf } from '../protocol/error-codes.js';
import {
  mapPartitions,
  mapPartitionsAsync,
  readTopics,
  writeTopics,
  type OfTopic,
} from '../protocol/topics.js';
import type { Writer } from '../protocol/writer.js';
import { readOverrides, type OverrideEntry } from './config-overrides.js';

interface Outcome {
  name: string;
  errorCode: number;
  message: string | null;
}

interface TopicToCreate {
  name: string;
  partitions: number;
  replicationFactor: number;
  assignments: { partition: number; nodes: number[] }[];
  config: OverrideEntry[];
}

/** Creates topics. Without a number of partitions they get one. */
export const createTopics = defineApi<
  { topics: TopicToCreate[]; validateOnly: boolean },
  { outcomes: Outcome[] }
>({
  key: 19,
  name: 'CreateTopics',
  versions: [0, 3],
  decode(reader, version) {
    const topics = reader.array((r) => ({
      name: r.string(),
      partitions: r.int32(),
      replicationFactor: r.int16(),
      assignments: r.array((a) => ({ partition: a.int32(), nodes: a.array((n) => n.int32()) })),
      config: r.array((c) => ({ name: c.string(), value: c.nullableString() })),
    }));
    reader.int32(); // a time limit, which one broker doesn't need
    return { topics, validateOnly: version >= 1 && reader.boolean() };
  },
  async handle(broker, { topics, validateOnly }) {
    return {
      outcomes: await Promise.all(
        topics.map((topic) => outcomeOf(topic.name, () => create(broker, topic, validateOnly))),
      ),
    };
  },
  encode(writer, { outcomes }, version) {
    if (version >= 2) writer.int32(0);
    encodeOutcomes(writer, outcomes, version >= 1);
  },
  refuse: ({ topics }, errorCode) =>
    refuseAll(
      topics.map(({ name }) => name),
      errorCode,
    ),
});

async function create(broker: Broker, topic: TopicToCreate, validateOnly: boolean): Promise<void> {
  const { name, partitions, replicationFactor, assignments, config } = topic;
  if (assignments.length > 0) {
    if (partitions !== -1 || replicationFactor !== -1) throw new KafkaError('INVALID_REQUEST');
    assignments.forEach(({ nodes }) => assertOnThisNode(nodes));
    const numbers = assignments.map(({ partition }) => partition).toSorted((a, b) => a - b);
    if (numbers.some((number, i) => number !== i)) throw new KafkaError('INVALID_REPLICA_ASSIGNMENT');
  } else if (replicationFactor !== -1 && replicationFactor !== 1) {
    throw new KafkaError(
      'INVALID_REPLICATION_FACTOR',
      replicationFactor < 1
        ? 'Replication factor must be larger than 0.'
        : `The target replication factor of ${replicationFactor} cannot be reached because only 1 broker(s) are registered.`,
    );
  }
  const count = assignments.length || (partitions === -1 ? 1 : partitions);
  await broker.topics.create(name, count, readOverrides(config), validateOnly);
}

/** Deletes topics with their records and the offsets that groups committed for them. */
export const deleteTopics = defineApi<{ names: string[] }, { outcomes: Outcome[] }>({
  key: 20,
  name: 'DeleteTopics',
  versions: [0, 1],
  decode(reader) {
    const names = reader.array((r) => r.string());
    reader.int32(); // a time limit, which one broker doesn't need
    return { names };
  },
  async handle(broker, { names }) {
    return {
      outcomes: await Promise.all(names.map((name) => outcomeOf(name, () => broker.topics.delete(name)))),
    };
  },
  encode(writer, { outcomes }, version) {
    if (version >= 1) writer.int32(0);
    encodeOutcomes(writer, outcomes, false);
  },
  refuse: ({ names }, errorCode) => refuseAll(names, errorCode),
});

interface Growth {
  name: string;
  count: number;
  assignments: number[][] | null;
}

/** Raises numbers of partitions. */
export const createPartitions = defineApi<
  { topics: Growth[]; validateOnly: boolean },
  { outcomes: Outcome[] }
>({
  key: 37,
  name: 'CreatePartitions',
  versions: [0, 1],
  decode(reader) {
    const topics = reader.array((r) => ({
      name: r.string(),
      count: r.int32(),
      assignments: r.nullableArray((a) => a.array((n) => n.int32())),
    }));
    reader.int32(); // a time limit, which one broker doesn't need
    return { topics, validateOnly: reader.boolean() };
  },
  async handle(broker, { topics, validateOnly }) {
    const grow = async ({ name, count, assignments }: Growth): Promise<void> => {
      assignments?.forEach(assertOnThisNode);
      await broker.topics.grow(name, count, validateOnly);
    };
    return { outcomes: await Promise.all(topics.map((topic) => outcomeOf(topic.name, () => grow(topic)))) };
  },
  encode(writer, { outcomes }) {
    writer.int32(0);
    encodeOutcomes(writer, outcomes, true);
  },
  refuse: ({ topics }, errorCode) =>
    refuseAll(
      topics.map(({ name }) => name),
      errorCode,
    ),
});

interface Trimmed {
  partition: number;
  lowWatermark: number;
  errorCode: number;
}

const UP_TO_THE_END = -1;

/** Deletes the records before an offset. */
export const deleteRecords = defineApi<
  { topics: OfTopic<{ partition: number; offset: number }>[] },
  { topics: OfTopic<Trimmed>[] }
>({
  key: 21,
  name: 'DeleteRecords',
  versions: [0, 1],
  decode(reader) {
    const topics = readTopics(reader, (r) => ({ partition: r.int32(), offset: r.int64() }));
    reader.int32(); // a time limit, which one broker doesn't need
    return { topics };
  },
  async handle(broker, { topics }) {
    return {
      topics: await mapPartitionsAsync(topics, async ({ partition, offset }, topic): Promise<Trimmed> => {
        try {
          const lowWatermark = await trim(broker, topic, partition, offset);
          return { partition, lowWatermark, errorCode: ErrorCode.NONE };
        } catch (error) {
          return { partition, lowWatermark: -1, errorCode: errorCodeOf(error) };
        }
      }),
    };
  },
  encode(writer, { topics }) {
    writer.int32(0);
    writeTopics(writer, topics, ({ partition, lowWatermark, errorCode }) =>
      writer.int32(partition).int64(lowWatermark).int16(errorCode),
    );
  },
  refuse: ({ topics }, errorCode) => ({
    topics: mapPartitions(topics, ({ partition }) => ({ partition, lowWatermark: -1, errorCode })),
  }),
});

async function trim(broker: Broker, topic: string, partition: number, offset: number): Promise<number> {
  const log = broker.topics.partition(topic, partition);
  if (!broker.topics.get(topic).config.deletes) throw new KafkaError('POLICY_VIOLATION');
  const upTo = offset === UP_TO_THE_END ? log.highWatermark : offset;
  if (upTo < 0 || upTo > log.highWatermark) throw new KafkaError('OFFSET_OUT_OF_RANGE');
  await log.deleteRecordsBefore(upTo);
  return log.logStartOffset;
}

function assertOnThisNode(nodes: readonly number[]): void {
  if (nodes.length !== 1 || nodes[0] !== NODE_ID) throw new KafkaError('INVALID_REPLICA_ASSIGNMENT');
}

async function outcomeOf(name: string, action: () => Promise<void>): Promise<Outcome> {
  try {
    await action();
    return { name, errorCode: ErrorCode.NONE, message: null };
  } catch (error) {
    return {
      name,
      errorCode: errorCodeOf(error),
      message: error instanceof KafkaError ? error.message : null,
    };
  }
}

function refuseAll(names: readonly string[], errorCode: number): { outcomes: Outcome[] } {
  return { outcomes: names.map((name) => ({ name, errorCode, message: null })) };
}

function encodeOutcomes(writer: Writer, outcomes: readonly Outcome[], withMessage: boolean): void {
  writer.array(outcomes, ({ name, errorCode, message }) => {
    writer.string(name).int16(errorCode);
    if (withMessage) writer.nullableString(message);
  });
}
