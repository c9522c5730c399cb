import { setTimeout as sleep } from 'node:timers/promises';
import type { Batch, Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import type { Logger } from 'pino';
import { type PublishedRecord, type RecordReader, UnreadableRecord } from './published-record.js';
import type { PartitionOfTopic, ReadingProgress } from './reading-progress.js';

export interface FollowerSettings {
  readonly groupId: string;
  /** After how long the group gives the partitions of a member that died to the others, in milliseconds. */
  readonly sessionTimeoutMs: number;
}

const PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Follows topics as a member of a consumer group: batches of a partition one after the other, each stored before it
 * counts as read. Whatever fails, brokers or database, it begins again behind what is stored, until it is stopped or
 * meets what it can't read.
 */
export class TopicFollower {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly kafka: Kafka,
    private readonly settings: FollowerSettings & { readonly topics: readonly string[] },
    private readonly reader: RecordReader,
    private readonly progress: ReadingProgress,
    /** Stores what the records change. It must bear to get a record again. */
    private readonly take: (records: readonly PublishedRecord[]) => Promise<void>,
    private readonly log: Logger,
  ) {}

  /** Follows until `stop`. Raises UnreadableRecord. */
  follow(): Promise<void> {
    this.running ??= this.followAgainAndAgain();
    return this.running;
  }

  /** Ends when the member has left its group. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running?.catch(() => {});
  }

  private async followAgainAndAgain(): Promise<void> {
    const { signal } = this.stopping;
    for (let pauseMs = PAUSE_MS; !signal.aborted; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      const startedAt = performance.now();
      try {
        await this.followUntilItFails(signal);
      } catch (error) {
        if (error instanceof UnreadableRecord) throw error;
        this.log.error({ error: nameOf(error) }, 'following was interrupted, and begins again');
        if (performance.now() - startedAt > 60_000) pauseMs = PAUSE_MS;
        await sleep(pauseMs, undefined, { signal }).catch(() => {});
      }
    }
  }

  /** Resolves when it was stopped; rejects with what a consumer crashed of. */
  private async followUntilItFails(signal: AbortSignal): Promise<void> {
    const { groupId, topics, sessionTimeoutMs } = this.settings;
    const consumer = this.kafka.consumer({
      groupId,
      readUncommitted: false,
      allowAutoTopicCreation: false,
      sessionTimeout: sessionTimeoutMs,
      heartbeatInterval: Math.floor(sessionTimeoutMs / 3),
      rebalanceTimeout: sessionTimeoutMs,
      maxWaitTimeInMs: 500,
      // A consumer that failed is not used again: the next one begins behind what is stored.
      retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 5, restartOnFailure: async () => false },
    });
    try {
      const crashed = new Promise<never>((_resolve, reject) => {
        consumer.on('consumer.crash', ({ payload }) => reject(causeOf(payload.error)));
        consumer.on('consumer.group_join', ({ payload: { memberAssignment } }) => {
          this.readOn(consumer, partitionsOf(memberAssignment)).catch(reject);
        });
        consumer.on('consumer.end_batch_process', ({ payload }) => {
          // Aborted records and the marks of transactions are not handed out, but they were read.
          if (payload.batchSize === 0) this.passed(payload).catch(reject);
        });
      });
      const stopped = new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
      crashed.catch(() => {});
      await Promise.race([this.begin(consumer, topics), crashed, stopped]);
      await Promise.race([crashed, stopped]);
    } finally {
      await consumer.disconnect().catch(() => {});
    }
  }

  private async begin(consumer: Consumer, topics: readonly string[]): Promise<void> {
    await consumer.connect();
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await consumer.run({ eachBatch: (payload) => this.handle(payload) });
  }

  /** Fixes the ends of the partitions that were assigned, and goes on where the database says. */
  private async readOn(consumer: Consumer, partitions: readonly PartitionOfTopic[]): Promise<void> {
    const assignment = partitions.map(({ topic, partition }) => ({ topic, partitions: [partition] }));
    // At once, before anything is fetched from where the group's offsets say.
    consumer.pause(assignment);
    const isOurs = (of: PartitionOfTopic) => {
      return partitions.some(({ topic, partition }) => topic === of.topic && partition === of.partition);
    };
    const ends = (await this.ends()).map((of) => ({ ...of, isOurs: isOurs(of) }));
    const readTo = await this.progress.assigned(ends);
    for (const [index, { topic, partition, isOurs }] of ends.entries()) {
      if (isOurs) consumer.seek({ topic, partition, offset: String(readTo[index]!) });
    }
    consumer.resume(assignment);
    this.log.info(
      { partitions: partitions.map(({ topic, partition }) => `${topic}/${partition}`) },
      'assigned',
    );
  }

  /** The ends of all partitions, as a read_committed reader sees them. */
  private async ends(): Promise<(PartitionOfTopic & { end: number })[]> {
    const admin = this.kafka.admin({ retry: { retries: 2 } });
    await admin.connect();
    try {
      const ends = this.settings.topics.map(async (topic) => {
        const offsets = await admin.fetchTopicOffsets(topic);
        return offsets.map(({ partition, high }) => ({ topic, partition, end: Number(high) }));
      });
      return (await Promise.all(ends)).flat();
    } finally {
      await admin.disconnect();
    }
  }

  private async handle({ batch }: EachBatchPayload): Promise<void> {
    const { records, unreadable } = this.readable(batch);
    await this.take(records);
    if (unreadable) throw unreadable;
    await this.progress.read(batch, Number(batch.lastOffset()) + 1, records, new Date());
  }

  /** What comes before a record that can't be read still has its effect. */
  private readable({ topic, partition, messages }: Batch) {
    const records: PublishedRecord[] = [];
    try {
      for (const message of messages) records.push(this.reader.read(topic, partition, message));
      return { records };
    } catch (unreadable) {
      return { records, unreadable: unreadable as Error };
    }
  }

  private async passed({ topic, partition, lastOffset }: PartitionOfTopic & { lastOffset: string }) {
    await this.progress.read({ topic, partition }, Number(lastOffset) + 1, [], new Date());
  }
}

function partitionsOf(assignment: Readonly<Record<string, readonly number[]>>): PartitionOfTopic[] {
  return Object.entries(assignment).flatMap(([topic, partitions]) =>
    partitions.map((partition) => ({ topic, partition })),
  );
}

/** What lies below the errors that kafkajs wraps around another. */
function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? causeOf(error.cause) : error;
}

/** Without the message: a driver's may hold what was to be stored. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : String(error);
}
