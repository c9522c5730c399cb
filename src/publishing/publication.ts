import { randomUUID } from 'node:crypto';
import type { Admin, Kafka, Message, Producer, TopicMessages } from 'kafkajs';
import type { RecordedEvent } from '../event-log/stored-form.js';
import type { BatchHandler, Heartbeat, SkippedAppend } from '../subscriptions/batch-handler.js';
import { endsWithin } from '../subscriptions/bounded-wait.js';
import { type Checkpoint, checkpointAfter } from '../subscriptions/checkpoint.js';
import { heartbeats } from './heartbeat.js';
import type { KnownBooks } from './known-books.js';
import { lastPosition, positionValue } from './last-position.js';
import { isFenced, MissingPositions, PublicationFenced, PublicationTimedOut } from './publication-errors.js';
import { recordsOfBatch } from './records-of-batch.js';
import { skippedRecord } from './skipped-record.js';
import {
  billingRoutesTopic,
  contractTopics,
  ensureTopics,
  eventsTopic,
  portalAccessTopic,
  positionsTopic,
  type TopicSettings,
} from './topics.js';
import { abortWhatIsOpen, commit, transactionalProducer } from './transactions.js';

export interface PublicationSettings {
  readonly topics: TopicSettings;
  /**
   * How long a batch, or finding the position, may take, in milliseconds: less than the transaction's own time-out,
   * so that a fenced producer was fenced by another one.
   */
  readonly deadlineMs: number;
  readonly heartbeatIntervalMs: number;
}

export const PUBLICATION_DEFAULTS = { deadlineMs: 10_000, heartbeatIntervalMs: 10_000 } as const;

/** The name of the one publication that each set of topics has. */
export const LIVE_PUBLICATION = 'live';

/** How long the goodbye to Kafka is waited for, in milliseconds. */
const CLOSE_LIMIT_MS = 2_000;

/**
 * Writes the log to Kafka once: one transaction a batch, with the position that it reaches in the same
 * transaction, and only one at a time. A producer that has failed is never used again; the next one, of the
 * same transactional id, ends and fences what the former one left open. So a call that took too long can be
 * abandoned: whatever still becomes of it comes before the position that is read next, or is refused.
 */
export class Publication implements BatchHandler {
  /**
   * Says on every partition that the publication lives and where it stands. Raises PublicationTimedOut,
   * PublicationFenced and kafkajs's errors; the position must be read anew then.
   */
  readonly heartbeat: Heartbeat;
  private readonly id: string;
  private readonly positions: string;
  private producer: Producer | undefined;
  private published: Checkpoint | undefined;

  constructor(
    private readonly name: string,
    private readonly kafka: Kafka,
    private readonly books: KnownBooks,
    private readonly settings: PublicationSettings,
  ) {
    this.id = `${settings.topics.prefix}.${name}`;
    this.positions = positionsTopic(settings.topics);
    this.heartbeat = {
      intervalMs: settings.heartbeatIntervalMs,
      beat: () => this.publish(this.heartbeats()),
    };
  }

  /**
   * Raises MissingTopics, WrongPartitionCount, MissingPositions, UnfinishedTransaction, PublicationTimedOut,
   * PublicationFenced and kafkajs's errors.
   */
  async position(): Promise<Checkpoint | undefined> {
    await this.close();
    this.published = await this.withinDeadline('reading the position', async (signal) => {
      const admin = this.kafka.admin();
      try {
        await admin.connect();
        await ensureTopics(admin, this.settings.topics);
        return await this.takeOver(admin, signal);
      } finally {
        await endsWithin(CLOSE_LIMIT_MS, admin.disconnect());
      }
    });
    return this.published;
  }

  /**
   * Raises RevisionGap, RecordTooLarge, PublicationTimedOut, PublicationFenced, kafkajs's errors, and those of reading
   * a client's stream; the position must be read anew then.
   */
  async handle(batch: readonly RecordedEvent[], checkpoint = checkpointAfter(batch)): Promise<void> {
    const { topics } = this.settings;
    const { events, billingRoutes, portalAccess } = await recordsOfBatch(
      batch,
      this.books,
      topics.partitions,
    );
    await this.publish([
      { topic: eventsTopic(topics), messages: events },
      { topic: billingRoutesTopic(topics), messages: billingRoutes },
      { topic: portalAccessTopic(topics), messages: portalAccess },
      { topic: this.positions, messages: [this.positionRecord(checkpoint)] },
    ]);
    this.published = checkpoint;
  }

  /** Says of each revision of the append that it was given up, so that the client's revisions stay contiguous. */
  async skip({ client, from, to }: SkippedAppend, checkpoint: Checkpoint): Promise<void> {
    const { topics } = this.settings;
    const revisions = Array.from({ length: to - from + 1 }, (_, index) => from + index);
    const messages = revisions.map((revision) => {
      return skippedRecord({ client, revision, endsAppend: revision === to }, topics.partitions);
    });
    await this.publish([
      { topic: eventsTopic(topics), messages },
      { topic: this.positions, messages: [this.positionRecord(checkpoint)] },
    ]);
    this.published = checkpoint;
  }

  /** Resolves within two seconds, whether Kafka answers or not. */
  async close(): Promise<void> {
    const { producer } = this;
    this.producer = undefined;
    if (producer) await endsWithin(CLOSE_LIMIT_MS, producer.disconnect());
  }

  private async publish(records: readonly TopicMessages[]): Promise<void> {
    const { producer } = this;
    if (!producer) throw new Error('the position must be read before anything is published');
    await this.withinDeadline('publishing', (signal) => commit(producer, records, signal));
  }

  private async takeOver(admin: Admin, signal: AbortSignal): Promise<Checkpoint | undefined> {
    signal.throwIfAborted();
    // It is kept before it is connected: half a connection must be closed, too.
    const producer = (this.producer = transactionalProducer(this.kafka, this.id));
    await producer.connect();
    const marker = randomUUID();
    const markers = [{ topic: this.positions, messages: [this.markerRecord(marker)] }];
    await abortWhatIsOpen(producer, admin, markers, signal);
    await commit(producer, markers, signal);
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
    await abortWhatIsOpen(producer, admin, this.heartbeats(), signal);
    return last?.position;
  }

  /**
   * Says in the positions topic that nothing was published yet. Where records are found later, but not even
   * this, the positions were lost; a first batch that failed, which leaves traces too, is not mistaken for that.
   */
  private async begin(signal: AbortSignal, admin: Admin, producer: Producer): Promise<void> {
    for (const topic of contractTopics(this.settings.topics)) {
      const ends = await admin.fetchTopicOffsets(topic);
      if (ends.some(({ high }) => Number(high) > 0)) {
        throw new MissingPositions(`${topic} has had records, but ${this.positions} holds no position`);
      }
    }
    await commit(producer, [{ topic: this.positions, messages: [this.positionRecord(undefined)] }], signal);
  }

  private heartbeats(): TopicMessages[] {
    const { topics, heartbeatIntervalMs } = this.settings;
    const messages = heartbeats(this.published, new Date(), heartbeatIntervalMs, topics.partitions);
    return contractTopics(topics).map((topic) => ({ topic, messages }));
  }

  private positionRecord(last: Checkpoint | undefined): Message {
    return { key: this.name, value: positionValue(last), partition: 0 };
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
    const { deadlineMs } = this.settings;
    const deadline = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const expired = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        const error = new PublicationTimedOut(`${step} took more than ${deadlineMs} ms`);
        deadline.abort(error);
        reject(error);
      }, deadlineMs);
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
