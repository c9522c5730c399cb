import type { Admin, ITopicConfig } from 'kafkajs';

export const EVENTS_TOPIC = 'client-contacts.events';
/** Where each publication stands: the position is written in the very transaction that writes the records. */
export const POSITIONS_TOPIC = 'client-contacts.publication-positions';

export interface TopicSettings {
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly eventsRetentionMs: number;
}

/** A topic is there with another number of partitions than configured: the order per client would be lost. */
export class WrongPartitionCount extends Error {
  override readonly name = 'WrongPartitionCount';
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

function topicsFor({ partitions, replicationFactor, eventsRetentionMs }: TopicSettings): ITopicConfig[] {
  return [
    {
      topic: EVENTS_TOPIC,
      numPartitions: partitions,
      replicationFactor,
      configEntries: [
        { name: 'cleanup.policy', value: 'delete' },
        { name: 'retention.ms', value: String(eventsRetentionMs) },
      ],
    },
    {
      topic: POSITIONS_TOPIC,
      numPartitions: 1,
      replicationFactor,
      configEntries: [{ name: 'cleanup.policy', value: 'compact' }],
    },
  ];
}
