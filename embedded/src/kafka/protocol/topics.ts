import type { Reader } from './reader.js';
import type { Writer } from './writer.js';

/** Most requests and answers hold a list of topics, each with a list of partitions. */
export interface OfTopic<P> {
  topic: string;
  partitions: P[];
}

export function readTopics<P>(reader: Reader, partition: (reader: Reader) => P): OfTopic<P>[] {
  return reader.array((r) => ({ topic: r.string(), partitions: r.array(partition) }));
}

export function writeTopics<P>(
  writer: Writer,
  topics: readonly OfTopic<P>[],
  partition: (value: P) => void,
): void {
  writer.array(topics, (entry) => writer.string(entry.topic).array(entry.partitions, partition));
}

/** Replaces each partition's entry, keeping the topics. */
export function mapPartitions<P, Q>(
  topics: readonly OfTopic<P>[],
  replace: (partition: P, topic: string) => Q,
): OfTopic<Q>[] {
  return topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map((partition) => replace(partition, topic)),
  }));
}

/** Replaces each partition's entry by what a promise gives; the partitions are worked on side by side. */
export async function mapPartitionsAsync<P, Q>(
  topics: readonly OfTopic<P>[],
  replace: (partition: P, topic: string) => Promise<Q>,
): Promise<OfTopic<Q>[]> {
  return Promise.all(
    topics.map(async ({ topic, partitions }) => ({
      topic,
      partitions: await Promise.all(partitions.map((partition) => replace(partition, topic))),
    })),
  );
}
