import type { Kafka } from 'kafkajs';
import type { Db } from 'mongodb';
import type { Logger } from 'pino';
import { type PublishedRecord, RecordReader } from '../topic/published-record.js';
import {
  freshness,
  type Freshness,
  type PartitionProgress,
  ReadingProgress,
  worstFreshness,
  worstOf,
} from '../topic/reading-progress.js';
import { type FollowerSettings, TopicFollower } from '../topic/topic-follower.js';
import { BillingRoutes } from './billing-routes.js';
import { type ClientGap, EventRevisions } from './event-revisions.js';
import { type InvoiceRecipient, invoiceRecipient } from './invoice-recipient.js';

export interface InvoicingStatus {
  readonly freshness: Freshness;
  readonly partitions: readonly PartitionProgress[];
  readonly gaps: readonly ClientGap[];
}

/** What invoicing knows: asked by whoever sends invoices, in this process or in another one. */
export class Invoicing {
  readonly routes: BillingRoutes;
  readonly revisions: EventRevisions;
  readonly progress: ReadingProgress;
  readonly routesTopic: string;
  readonly eventsTopic: string;

  constructor(database: Db, topicPrefix = 'client-contacts') {
    this.routes = new BillingRoutes(database);
    this.revisions = new EventRevisions(database);
    this.progress = new ReadingProgress(database);
    this.routesTopic = `${topicPrefix}.billing-routes`;
    this.eventsTopic = `${topicPrefix}.events`;
  }

  /**
   * Takes in records of both topics, in whatever order of topics and however often they come. Returns the gaps that were
   * not known before.
   */
  async take(records: readonly PublishedRecord[], now: Date): Promise<ClientGap[]> {
    await this.routes.take(records, now);
    return this.revisions.take(records.filter(({ topic }) => topic === this.eventsTopic));
  }

  /** Who gets the invoices of a client, `<workspace>/<client>`. */
  async recipientOf(client: string, now = new Date()): Promise<InvoiceRecipient> {
    // First: what is read after it may be newer than it says, and never older.
    const partitions = await this.progress.of(this.routesTopic);
    const gaps = await this.revisions.gaps(client);
    return invoiceRecipient(
      client,
      await this.routes.of(client),
      partitions,
      gaps.map(({ from, to }) => ({ from, to })),
      now,
    );
  }

  async status(now = new Date()): Promise<InvoicingStatus> {
    const [routes, events] = [
      await this.progress.of(this.routesTopic),
      await this.progress.of(this.eventsTopic),
    ];
    const freshnesses = [worstFreshness(routes, now), worstFreshness(events, now, freshness)];
    return {
      freshness: worstOf(freshnesses),
      partitions: [...routes, ...events],
      gaps: await this.revisions.gaps(),
    };
  }
}

/**
 * Keeps what invoicing knows up to date, as one member of its group.
 *
 * @param stored is told of each record after it was taken in
 */
export async function invoicingFollower(
  kafka: Kafka,
  invoicing: Invoicing,
  log: Logger,
  settings: FollowerSettings,
  stored: (record: PublishedRecord) => void = () => {},
): Promise<TopicFollower> {
  const { progress, routesTopic, eventsTopic } = invoicing;
  const take = async (records: readonly PublishedRecord[]) => {
    const gaps = await invoicing.take(records, new Date());
    for (const gap of gaps) log.error(gap, 'revisions of a client did not come');
    for (const record of records) stored(record);
  };
  const topics = [routesTopic, eventsTopic];
  return new TopicFollower(
    kafka,
    { ...settings, topics },
    await RecordReader.ofContract(),
    progress,
    take,
    log,
  );
}
