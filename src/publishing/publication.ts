import { randomUUID } from 'node:crypto';
import { type Consumer, type Kafka, Partitioners, type Producer } from 'kafkajs';
import type { Position } from '../event-log/event-store.js';
import type { RecordedEvent } from '../event-log/stored-form.js';
import type { BatchHandler } from '../subscriptions/subscriber.js';
import { integrationEvent } from './integration-event.js';
import { ensureTopics, eventsTopic, positionsTopic, type TopicSettings } from './topics.js';

/** How far before the end of the positions topic a publication's last position is looked for first. */
const RECENT_RECORDS = 1000;
/** How long the last position may take to be found, in milliseconds. */
const POSITION_TIMEOUT_MS = 30_000;

/**
 * Writes the log to Kafka once: one transaction a batch, with the position that it reaches in the same
 * transaction, and only one at a time. A producer that has failed is never used again; the next one, of the
 * same transactional id, ends and fences what the former one left open.
 */
export class Publication implements BatchHandler {
  private readonly id: string;
  private readonly events: string;
  private readonly positions: string;
  private producer: Producer | undefined;

  constructor(
    private readonly name: string,
    private readonly kafka: Kafka,
    private readonly topics: TopicSettings,
  ) {
    this.id = `${topics.prefix}.${name}`;
    this.events = eventsTopic(topics);
    this.positions = positionsTopic(topics);
  }

  async position(): Promise<Position | undefined> {
    await this.close();
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      await ensureTopics(admin, this.topics);
      this.producer = await this.newProducer();
      const marker = await this.writeMarker(this.producer);
      const [end] = await admin.fetchTopicOffsets(this.positions);
      const recent = Math.max(Number(end!.low), Number(end!.high) - RECENT_RECORDS);
      return (
        (await this.lastPosition(recent, marker)) ??
        (recent > Number(end!.low) ? await this.lastPosition(Number(end!.low), marker) : undefined)
      );
    } finally {
      await admin.disconnect();
    }
  }

  async handle(batch: readonly RecordedEvent[]): Promise<void> {
    if (!this.producer) throw new Error('the position must be read before a batch is published');
    const { commit, prepare } = batch.at(-1)!.position;
    const value = JSON.stringify({ commit: commit.toString(), prepare: prepare.toString() });
    const transaction = await this.producer.transaction();
    await transaction.sendBatch({
      topicMessages: [
        {
          topic: this.events,
          messages: batch.map((event) => integrationEvent(event, this.topics.partitions)),
        },
        { topic: this.positions, messages: [{ key: this.name, value, partition: 0 }] },
      ],
    });
    await transaction.commit();
  }

  async close(): Promise<void> {
    const producer = this.producer;
    this.producer = undefined;
    await producer?.disconnect();
  }

  private async newProducer(): Promise<Producer> {
    const producer = this.kafka.producer({
      transactionalId: this.id,
      idempotent: true,
      maxInFlightRequests: 1,
      transactionTimeout: 15_000,
      // The first wait is also the floor of each transaction's length.
      retry: { initialRetryTime: 2, maxRetryTime: 500, retries: 30 },
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    return producer;
  }

  /**
   * Writes a record that only this producer knows. Its transaction fences the former producer and comes behind
   * all that the former one committed: who reads up to it has read every position there is.
   */
  private async writeMarker(producer: Producer): Promise<string> {
    const marker = randomUUID();
    const transaction = await producer.transaction();
    await transaction.send({
      topic: this.positions,
      messages: [{ key: `${this.name}.marker`, value: marker, partition: 0 }],
    });
    await transaction.commit();
    return marker;
  }

  /** This publication's last committed position between the offset and the marker. */
  private async lastPosition(fromOffset: number, marker: string): Promise<Position | undefined> {
    const groupId = `${this.id}.position-${marker}`;
    const consumer = this.kafka.consumer({ groupId, readUncommitted: false, maxWaitTimeInMs: 100 });
    await consumer.connect();
    try {
      await consumer.subscribe({ topic: this.positions, fromBeginning: true });
      return await this.readUpTo(consumer, fromOffset, marker);
    } finally {
      await consumer.disconnect();
      await this.forgetGroup(groupId);
    }
  }

  private readUpTo(consumer: Consumer, fromOffset: number, marker: string): Promise<Position | undefined> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error('the last position was not found in time')),
        POSITION_TIMEOUT_MS,
      );
      let position: Position | undefined;
      const eachMessage = async ({ message }: { message: { key: Buffer | null; value: Buffer | null } }) => {
        const key = message.key?.toString();
        const value = message.value?.toString() ?? '';
        if (key === this.name) position = positionOf(value);
        if (value !== marker) return;
        clearTimeout(timer);
        resolve(position);
      };
      consumer.run({ autoCommit: false, eachMessage }).catch((error: unknown) => {
        clearTimeout(timer);
        reject(error);
      });
      consumer.seek({ topic: this.positions, partition: 0, offset: String(fromOffset) });
    });
  }

  private async forgetGroup(groupId: string): Promise<void> {
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      await admin.deleteGroups([groupId]);
    } finally {
      await admin.disconnect();
    }
  }
}

function positionOf(value: string): Position {
  const { commit, prepare } = JSON.parse(value) as { commit: string; prepare: string };
  return { commit: BigInt(commit), prepare: BigInt(prepare) };
}
