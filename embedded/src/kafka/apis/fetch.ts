import type { Broker } from '../broker.js';
import type { Partition } from '../log/partition.js';
import type { AbortedTransaction } from '../log/transaction-index.js';
import { defineApi } from '../protocol/api.js';
import { ErrorCode, errorCodeOf } from '../protocol/error-codes.js';
import { mapPartitions, readTopics, writeTopics, type OfTopic } from '../protocol/topics.js';

interface Wanted {
  partition: number;
  offset: number;
  maxBytes: number;
}

interface Request {
  maxWaitMs: number;
  minBytes: number;
  maxBytes: number;
  readCommitted: boolean;
  topics: OfTopic<Wanted>[];
}

interface Fetched {
  partition: number;
  errorCode: number;
  highWatermark: number;
  lastStableOffset: number;
  aborted: AbortedTransaction[] | null;
  batches: Buffer[];
}

/** An answer never holds more than this, whatever a client asks for, beyond the one batch that brings it on. */
const MAX_ANSWER_BYTES = 16 << 20;

/** Reads record batches, and waits for them for a while when there are too few. */
export const fetch = defineApi<Request, { topics: OfTopic<Fetched>[] }>({
  key: 1,
  name: 'Fetch',
  versions: [4, 4],
  decode(reader) {
    reader.int32(); // the replica: -1 for a consumer
    const maxWaitMs = reader.int32();
    const minBytes = reader.int32();
    const maxBytes = reader.int32();
    const readCommitted = reader.int8() === 1;
    const topics = readTopics(reader, (r) => ({
      partition: r.int32(),
      offset: r.int64(),
      maxBytes: r.int32(),
    }));
    return { maxWaitMs, minBytes, maxBytes, readCommitted, topics };
  },
  async handle(broker, request, { gone }) {
    await enoughToRead(broker, request, gone);
    return { topics: await read(broker, request) };
  },
  encode(writer, { topics }) {
    writer.int32(0);
    writeTopics(
      writer,
      topics,
      ({ partition, errorCode, highWatermark, lastStableOffset, aborted, batches }) => {
        writer.int32(partition).int16(errorCode).int64(highWatermark).int64(lastStableOffset);
        if (aborted === null) writer.int32(-1);
        else
          writer.array(aborted, ({ producerId, firstOffset }) => writer.int64(producerId).int64(firstOffset));
        writer.concatenated(batches);
      },
    );
  },
  refuse: ({ topics }, errorCode) => ({
    topics: mapPartitions(topics, ({ partition }) => failed(partition, errorCode)),
  }),
});

function failed(partition: number, errorCode: number): Fetched {
  return { partition, errorCode, highWatermark: -1, lastStableOffset: -1, aborted: null, batches: [] };
}

/** The partition that is read from, or the code of why it can't be. */
function source(broker: Broker, topic: string, { partition, offset }: Wanted): Partition | number {
  try {
    const found = broker.topics.partition(topic, partition);
    const isInRange = offset >= found.logStartOffset && offset <= found.highWatermark;
    return isInRange ? found : ErrorCode.OFFSET_OUT_OF_RANGE;
  } catch (error) {
    return errorCodeOf(error);
  }
}

function endFor(partition: Partition, readCommitted: boolean): number {
  return readCommitted ? partition.lastStableOffset : partition.highWatermark;
}

/** Resolves when the request can be answered: enough bytes, an error to tell, the time over, or nobody there any more. */
function enoughToRead(broker: Broker, request: Request, gone: AbortSignal): Promise<void> {
  const wanted = request.topics.flatMap(({ topic, partitions }) =>
    partitions.map((each) => ({ topic, each })),
  );
  for (const { topic, each } of wanted) {
    const from = source(broker, topic, each);
    if (typeof from !== 'number') from.maintain();
  }
  const isEnough = (): boolean => {
    let bytes = 0;
    for (const { topic, each } of wanted) {
      const from = source(broker, topic, each);
      if (typeof from === 'number') return true;
      bytes += from.bytesBetween(each.offset, endFor(from, request.readCommitted), request.minBytes);
    }
    return bytes >= request.minBytes;
  };
  return new Promise((resolve) => {
    if (request.maxWaitMs <= 0 || gone.aborted || isEnough()) return resolve();
    const stops: (() => void)[] = [];
    const finish = (): void => {
      for (const stop of stops) stop();
      resolve();
    };
    const look = (): void => {
      if (isEnough()) finish();
    };
    const timer = setTimeout(finish, request.maxWaitMs).unref();
    gone.addEventListener('abort', finish);
    stops.push(
      () => clearTimeout(timer),
      () => gone.removeEventListener('abort', finish),
      ...wanted.map(({ topic, each }) => broker.topics.partition(topic, each.partition).watch(look)),
    );
  });
}

async function read(broker: Broker, request: Request): Promise<OfTopic<Fetched>[]> {
  let room = Math.min(request.maxBytes, MAX_ANSWER_BYTES);
  let isEmpty = true;
  const topics: OfTopic<Fetched>[] = [];
  for (const { topic, partitions } of request.topics) {
    const fetched: Fetched[] = [];
    for (const wanted of partitions) {
      const result = await readPartition(broker, topic, wanted, request.readCommitted, room, isEmpty);
      room -= result.batches.reduce((sum, { length }) => sum + length, 0);
      isEmpty &&= result.batches.length === 0;
      fetched.push(result);
    }
    topics.push({ topic, partitions: fetched });
  }
  return topics;
}

async function readPartition(
  broker: Broker,
  topic: string,
  wanted: Wanted,
  readCommitted: boolean,
  room: number,
  mayExceed: boolean,
): Promise<Fetched> {
  const from = source(broker, topic, wanted);
  if (typeof from === 'number') return failed(wanted.partition, from);
  const { highWatermark, lastStableOffset } = from;
  const end = endFor(from, readCommitted);
  const answer = { partition: wanted.partition, errorCode: ErrorCode.NONE, highWatermark, lastStableOffset };
  const aborted = readCommitted ? from.abortedBetween(wanted.offset, end) : null;
  const batches = await from.read(wanted.offset, end, Math.min(wanted.maxBytes, room), mayExceed);
  return { ...answer, aborted, batches };
}
