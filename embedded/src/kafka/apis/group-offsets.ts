import { defineApi } from '../protocol/api.js';
import { ErrorCode, errorCodeOf } from '../protocol/error-codes.js';
import { mapPartitions, readTopics, writeTopics, type OfTopic } from '../protocol/topics.js';
import {
  committable,
  offsetsOf,
  readOffset,
  type OffsetToCommit,
  type PartitionOutcome,
} from './offsets-to-commit.js';

interface CommitRequest {
  groupId: string;
  generation: number;
  memberId: string;
  topics: OfTopic<OffsetToCommit>[];
}

/** Stores how far a group has come. */
export const offsetCommit = defineApi<CommitRequest, { topics: OfTopic<PartitionOutcome>[] }>({
  key: 8,
  name: 'OffsetCommit',
  versions: [2, 3],
  decode(reader) {
    const groupId = reader.string();
    const generation = reader.int32();
    const memberId = reader.string();
    reader.int64(); // retention: offsets don't expire here
    return { groupId, generation, memberId, topics: readTopics(reader, readOffset) };
  },
  async handle(broker, request) {
    const { groupId, generation, memberId } = request;
    try {
      broker.groups.get(groupId).assertMayCommit(memberId, generation);
      const topics = committable(broker, request.topics);
      await broker.groups.offsets.commit(groupId, offsetsOf(request.topics, topics));
      return { topics };
    } catch (error) {
      return refuseCommit(request, errorCodeOf(error));
    }
  },
  encode(writer, { topics }, version) {
    if (version >= 3) writer.int32(0);
    writeTopics(writer, topics, ({ partition, errorCode }) => writer.int32(partition).int16(errorCode));
  },
  refuse: refuseCommit,
});

function refuseCommit({ topics }: CommitRequest, errorCode: number): { topics: OfTopic<PartitionOutcome>[] } {
  return { topics: mapPartitions(topics, ({ partition }) => ({ partition, errorCode })) };
}

interface FetchedOffset {
  partition: number;
  offset: number;
  metadata: string | null;
}

interface FetchedOffsets {
  errorCode: number;
  topics: OfTopic<FetchedOffset>[];
}

/** Tells how far a group has come; -1 where it hasn't committed. */
export const offsetFetch = defineApi<{ groupId: string; topics: OfTopic<number>[] | null }, FetchedOffsets>({
  key: 9,
  name: 'OffsetFetch',
  versions: [1, 3],
  decode: (reader) => ({
    groupId: reader.string(),
    topics: reader.nullableArray((r) => ({ topic: r.string(), partitions: r.array((p) => p.int32()) })),
  }),
  handle(broker, { groupId, topics }) {
    const { offsets } = broker.groups;
    const wanted = topics ?? committedPartitions(offsets.of(groupId));
    return Promise.resolve({
      errorCode: ErrorCode.NONE,
      topics: mapPartitions(wanted, (partition, topic) => {
        const committed = offsets.find(groupId, topic, partition);
        return { partition, offset: committed?.offset ?? -1, metadata: committed?.metadata ?? '' };
      }),
    });
  },
  encode(writer, { errorCode, topics }, version) {
    if (version >= 3) writer.int32(0);
    writeTopics(writer, topics, ({ partition, offset, metadata }) =>
      writer.int32(partition).int64(offset).nullableString(metadata).int16(errorCode),
    );
    if (version >= 2) writer.int16(errorCode);
  },
  refuse: ({ topics }, errorCode) => ({
    errorCode,
    topics: mapPartitions(topics ?? [], (partition) => ({ partition, offset: -1, metadata: '' })),
  }),
});

function committedPartitions(committed: readonly { topic: string; partition: number }[]): OfTopic<number>[] {
  const byTopic = new Map<string, number[]>();
  for (const { topic, partition } of committed)
    byTopic.set(topic, [...(byTopic.get(topic) ?? []), partition]);
  return [...byTopic].map(([topic, partitions]) => ({ topic, partitions }));
}
