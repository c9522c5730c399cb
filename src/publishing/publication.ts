import { randomUUID } from 'node:crypto';
import { type Admin, type Kafka, type Message, Partitioners, type Producer } from 'kafkajs';
import type { RecordedEvent } from '../event-log/stored-form.js';
import type { BatchHandler } from '../subscriptions/batch-handler.js';
import { endsWithin } from '../subscriptions/bounded-wait.js';
import { type Checkpoint, checkpointAfter } from '../subscriptions/checkpoint.js';
import { integrationEvent } from './integration-event.js';
import { lastPosition, positionValue } from './last-position.js';
import { isFenced, MissingPositions, PublicationFenced, PublicationTimedOut } from './publication-errors.js';
import { ensureTopics, eventsTopic, positionsTopic, type TopicSettings } from './topics.js';

/** In milliseconds: less than the transaction's own time-out, so that a fenced producer was fenced by another one. */
export const PUBLICATION_DEADLINE_MS = 10_000;
const TRANSACTION_TIMEOUT_MS = 15_000;
/** How long the goodbye to Kafka is waited for, in milliseconds. */
const CLOSE_LIMIT_MS = 2_000;

/**
 * Writes the log to Kafka once: one transaction a batch, with the position that it reaches in the same
 * transaction, and only one at a time. A producer that has failed is never used again; the next one, of the
 * same transactional id, ends and fences what the former one left open. So a call that took too long can be
 * abandoned: whatever still becomes of it comes before the position that is read next, or is refused.
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
    private readonly deadlineMs = PUBLICATION_DEADLINE_MS,
  ) {
    this.id = `${topics.prefix}.${name}`;
    this.events = eventsTopic(topics);
    this.positions = positionsTopic(topics);
  }

  /** Raises WrongPartitionCount, MissingPositions, PublicationTimedOut, PublicationFenced and kafkajs's errors. */
  async position(): Promise<Checkpoint | undefined> {
    await this.close();
    return this.withinDeadline('reading the position', async (signal) => {
      const admin = this.kafka.admin();
      try {
        await admin.connect();
        await ensureTopics(admin, this.topics);
        return await this.takeOver(admin, signal);
      } finally {
        await endsWithin(CLOSE_LIMIT_MS, admin.disconnect());
      }
    });
  }

  /** Raises PublicationTimedOut, PublicationFenced and kafkajs's errors; the position must be read anew then. */
  async handle(batch: readonly RecordedEvent[], checkpoint = checkpointAfter(batch)): Promise<void> {
    const { producer } = this;
    if (!producer) throw new Error('the position must be read before a batch is published');
    const records = batch.map((event) => integrationEvent(event, this.topics.partitions));
    await this.withinDeadline('publishing a batch', (signal) =>
      this.commit(signal, producer, [
        ...(records.length > 0 ? [{ topic: this.events, messages: records }] : []),
        { topic: this.positions, messages: [this.positionRecord(checkpoint)] },
      ]),
    );
  }

  /** Resolves within two seconds, whether Kafka answers or not. */
  async close(): Promise<void> {
    const { producer } = this;
    this.producer = undefined;
    if (producer) await endsWithin(CLOSE_LIMIT_MS, producer.disconnect());
  }

  private async takeOver(admin: Admin, signal: AbortSignal): Promise<Checkpoint | undefined> {
    signal.throwIfAborted();
    // It is kept before it is connected: half a connection must be closed, too.
    const producer = (this.producer = this.newProducer());
    await producer.connect();
    const marker = randomUUID();
    await this.commit(signal, producer, [{ topic: this.positions, messages: [this.markerRecord(marker)] }]);
    const last = await lastPosition({
      kafka: this.kafka,
      admin,
      topic: this.positions,
      key: this.name,
      marker,
      groupId: `${this.id}.position-${marker}`,
      signal,
    });
    if (!last) await this.begin(signal, admin, producer);
    return last?.position;
  }

  /**
   * Says in the positions topic that nothing was published yet. Where records are found later, but not even
   * this, the positions were lost; a first batch that failed, which leaves traces too, is not mistaken for that.
   */
  private async begin(signal: AbortSignal, admin: Admin, producer: Producer): Promise<void> {
    const ends = await admin.fetchTopicOffsets(this.events);
    if (ends.some(({ high }) => Number(high) > 0)) {
      throw new MissingPositions(`${this.events} has had records, but ${this.positions} holds no position`);
    }
    await this.commit(signal, producer, [
      { topic: this.positions, messages: [this.positionRecord(undefined)] },
    ]);
  }

  private newProducer(): Producer {
    return this.kafka.producer({
      transactionalId: this.id,
      idempotent: true,
      maxInFlightRequests: 1,
      transactionTimeout: TRANSACTION_TIMEOUT_MS,
      // The first wait is also the floor of each transaction's length.
      retry: { initialRetryTime: 2, maxRetryTime: 500, retries: 30 },
      createPartitioner: Partitioners.DefaultPartitioner,
    });
  }

  private async commit(
    signal: AbortSignal,
    producer: Producer,
    topicMessages: { topic: string; messages: Message[] }[],
  ): Promise<void> {
    signal.throwIfAborted();
    const transaction = await producer.transaction();
    await transaction.sendBatch({ topicMessages });
    signal.throwIfAborted();
    await transaction.commit();
  }

  private positionRecord(position: Checkpoint | undefined): Message {
    return { key: this.name, value: positionValue(position), partition: 0 };
  }

  /**
   * A record that only this producer knows. Its transaction fences the former producer and comes behind all that
   * the former one committed: who reads up to it has read every position there is.
   */
  private markerRecord(marker: string): Message {
    return { key: `${this.name}.marker`, value: marker, partition: 0 };
  }

  /** After any error the producer is let go: it must not be used again. */
  private async withinDeadline<T>(step: string, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const deadline = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const expired = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        const error = new PublicationTimedOut(`${step} took more than ${this.deadlineMs} ms`);
        deadline.abort(error);
        reject(error);
      }, this.deadlineMs);
    });
    const running = run(deadline.signal);
    try {
      return await Promise.race([running, expired]);
    } catch (error) {
      const { producer } = this;
      await this.close();
      // For what was still under way kafkajs may have connected once more.
      const disconnectAgain = () => producer?.disconnect();
      running.then(disconnectAgain, disconnectAgain).catch(() => {});
      throw isFenced(error) ? new PublicationFenced(this.id, error) : error;
    } finally {
      clearTimeout(timer);
    }
  }
}
