import type { Broker } from '../broker.js';
import type { CommittedOffset } from '../coordination/state-log.js';
import { ErrorCode } from '../protocol/error-codes.js';
import type { Reader } from '../protocol/reader.js';
import { mapPartitions, type OfTopic } from '../protocol/topics.js';

export interface OffsetToCommit {
  partition: number;
  offset: number;
  metadata: string | null;
}

export interface PartitionOutcome {
  partition: number;
  errorCode: number;
}

const MAX_METADATA_BYTES = 4096;

export function readOffset(reader: Reader): OffsetToCommit {
  return { partition: reader.int32(), offset: reader.int64(), metadata: reader.nullableString() };
}

/** For each offset whether it can be committed. */
export function committable(
  broker: Broker,
  topics: readonly OfTopic<OffsetToCommit>[],
): OfTopic<PartitionOutcome>[] {
  return mapPartitions(topics, ({ partition, metadata }, topic) => {
    const exists = broker.topics.find(topic)?.partitions[partition] !== undefined;
    const isTooLong = Buffer.byteLength(metadata ?? '') > MAX_METADATA_BYTES;
    const errorCode = !exists
      ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
      : isTooLong
        ? ErrorCode.OFFSET_METADATA_TOO_LARGE
        : ErrorCode.NONE;
    return { partition, errorCode };
  });
}

/** The offsets whose outcome is no error. */
export function offsetsOf(
  requested: readonly OfTopic<OffsetToCommit>[],
  outcomes: readonly OfTopic<PartitionOutcome>[],
): CommittedOffset[] {
  return requested.flatMap(({ topic, partitions }, t) =>
    partitions
      .filter((_, p) => outcomes[t]!.partitions[p]!.errorCode === ErrorCode.NONE)
      .map(({ partition, offset, metadata }) => ({ topic, partition, offset, metadata })),
  );
}
