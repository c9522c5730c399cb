import type { Admin, ITopicConfig } from 'kafkajs';

export interface TopicSettings {
  /** What the topics' names begin with. */
  readonly prefix: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly eventsRetentionMs: number;
}

/** A topic is there with another number of partitions than configured: the order per client would be lost. */
export class WrongPartitionCount extends Error {
  override readonly name = 'WrongPartitionCount';
}

/** Every integration event, in order by client. */
export function eventsTopic({ prefix }: TopicSettings): string {
  return `${prefix}.events`;
}

/** Where each publication stands: the position is written in the very transaction that writes the records. */
export function positionsTopic({ prefix }: TopicSettings): string {
  return `${prefix}.publication-positions`;
}

/** Creates the topics that are missing; those that are there are checked and left as they are. Raises WrongPartitionCount. */
export async function ensureTopics(admin: Admin, settings: TopicSettings): Promise<void> {
  const wanted = topicsFor(settings);
  const existing = new Set(await admin.listTopics());
  const missing = wanted.filter(({ topic }) => !existing.has(topic));
  if (missing.length > 0) await admin.createTopics({ topics: missing, waitForLeaders: true });
  const { topics } = await admin.fetchTopicMetadata({ topics: wanted.map(({ topic }) => topic) });
  for (const { topic, numPartitions } of wanted) {
    const actual = topics.find(({ name }) => name === topic)?.partitions.length;
    if (actual !== numPartitions) {
      throw new WrongPartitionCount(`${topic} has ${actual} partitions in place of ${numPartitions}`);
    }
  }
}

function topicsFor(settings: TopicSettings): ITopicConfig[] {
  const { partitions, replicationFactor, eventsRetentionMs } = settings;
  return [
    {
      topic: eventsTopic(settings),
      numPartitions: partitions,
      replicationFactor,
      configEntries: [
        { name: 'cleanup.policy', value: 'delete' },
        { name: 'retention.ms', value: String(eventsRetentionMs) },
      ],
    },
    {
      topic: positionsTopic(settings),
      numPartitions: 1,
      replicationFactor,
      configEntries: [{ name: 'cleanup.policy', value: 'compact' }],
    },
  ];
}
