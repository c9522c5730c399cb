import type { Kafka } from 'kafkajs';
import type { Db } from 'mongodb';
import type { Logger } from 'pino';
import { type PublishedRecord, RecordReader } from '../topic/published-record.js';
import { heldBackOf } from '../topic/held-back-clients.js';
import {
  type Freshness,
  type PartitionProgress,
  ReadingProgress,
  worstFreshness,
} from '../topic/reading-progress.js';
import { type FollowerSettings, TopicFollower } from '../topic/topic-follower.js';
import { accessOf, ContactAccess, PORTAL_ACCESS } from './contact-access.js';
import { type Entry, entry } from './may-enter.js';
import { Sessions } from './sessions.js';

export interface PortalStatus {
  readonly freshness: Freshness;
  readonly partitions: readonly PartitionProgress[];
}

/** What the portal knows: asked at each request, in this process or in another one. */
export class Portal {
  readonly contacts: ContactAccess;
  readonly sessions: Sessions;
  readonly progress: ReadingProgress;
  readonly accessTopic: string;

  constructor(database: Db, topicPrefix = 'client-contacts') {
    this.contacts = new ContactAccess(database);
    this.sessions = new Sessions(database);
    this.progress = new ReadingProgress(database);
    this.accessTopic = `${topicPrefix}.portal-access`;
  }

  /** Takes in records, however often they come, and ends the sessions that they end. */
  async take(records: readonly PublishedRecord[], now: Date): Promise<void> {
    const accesses = records.filter(({ type }) => type === PORTAL_ACCESS).map(accessOf);
    await this.contacts.take(accesses);
    await this.sessions.endBy(accesses, now);
  }

  /** Whether whoever shows this token may enter now. Raises where the database does not answer: refuse then, too. */
  async mayEnter(token: string, now = new Date()): Promise<Entry> {
    // First: what is read after it may be newer than it says, and never older.
    const partitions = await this.progress.of(this.accessTopic);
    const session = await this.sessions.of(token);
    const contact = session && (await this.contacts.of(session.contact));
    const answer = entry(session, contact, partitions, now);
    // One that was opened while the record that ends it was being taken in.
    if (!answer.mayEnter && answer.isOver && session && !session.endedAt) await this.sessions.end(token, now);
    return answer;
  }

  /** Whether something of a client, `<workspace>/<client>`, is not known here, or may not be: it may be a withdrawal. */
  async holdsBack(client: string, now = new Date()): Promise<boolean> {
    const partitions = await this.progress.of(this.accessTopic);
    return worstFreshness(partitions, now) === 'catching_up' || heldBackOf(client, partitions) !== undefined;
  }

  async status(now = new Date()): Promise<PortalStatus> {
    const partitions = await this.progress.of(this.accessTopic);
    return { freshness: worstFreshness(partitions, now), partitions };
  }
}

/**
 * Keeps what the portal knows up to date and ends sessions, as one member of its group.
 *
 * @param stored is told of each record after it was taken in
 */
export async function portalFollower(
  kafka: Kafka,
  portal: Portal,
  log: Logger,
  settings: FollowerSettings,
  stored: (record: PublishedRecord) => void = () => {},
): Promise<TopicFollower> {
  const { progress, accessTopic, sessions } = portal;
  await sessions.createIndexes();
  const take = async (records: readonly PublishedRecord[]) => {
    await portal.take(records, new Date());
    for (const record of records) stored(record);
  };
  const topics = [accessTopic];
  return new TopicFollower(
    kafka,
    { ...settings, topics },
    await RecordReader.ofContract(),
    progress,
    take,
    log,
  );
}
