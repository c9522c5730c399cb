import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Consumer, Kafka, type KafkaMessage, logLevel } from 'kafkajs';
import { DemoFailure } from './demo-failure.js';
import { publishedRecord, type PublishedRecord } from './published-record.js';

const START_LIMIT_MS = 20_000;
const STOP_LIMIT_MS = 5_000;

/**
 * Follows a workspace's records on a topic from its present end, in a consumer group of its own that is deleted at the end. The position
 * is kept here and not in the group: after a broker's restart it goes on behind the last record that it has seen.
 */
export class TopicFollower {
  /** The revisions received of each client, in the order of their arrival. */
  readonly received = new Map<string, number[]>();
  private readonly groupId: string;
  private readonly kafka: Kafka;
  private readonly consumer: Consumer;
  private readonly nextOffsets = new Map<number, bigint>();
  private waiting: { readonly isReached: () => boolean; readonly resolve: () => void }[] = [];
  private crash: Error | undefined;
  private hasJoined = false;

  constructor(
    readonly name: string,
    private readonly brokers: readonly string[],
    private readonly topic: string,
    private readonly workspaceId: string,
    private readonly onRecord: (record: PublishedRecord) => void,
  ) {
    this.groupId = `client-contacts.demo-${name}-${randomUUID()}`;
    this.kafka = new Kafka({
      clientId: `client-contacts-demo-${name}`,
      brokers: [...brokers],
      logLevel: logLevel.NOTHING,
      retry: { initialRetryTime: 200, maxRetryTime: 1_000, retries: 60 },
    });
    this.consumer = this.kafka.consumer({
      groupId: this.groupId,
      readUncommitted: false,
      maxWaitTimeInMs: 100,
      allowAutoTopicCreation: false,
    });
  }

  /** Ends when the topic is being followed. Raises DemoFailure when Kafka doesn't let it in time. */
  async start(): Promise<void> {
    await within(START_LIMIT_MS, this.follow(), () => {
      return new DemoFailure(
        `Kafka at ${this.brokers.join(',')} does not answer, or has no topic ${this.topic}: does the publisher run?`,
      );
    });
  }

  /** How many records were received. */
  get count(): number {
    return [...this.received.values()].reduce((sum, revisions) => sum + revisions.length, 0);
  }

  /** Ends when the record with this revision, or a later one, is there. Raises DemoFailure when it doesn't come in time. */
  async reach(clientId: string, revision: number, limitMs: number): Promise<void> {
    const last = () => this.received.get(clientId)?.at(-1) ?? -1;
    const isReached = () => last() >= revision;
    if (isReached()) return;
    const reached = new Promise<void>((resolve) => this.waiting.push({ isReached, resolve }));
    await within(limitMs, reached, () => {
      const why = this.crash ? `its consumer ended (${this.crash.message})` : 'does the publisher run?';
      return new DemoFailure(
        `The ${this.name} side did not receive revision ${revision} of ${clientId} in ${limitMs / 1000} s (last: ${last() < 0 ? 'none' : last()}): ${why}`,
      );
    });
  }

  /** Leaves the group and deletes it; after a few seconds it is left to Kafka, which forgets empty groups by itself. */
  async stop(): Promise<void> {
    await Promise.race([
      this.leave().catch(() => undefined),
      sleep(STOP_LIMIT_MS, undefined, { ref: false }),
    ]);
  }

  private async follow(): Promise<void> {
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      for (const { partition, high } of await admin.fetchTopicOffsets(this.topic)) {
        this.nextOffsets.set(partition, BigInt(high));
      }
    } finally {
      await admin.disconnect();
    }
    this.consumer.on('consumer.group_join', () => {
      this.hasJoined = true;
      for (const [partition, offset] of this.nextOffsets) {
        this.consumer.seek({ topic: this.topic, partition, offset: String(offset) });
      }
    });
    this.consumer.on('consumer.crash', ({ payload }) => {
      if (!payload.restart) this.crash = payload.error;
    });
    await this.consumer.connect();
    await this.consumer.subscribe({ topic: this.topic });
    await this.consumer.run({
      autoCommit: false,
      eachMessage: async ({ partition, message }) => this.receive(partition, message),
    });
  }

  private receive(partition: number, message: KafkaMessage): void {
    const offset = BigInt(message.offset);
    if (offset < this.nextOffsets.get(partition)!) return;
    this.nextOffsets.set(partition, offset + 1n);
    const record = publishedRecord(message);
    if (record.workspaceId !== this.workspaceId) return;
    const revisions = this.received.get(record.clientId) ?? [];
    this.received.set(record.clientId, [...revisions, record.revision]);
    this.onRecord(record);
    const reached = this.waiting.filter(({ isReached }) => isReached());
    this.waiting = this.waiting.filter((waiter) => !reached.includes(waiter));
    for (const { resolve } of reached) resolve();
  }

  private async leave(): Promise<void> {
    await this.consumer.disconnect();
    if (!this.hasJoined) return;
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      await admin.deleteGroups([this.groupId]);
    } finally {
      await admin.disconnect();
    }
  }
}

/** The promise's value, or the failure when it takes longer; a rejection counts as the failure too. */
async function within<Value>(
  limitMs: number,
  promise: Promise<Value>,
  failure: () => DemoFailure,
): Promise<Value> {
  const timer = new AbortController();
  const expired = sleep(limitMs, undefined, { signal: timer.signal }).then(() => {
    throw failure();
  });
  expired.catch(() => undefined);
  try {
    return await Promise.race([
      promise.catch(() => {
        throw failure();
      }),
      expired,
    ]);
  } finally {
    timer.abort();
  }
}
