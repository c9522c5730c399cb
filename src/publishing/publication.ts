import { randomUUID } from 'node:crypto';
import type { Admin, Kafka, Message, Producer, TopicMessages } from 'kafkajs';
import { streamNameOf } from '../event-log/contact-book-stream.js';
import type { RecordedEvent } from '../event-log/stored-form.js';
import type { BatchHandler, Heartbeat, SkippedAppend } from '../subscriptions/batch-handler.js';
import { endsWithin } from '../subscriptions/bounded-wait.js';
import { type Checkpoint, checkpointAfter } from '../subscriptions/checkpoint.js';
import { CLOSE_LIMIT_MS, CurrentProducer } from './current-producer.js';
import { heartbeats } from './heartbeat.js';
import { heldBackLists, heldBackRecords } from './held-back-list.js';
import type { KnownBooks } from './known-books.js';
import { lastPosition, NOTHING_PUBLISHED, positionValue, type PublishedPosition } from './last-position.js';
import { MissingPositions } from './publication-errors.js';
import { type BatchRecords, recordsOfBatch } from './records-of-batch.js';
import { skippedRecord } from './skipped-record.js';
import {
  billingRoutesTopic,
  contractTopics,
  ensureTopics,
  eventsTopic,
  portalAccessTopic,
  positionsTopic,
  stateTopics,
  type TopicSettings,
} from './topics.js';
import { abortWhatIsOpen, commit } from './transactions.js';

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
  private readonly producer: CurrentProducer;
  private published = NOTHING_PUBLISHED;
  /** Who is held back, by partition, as this producer has told it last. */
  private told: readonly string[] = [];

  constructor(
    private readonly name: string,
    private readonly kafka: Kafka,
    private readonly books: KnownBooks,
    private readonly settings: PublicationSettings,
  ) {
    this.id = `${settings.topics.prefix}.${name}`;
    this.positions = positionsTopic(settings.topics);
    this.producer = new CurrentProducer(kafka, this.id, settings.deadlineMs);
    this.heartbeat = {
      intervalMs: settings.heartbeatIntervalMs,
      beat: () => this.tell(this.heartbeats(), this.published),
    };
  }

  /**
   * Raises MissingTopics, WrongPartitionCount, MissingPositions, UnfinishedTransaction, PublicationTimedOut,
   * PublicationFenced and kafkajs's errors.
   */
  async position(): Promise<Checkpoint | undefined> {
    await this.close();
    // Told anew by each producer: topics from before there were lists get one, too.
    this.told = [];
    this.published = await this.producer.withinDeadline('reading the position', async (signal) => {
      const admin = this.kafka.admin();
      try {
        await admin.connect();
        await ensureTopics(admin, this.settings.topics);
        return await this.takeOver(admin, signal);
      } finally {
        await endsWithin(CLOSE_LIMIT_MS, admin.disconnect());
      }
    });
    return this.published.position;
  }

  /**
   * Raises RevisionGap, RecordTooLarge, PublicationTimedOut, PublicationFenced, kafkajs's errors, and those of reading
   * a client's stream; the position must be read anew then.
   */
  async handle(batch: readonly RecordedEvent[], checkpoint = checkpointAfter(batch)): Promise<void> {
    const records = await recordsOfBatch(batch, this.books, this.settings.topics.partitions);
    await this.advance(records, { position: checkpoint, skipped: this.published.skipped });
  }

  /**
   * Says of each revision of the append that it was given up, so that the client's revisions stay contiguous, and from
   * then on of the client that what is told of it may be wrong.
   */
  async skip({ client, from, to }: SkippedAppend, checkpoint: Checkpoint): Promise<void> {
    // It may have been translated before it failed, and be in the book that is known.
    this.books.forget(client);
    const revisions = Array.from({ length: to - from + 1 }, (_, index) => from + index);
    const events = revisions.map((revision) => {
      return skippedRecord(
        { client, revision, endsAppend: revision === to },
        this.settings.topics.partitions,
      );
    });
    const stream = streamNameOf(client);
    const { skipped } = this.published;
    await this.advance(
      { events, billingRoutes: [], portalAccess: [] },
      {
        position: checkpoint,
        skipped: skipped.some((one) => one.stream === stream) ? skipped : [...skipped, { stream, from }],
      },
    );
  }

  /** Resolves within two seconds, whether Kafka answers or not. */
  close(): Promise<void> {
    return this.producer.close();
  }

  /** Writes the records of appends with the position that is reached by them. */
  private async advance(records: BatchRecords, reached: PublishedPosition): Promise<void> {
    const { topics } = this.settings;
    await this.tell(
      [
        { topic: eventsTopic(topics), messages: records.events },
        { topic: billingRoutesTopic(topics), messages: records.billingRoutes },
        { topic: portalAccessTopic(topics), messages: records.portalAccess },
        { topic: this.positions, messages: [this.positionRecord(reached)] },
      ],
      reached,
    );
    this.published = reached;
  }

  /**
   * Writes the records, all or none of them, and behind them who is held back where that is not what was told before:
   * so whoever is named there no longer is known again by what stands before it.
   */
  private async tell(
    records: readonly TopicMessages[],
    { position, skipped }: PublishedPosition,
  ): Promise<void> {
    const { topics } = this.settings;
    const lists = heldBackLists({ heldBack: position?.heldBack ?? [], skipped }, topics.partitions);
    const messages = heldBackRecords(lists, this.told);
    const listRecords = stateTopics(topics).map((topic) => ({ topic, messages }));
    await this.producer.commit([...records, ...listRecords]);
    this.told = lists;
  }

  private async takeOver(admin: Admin, signal: AbortSignal): Promise<PublishedPosition> {
    const producer = await this.producer.renew(signal);
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
    return last ?? NOTHING_PUBLISHED;
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
    const messages = [this.positionRecord(NOTHING_PUBLISHED)];
    await commit(producer, [{ topic: this.positions, messages }], signal);
  }

  private heartbeats(): TopicMessages[] {
    const { topics, heartbeatIntervalMs } = this.settings;
    const messages = heartbeats(this.published.position, new Date(), heartbeatIntervalMs, topics.partitions);
    return contractTopics(topics).map((topic) => ({ topic, messages }));
  }

  private positionRecord(last: PublishedPosition): Message {
    return { key: this.name, value: positionValue(last), partition: 0 };
  }

  /**
   * A record that only this producer knows. Its transaction fences the former producer and comes behind all that
   * the former one committed: who reads up to it has read every position there is.
   */
  private markerRecord(marker: string): Message {
    return { key: `${this.name}.marker`, value: marker, partition: 0 };
  }
}
