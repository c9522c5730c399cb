import type { Broker } from '../broker.js';
import { isIntact, readHeader, type BatchHeader } from '../log/record-batch.js';
import { isReadable, readRecords } from '../log/records.js';
import { defineApi } from '../protocol/api.js';
import { ErrorCode, KafkaError, errorCodeOf } from '../protocol/error-codes.js';
import {
  mapPartitions,
  mapPartitionsAsync,
  readTopics,
  writeTopics,
  type OfTopic,
} from '../protocol/topics.js';

interface Request {
  transactionalId: string | null;
  acks: number;
  topics: OfTopic<{ partition: number; batch: Buffer | null }>[];
}

interface Produced {
  partition: number;
  errorCode: number;
  baseOffset: number;
}

/** Stores record batches. */
export const produce = defineApi<Request, { topics: OfTopic<Produced>[] }>({
  key: 0,
  name: 'Produce',
  versions: [3, 3],
  // As Kafka 4 does: librdkafka won't compress for a broker that doesn't name version 0.
  announcedFrom: 0,
  decode(reader) {
    const transactionalId = reader.nullableString();
    const acks = reader.int16();
    reader.int32(); // a time limit for replicas, of which there are none
    const topics = readTopics(reader, (r) => ({ partition: r.int32(), batch: r.nullableBuffer() }));
    return { transactionalId, acks, topics };
  },
  async handle(broker, request) {
    const { acks, transactionalId } = request;
    if (![-1, 0, 1].includes(acks)) return refuseAll(request, ErrorCode.INVALID_REQUIRED_ACKS);
    const topics = await mapPartitionsAsync(
      request.topics,
      async ({ partition, batch }, topic): Promise<Produced> => {
        try {
          const baseOffset = await store(broker, topic, partition, batch, transactionalId);
          return { partition, errorCode: ErrorCode.NONE, baseOffset };
        } catch (error) {
          return { partition, errorCode: errorCodeOf(error), baseOffset: -1 };
        }
      },
    );
    if (acks !== 0) return { topics };
    const failed = topics.some(({ partitions }) =>
      partitions.some(({ errorCode }) => errorCode !== ErrorCode.NONE),
    );
    return failed ? 'close connection' : 'no answer';
  },
  encode(writer, { topics }) {
    const noLogAppendTime = -1;
    writeTopics(writer, topics, ({ partition, errorCode, baseOffset }) =>
      writer.int32(partition).int16(errorCode).int64(baseOffset).int64(noLogAppendTime),
    );
    writer.int32(0);
  },
  refuse: refuseAll,
});

function refuseAll({ topics }: Request, errorCode: number): { topics: OfTopic<Produced>[] } {
  return { topics: mapPartitions(topics, ({ partition }) => ({ partition, errorCode, baseOffset: -1 })) };
}

async function store(
  broker: Broker,
  topicName: string,
  partition: number,
  batch: Buffer | null,
  transactionalId: string | null,
): Promise<number> {
  const target = broker.topics.partition(topicName, partition);
  const { config } = broker.topics.get(topicName);
  if (!batch || !isIntact(batch)) throw new KafkaError('CORRUPT_MESSAGE');
  const header = readHeader(batch);
  if (batch.length > config.maxMessageBytes) throw new KafkaError('MESSAGE_TOO_LARGE');
  if (
    header.isControl ||
    header.recordCount < 1 ||
    header.lastOffset - header.baseOffset !== header.recordCount - 1
  ) {
    throw new KafkaError('INVALID_RECORD');
  }
  if (config.compacts) assertCompactable(batch, header);
  if (header.isTransactional) {
    if (transactionalId === null) throw new KafkaError('INVALID_RECORD');
    const producer = { producerId: header.producerId, epoch: header.producerEpoch };
    broker.transactions.assertHolds(transactionalId, producer, topicName, partition);
  }
  const baseOffset = await target.append(batch);
  target.maintain();
  return baseOffset;
}

/** A record of a compacted topic needs a key, and a compression that the compaction can undo. */
function assertCompactable(batch: Buffer, header: BatchHeader): void {
  if (!isReadable(header)) throw new KafkaError('UNSUPPORTED_COMPRESSION_TYPE');
  let records;
  try {
    records = readRecords(batch, header);
  } catch {
    throw new KafkaError('CORRUPT_MESSAGE');
  }
  if (records.some(({ key }) => key === null)) throw new KafkaError('INVALID_RECORD');
}
