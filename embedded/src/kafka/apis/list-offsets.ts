import type { Broker } from '../broker.js';
import { defineApi } from '../protocol/api.js';
import { ErrorCode, errorCodeOf } from '../protocol/error-codes.js';
import {
  mapPartitions,
  mapPartitionsAsync,
  readTopics,
  writeTopics,
  type OfTopic,
} from '../protocol/topics.js';

interface Asked {
  partition: number;
  /** A time in ms since 1970, or one of the two below. */
  timestamp: number;
}

interface Listed {
  partition: number;
  errorCode: number;
  timestamp: number;
  offset: number;
}

const LATEST = -1;
const EARLIEST = -2;
const UNKNOWN = -1;

/** Finds offsets: the first, the one behind the last, or the first since a time. */
export const listOffsets = defineApi<
  { readCommitted: boolean; topics: OfTopic<Asked>[] },
  { topics: OfTopic<Listed>[] }
>({
  key: 2,
  name: 'ListOffsets',
  versions: [1, 3],
  decode(reader, version) {
    reader.int32(); // the replica: -1 for a consumer
    const readCommitted = version >= 2 && reader.int8() === 1;
    return {
      readCommitted,
      topics: readTopics(reader, (r) => ({ partition: r.int32(), timestamp: r.int64() })),
    };
  },
  async handle(broker, { readCommitted, topics }) {
    return {
      topics: await mapPartitionsAsync(topics, async (asked, topic) => {
        try {
          return {
            partition: asked.partition,
            errorCode: ErrorCode.NONE,
            ...(await find(broker, topic, asked, readCommitted)),
          };
        } catch (error) {
          return unlisted(asked.partition, errorCodeOf(error));
        }
      }),
    };
  },
  encode(writer, { topics }, version) {
    if (version >= 2) writer.int32(0);
    writeTopics(writer, topics, ({ partition, errorCode, timestamp, offset }) =>
      writer.int32(partition).int16(errorCode).int64(timestamp).int64(offset),
    );
  },
  refuse: ({ topics }, errorCode) => ({
    topics: mapPartitions(topics, ({ partition }) => unlisted(partition, errorCode)),
  }),
});

function unlisted(partition: number, errorCode: number): Listed {
  return { partition, errorCode, timestamp: UNKNOWN, offset: UNKNOWN };
}

async function find(
  broker: Broker,
  topic: string,
  { partition, timestamp }: Asked,
  readCommitted: boolean,
): Promise<{ timestamp: number; offset: number }> {
  const log = broker.topics.partition(topic, partition);
  log.maintain();
  const end = readCommitted ? log.lastStableOffset : log.highWatermark;
  if (timestamp === LATEST) return { timestamp: UNKNOWN, offset: end };
  if (timestamp === EARLIEST) return { timestamp: UNKNOWN, offset: log.logStartOffset };
  return (await log.firstSince(timestamp, end)) ?? { timestamp: UNKNOWN, offset: UNKNOWN };
}
