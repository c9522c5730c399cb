import { setTimeout as sleep } from 'node:timers/promises';
import { type Admin, type Kafka, Partitioners, type Producer, type TopicMessages } from 'kafkajs';
import { UnfinishedTransaction } from './publication-errors.js';
import { requestsFor } from './requests.js';

const TRANSACTION_TIMEOUT_MS = 15_000;
const STABLE_LIMIT_MS = 5_000;
const STABLE_POLL_MS = 20;

/** A producer whose first transaction ends and fences what a former one of the same id has left open. */
export function transactionalProducer(kafka: Kafka, transactionalId: string): Producer {
  return kafka.producer({
    transactionalId,
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    transactionTimeout: TRANSACTION_TIMEOUT_MS,
    // The first wait is also the floor of each transaction's length.
    retry: { initialRetryTime: 2, maxRetryTime: 500, retries: 30 },
    createPartitioner: Partitioners.DefaultPartitioner,
  });
}

/** Writes the records in one transaction. Raises RecordTooLarge before it has begun, and kafkajs's errors. */
export async function commit(
  producer: Producer,
  records: readonly TopicMessages[],
  signal: AbortSignal,
): Promise<void> {
  const requests = requestsFor(records);
  signal.throwIfAborted();
  const transaction = await producer.transaction();
  for (const topicMessages of requests) {
    await transaction.sendBatch({ topicMessages });
    signal.throwIfAborted();
  }
  await transaction.commit();
}

/**
 * Makes sure that nothing of a former producer's transactions can still come to count. Seen on a real broker: killed
 * right after it had acknowledged an abort, it came back without the abort's mark in some partitions, and the next
 * commit of the same id made the aborted records count. So one record goes to each partition and is aborted, which
 * puts a mark behind whatever is open there; and every partition's readers must get past that record.
 *
 * Raises UnfinishedTransaction and kafkajs's errors.
 */
export async function abortWhatIsOpen(
  producer: Producer,
  admin: Admin,
  oneToEachPartition: readonly TopicMessages[],
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const transaction = await producer.transaction();
  const written = await transaction.sendBatch({ topicMessages: [...oneToEachPartition] });
  await transaction.abort();
  const giveUpAt = performance.now() + STABLE_LIMIT_MS;
  for (const { topic } of oneToEachPartition) {
    const offsets = new Map(
      written
        .filter(({ topicName }) => topicName === topic)
        .map(({ partition, baseOffset }) => [partition, Number(baseOffset)]),
    );
    while (!(await isStableBehind(admin, topic, offsets))) {
      signal.throwIfAborted();
      if (performance.now() > giveUpAt) {
        throw new UnfinishedTransaction(`an unfinished transaction holds the readers of ${topic} back`);
      }
      await sleep(STABLE_POLL_MS);
    }
  }
}

/** kafkajs asks for the ends that read_committed consumers see. */
async function isStableBehind(
  admin: Admin,
  topic: string,
  offsets: ReadonlyMap<number, number>,
): Promise<boolean> {
  const ends = await admin.fetchTopicOffsets(topic);
  return ends.every(({ partition, high }) => Number(high) > (offsets.get(partition) ?? -1));
}
