import type { Admin, Consumer, Kafka } from 'kafkajs';
import { endsWithin } from '../subscriptions/bounded-wait.js';
import type { Checkpoint } from '../subscriptions/checkpoint.js';
import type { Unpublished } from './held-back-list.js';

/** How far before the end of the positions topic a position is looked for first; then ten times as far, and so on. */
const RECENT_RECORDS = 1000;
const CLEAN_UP_LIMIT_MS = 2_000;

/** What a publication has said of itself last. */
export interface PublishedPosition {
  /** Where it stands; undefined while it has published nothing yet. */
  readonly position: Checkpoint | undefined;
  /** The clients of whom something was given up, with the first such revision. */
  readonly skipped: readonly Unpublished[];
}

export const NOTHING_PUBLISHED: PublishedPosition = { position: undefined, skipped: [] };

/** A position as its record holds it: `commit` and `prepare` are null while nothing was published. */
interface PositionValue extends Omit<Checkpoint, 'commit' | 'prepare'> {
  readonly commit: string | null;
  readonly prepare: string | null;
  readonly skipped?: readonly Unpublished[];
}

/** The value of a position's record. */
export function positionValue({ position, skipped }: PublishedPosition): string {
  const { commit, prepare } = position ?? {};
  return JSON.stringify({
    ...position,
    commit: commit?.toString() ?? null,
    prepare: prepare?.toString() ?? null,
    ...(skipped.length > 0 && { skipped }),
  } satisfies PositionValue);
}

function positionOf(value: string): PublishedPosition {
  const { commit, prepare, skipped = [], ...rest } = JSON.parse(value) as PositionValue;
  if (commit === null || prepare === null) return NOTHING_PUBLISHED;
  return { position: { ...rest, commit: BigInt(commit), prepare: BigInt(prepare) }, skipped };
}

export interface LastPositionQuery {
  readonly kafka: Kafka;
  readonly admin: Admin;
  /** The positions topic, which has one partition. */
  readonly topic: string;
  /** The key of the position's records. */
  readonly key: string;
  /** The value of a record that comes behind all that is to be read. */
  readonly marker: string;
  /** A consumer group of its own, which is there no longer afterwards. */
  readonly groupId: string;
  /** Ends the search, which then rejects with the signal's reason. */
  readonly signal: AbortSignal;
}

/** The last committed position before the marker; undefined where there is none. */
export async function lastPosition(query: LastPositionQuery): Promise<PublishedPosition | undefined> {
  const { kafka, admin, topic, groupId, signal } = query;
  signal.throwIfAborted();
  const [end] = await admin.fetchTopicOffsets(topic);
  const consumer = kafka.consumer({ groupId, readUncommitted: false, maxWaitTimeInMs: 100 });
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    return await readUpToMarker(consumer, query, Number(end!.low), Number(end!.high));
  } finally {
    // A group that stays behind costs nothing but its name: the answer, or its error, matters more.
    await endsWithin(CLEAN_UP_LIMIT_MS, forget(consumer, admin, groupId));
  }
}

async function forget(consumer: Consumer, admin: Admin, groupId: string): Promise<void> {
  await consumer.disconnect();
  await admin.deleteGroups([groupId]);
}

function readUpToMarker(
  consumer: Consumer,
  { topic, key, marker, signal }: LastPositionQuery,
  low: number,
  high: number,
): Promise<PublishedPosition | undefined> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    let window = RECENT_RECORDS;
    let found: PublishedPosition | undefined;
    const seek = () => consumer.seek({ topic, partition: 0, offset: String(Math.max(low, high - window)) });
    const eachMessage = async ({ message }: { message: { key: Buffer | null; value: Buffer | null } }) => {
      const value = message.value?.toString() ?? '';
      if (message.key?.toString() === key) found = positionOf(value);
      if (value !== marker) return;
      if (found || high - window <= low) return resolve(found);
      window *= 10;
      seek();
    };
    const running = consumer.run({ autoCommit: false, eachMessage });
    running.catch(reject);
    const abandon = () => {
      reject(signal.reason as Error);
      // A consumer that was still joining its group goes on to connect once more.
      running.then(() => consumer.disconnect()).catch(() => {});
    };
    signal.addEventListener('abort', abandon, { once: true });
    seek();
  });
}
