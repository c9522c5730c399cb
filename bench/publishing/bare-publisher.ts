import { EventStoreDBClient, START, streamNameFilter } from '@eventstore/db-client';
import type { Producer, TopicMessages } from 'kafkajs';
import { performance } from 'node:perf_hooks';

const BATCH = 200;
const READ_AHEAD = 1000;

/** What the log's events say on Kafka, made beforehand, by event id. */
export type PreparedRecords = ReadonlyMap<string, readonly TopicMessages[]>;

/**
 * The least that brings a log to Kafka: both vendors' clients, reading ahead while a batch is published, one transaction
 * a batch with the position in it. It decrypts and translates nothing, and knows no append, lease, or failure.
 *
 * Resolves to the milliseconds from the first event to the last commit.
 */
export async function publishBare(
  url: string,
  streamPrefix: string,
  records: PreparedRecords,
  producer: Producer,
  positionsTopic: string,
): Promise<number> {
  const client = EventStoreDBClient.connectionString(url);
  const filter = streamNameFilter({ prefixes: [streamPrefix] });
  const subscription = client.subscribeToAll({ fromPosition: START, filter }, { highWaterMark: READ_AHEAD });
  let waiting: { id: string; position: { commit: bigint } }[] = [];
  let publishing = Promise.resolve();
  let [seen, begun] = [0, 0];
  for await (const { event } of subscription) {
    if (!event || !records.has(event.id)) continue;
    if (seen === 0) begun = performance.now();
    waiting.push(event);
    seen += 1;
    if (waiting.length < BATCH && seen < records.size) continue;
    const batch = waiting;
    waiting = [];
    await publishing; // one batch is published while the next is read
    publishing = publish(batch);
    if (seen === records.size) break;
  }
  await publishing;
  const took = performance.now() - begun;
  await subscription.unsubscribe().catch(() => {});
  await client.dispose();
  return took;

  async function publish(batch: typeof waiting): Promise<void> {
    const byTopic = new Map<string, TopicMessages>();
    for (const { id } of batch) {
      for (const { topic, messages } of records.get(id)!) {
        const former = byTopic.get(topic);
        if (former) former.messages.push(...messages);
        else byTopic.set(topic, { topic, messages: [...messages] });
      }
    }
    const commit = batch.at(-1)!.position.commit.toString();
    const position = { topic: positionsTopic, messages: [{ key: 'bare', value: commit, partition: 0 }] };
    const transaction = await producer.transaction();
    await transaction.sendBatch({ topicMessages: [...byTopic.values(), position] });
    await transaction.commit();
  }
}
