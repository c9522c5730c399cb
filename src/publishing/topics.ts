import type { Admin, ITopicConfig, ITopicMetadata } from 'kafkajs';
import { onceMade } from './once-made.js';
import { MissingTopics } from './publication-errors.js';

export interface TopicSettings {
  /** What the topics' names begin with. */
  readonly prefix: string;
  readonly partitions: number;
  /** -1: the broker's default. */
  readonly replicationFactor: number;
  readonly minInsyncReplicas: number;
  readonly eventsRetentionMs: number;
  /** After how long, at most, a state that was replaced is gone from its topic. */
  readonly maxCompactionLagMs: number;
}

/** A topic is there with another number of partitions than configured: the order per client would be lost. */
export class WrongPartitionCount extends Error {
  override readonly name = 'WrongPartitionCount';
}

type Prefixed = Pick<TopicSettings, 'prefix'>;

/** Every integration event, in order by client. */
export function eventsTopic({ prefix }: Prefixed): string {
  return `${prefix}.events`;
}

/** The present billing route of each client. */
export function billingRoutesTopic({ prefix }: Prefixed): string {
  return `${prefix}.billing-routes`;
}

/** Whether each contact may sign in. */
export function portalAccessTopic({ prefix }: Prefixed): string {
  return `${prefix}.portal-access`;
}

/** Where the publication stands: the position is written in the very transaction that writes the records. */
export function positionsTopic({ prefix }: Prefixed): string {
  return `${prefix}.publication-positions`;
}

/** The compacted ones of the topics that others read. */
export function stateTopics(settings: Prefixed): string[] {
  return [billingRoutesTopic(settings), portalAccessTopic(settings)];
}

/** The topics that others read. */
export function contractTopics(settings: Prefixed): string[] {
  return [eventsTopic(settings), ...stateTopics(settings)];
}

/** The topics of a publication as they should be. */
export function wantedTopics(settings: TopicSettings): (ITopicConfig & { numPartitions: number })[] {
  const { partitions, replicationFactor, minInsyncReplicas, eventsRetentionMs, maxCompactionLagMs } =
    settings;
  const byTime = { 'cleanup.policy': 'delete', 'retention.ms': eventsRetentionMs };
  const compacted = { 'cleanup.policy': 'compact', 'max.compaction.lag.ms': maxCompactionLagMs };
  const topic = (name: string, numPartitions: number, configuration: Record<string, string | number>) => ({
    topic: name,
    numPartitions,
    replicationFactor,
    configEntries: Object.entries({ ...configuration, 'min.insync.replicas': minInsyncReplicas }).map(
      ([key, value]) => ({ name: key, value: String(value) }),
    ),
  });
  return [
    topic(eventsTopic(settings), partitions, byTime),
    topic(billingRoutesTopic(settings), partitions, compacted),
    topic(portalAccessTopic(settings), partitions, compacted),
    topic(positionsTopic(settings), 1, compacted),
  ];
}

/**
 * Creates the publication's topics where none of them is there; otherwise checks that all are, with the configured
 * number of partitions, and leaves them as they are. Raises MissingTopics and WrongPartitionCount.
 */
export async function ensureTopics(admin: Admin, settings: TopicSettings): Promise<void> {
  const wanted = wantedTopics(settings);
  const existing = new Set(await admin.listTopics());
  const missing = wanted.filter(({ topic }) => !existing.has(topic));
  if (missing.length === wanted.length) {
    // kafkajs's own wait for leaders gives up where the broker doesn't know of a topic yet.
    await admin.createTopics({ topics: wanted, waitForLeaders: false });
  } else if (missing.length > 0) {
    const names = missing.map(({ topic }) => topic).join(', ');
    throw new MissingTopics(`${names}: not there, beside others of ${settings.prefix} that are`);
  }
  const { topics } = await onceMade(
    () => admin.fetchTopicMetadata({ topics: wanted.map(({ topic }) => topic) }),
    (metadata) => wanted.every(({ topic }) => partitionsOf(topic, metadata) !== 0),
  );
  for (const { topic, numPartitions } of wanted) {
    const actual = partitionsOf(topic, { topics });
    if (actual !== numPartitions) {
      throw new WrongPartitionCount(`${topic} has ${actual} partitions in place of ${numPartitions}`);
    }
  }
}

/** How many the topic has; none while it is being made. */
function partitionsOf(topic: string, { topics }: { topics: readonly ITopicMetadata[] }): number {
  return topics.find(({ name }) => name === topic)?.partitions.length ?? 0;
}
