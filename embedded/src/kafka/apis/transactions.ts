import type { Broker } from '../broker.js';
import type { ProducerIdentity } from '../coordination/transactions.js';
import { defineApi } from '../protocol/api.js';
import { ErrorCode, KafkaError, errorCodeOf } from '../protocol/error-codes.js';
import type { Reader } from '../protocol/reader.js';
import { mapPartitions, readTopics, writeTopics, type OfTopic } from '../protocol/topics.js';
import type { Writer } from '../protocol/writer.js';
import {
  committable,
  offsetsOf,
  readOffset,
  type OffsetToCommit,
  type PartitionOutcome,
} from './offsets-to-commit.js';

interface InitRequest {
  transactionalId: string | null;
  timeoutMs: number;
}

/** Gives an idempotent producer a new id; a transactional one its id again, in an epoch that ends its predecessors. */
export const initProducerId = defineApi<InitRequest, ProducerIdentity & { errorCode: number }>({
  key: 22,
  name: 'InitProducerId',
  versions: [0, 1],
  decode: (reader) => ({ transactionalId: reader.nullableString(), timeoutMs: reader.int32() }),
  async handle(broker, { transactionalId, timeoutMs }) {
    try {
      return { errorCode: ErrorCode.NONE, ...(await identityFor(broker, transactionalId, timeoutMs)) };
    } catch (error) {
      return { errorCode: errorCodeOf(error), producerId: -1, epoch: -1 };
    }
  },
  encode: (writer, { errorCode, producerId, epoch }) =>
    void writer.int32(0).int16(errorCode).int64(producerId).int16(epoch),
  refuse: (_request, errorCode) => ({ errorCode, producerId: -1, epoch: -1 }),
});

async function identityFor(broker: Broker, id: string | null, timeoutMs: number): Promise<ProducerIdentity> {
  if (id === null) return { producerId: await broker.producerIds.next(), epoch: 0 };
  if (id === '') throw new KafkaError('INVALID_REQUEST');
  return broker.transactions.initialise(id, timeoutMs);
}

interface OfTransaction {
  transactionalId: string;
  producer: ProducerIdentity;
}

function readTransaction(reader: Reader): OfTransaction {
  return { transactionalId: reader.string(), producer: readProducer(reader) };
}

function readProducer(reader: Reader): ProducerIdentity {
  return { producerId: reader.int64(), epoch: reader.int16() };
}

/** Begins a transaction, or widens it, by partitions. */
export const addPartitionsToTxn = defineApi<
  OfTransaction & { topics: OfTopic<number>[] },
  { topics: OfTopic<PartitionOutcome>[] }
>({
  key: 24,
  name: 'AddPartitionsToTxn',
  versions: [0, 1],
  decode: (reader) => ({ ...readTransaction(reader), topics: readTopics(reader, (r) => r.int32()) }),
  async handle(broker, { transactionalId, producer, topics }) {
    const exists = (topic: string, partition: number): boolean =>
      broker.topics.find(topic)?.partitions[partition] !== undefined;
    const areAllThere = topics.every(({ topic, partitions }) =>
      partitions.every((each) => exists(topic, each)),
    );
    if (!areAllThere) {
      return {
        topics: mapPartitions(topics, (partition, topic) => ({
          partition,
          errorCode: exists(topic, partition)
            ? ErrorCode.OPERATION_NOT_ATTEMPTED
            : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
        })),
      };
    }
    const added = topics.flatMap(({ topic, partitions }) =>
      partitions.map((partition) => ({ topic, partition })),
    );
    const { errorCode } = await outcomeOf(() =>
      broker.transactions.addPartitions(transactionalId, producer, added),
    );
    return { topics: mapPartitions(topics, (partition) => ({ partition, errorCode })) };
  },
  encode: encodePartitionOutcomes,
  refuse: ({ topics }, errorCode) => ({
    topics: mapPartitions(topics, (partition) => ({ partition, errorCode })),
  }),
});

/** Begins a transaction, or widens it, by a group whose offsets it will commit. */
export const addOffsetsToTxn = defineApi<OfTransaction & { groupId: string }, { errorCode: number }>({
  key: 25,
  name: 'AddOffsetsToTxn',
  versions: [0, 1],
  decode: (reader) => ({ ...readTransaction(reader), groupId: reader.string() }),
  handle: (broker, { transactionalId, producer, groupId }) =>
    outcomeOf(() => broker.transactions.addGroup(transactionalId, producer, groupId)),
  encode: encodeOutcome,
  refuse: (_request, errorCode) => ({ errorCode }),
});

/** Commits or aborts, and answers once every partition has the end marker. */
export const endTxn = defineApi<OfTransaction & { commit: boolean }, { errorCode: number }>({
  key: 26,
  name: 'EndTxn',
  versions: [0, 1],
  decode: (reader) => ({ ...readTransaction(reader), commit: reader.boolean() }),
  handle: (broker, { transactionalId, producer, commit }) =>
    outcomeOf(() => broker.transactions.end(transactionalId, producer, commit)),
  encode: encodeOutcome,
  refuse: (_request, errorCode) => ({ errorCode }),
});

/** Leaves offsets with the transaction, to become the group's when it commits. */
export const txnOffsetCommit = defineApi<
  OfTransaction & { groupId: string; topics: OfTopic<OffsetToCommit>[] },
  { topics: OfTopic<PartitionOutcome>[] }
>({
  key: 28,
  name: 'TxnOffsetCommit',
  versions: [0, 1],
  decode(reader) {
    const transactionalId = reader.string();
    const groupId = reader.string();
    const producer = readProducer(reader);
    return { transactionalId, groupId, producer, topics: readTopics(reader, readOffset) };
  },
  async handle(broker, { transactionalId, groupId, producer, topics }) {
    const outcomes = committable(broker, topics);
    const { errorCode } = await outcomeOf(() =>
      broker.transactions.addOffsets(transactionalId, producer, groupId, offsetsOf(topics, outcomes)),
    );
    if (errorCode === ErrorCode.NONE) return { topics: outcomes };
    return { topics: mapPartitions(topics, ({ partition }) => ({ partition, errorCode })) };
  },
  encode: encodePartitionOutcomes,
  refuse: ({ topics }, errorCode) => ({
    topics: mapPartitions(topics, ({ partition }) => ({ partition, errorCode })),
  }),
});

async function outcomeOf(action: () => Promise<void>): Promise<{ errorCode: number }> {
  try {
    await action();
    return { errorCode: ErrorCode.NONE };
  } catch (error) {
    return { errorCode: errorCodeOf(error) };
  }
}

function encodeOutcome(writer: Writer, { errorCode }: { errorCode: number }): void {
  writer.int32(0).int16(errorCode);
}

function encodePartitionOutcomes(writer: Writer, { topics }: { topics: OfTopic<PartitionOutcome>[] }): void {
  writer.int32(0);
  writeTopics(writer, topics, ({ partition, errorCode }) => writer.int32(partition).int16(errorCode));
}
