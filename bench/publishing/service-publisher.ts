import { performance } from 'node:perf_hooks';
import { randomUUID } from 'node:crypto';
import type { Kafka, TopicMessages } from 'kafkajs';
import type { Db } from 'mongodb';
import type { EventStore } from '../../src/event-log/event-store.js';
import { KnownBooks } from '../../src/publishing/known-books.js';
import { LIVE_PUBLICATION, Publication, PUBLICATION_DEFAULTS } from '../../src/publishing/publication.js';
import { recordsOfBatch } from '../../src/publishing/records-of-batch.js';
import {
  billingRoutesTopic,
  eventsTopic,
  portalAccessTopic,
  type TopicSettings,
} from '../../src/publishing/topics.js';
import { appendsOf } from '../../src/event-log/stored-form.js';
import { encrypted } from '../commands/service.js';
import { counted, serviceSubscriber } from '../service-subscriber.js';

const HOUR_MS = 3_600_000;

/** Topics that nobody else has. */
export function newTopics(): TopicSettings {
  return {
    prefix: `bench-${randomUUID().slice(0, 8)}`,
    partitions: 3,
    replicationFactor: 1,
    minInsyncReplicas: 1,
    eventsRetentionMs: HOUR_MS,
    maxCompactionLagMs: HOUR_MS,
  };
}

/** The service's own publication into topics of its own. */
export function servicePublication(eventStore: EventStore, kafka: Kafka, topics: TopicSettings): Publication {
  return new Publication(LIVE_PUBLICATION, kafka, new KnownBooks(eventStore, encrypted), {
    ...PUBLICATION_DEFAULTS,
    topics,
  });
}

/** Publishes the first so many events of the log; resolves to the milliseconds from the first batch to the last commit. */
export async function publishAll(
  eventStore: EventStore,
  database: Db,
  kafka: Kafka,
  topics: TopicSettings,
  count: number,
): Promise<number> {
  const publication = servicePublication(eventStore, kafka, topics);
  let begun = 0;
  const { handler, done } = counted(
    {
      position: () => publication.position(),
      handle(batch, checkpoint) {
        begun ||= performance.now();
        return publication.handle(batch, checkpoint);
      },
    },
    count,
  );
  const subscriber = serviceSubscriber(eventStore, database, handler);
  subscriber.start();
  await done;
  const took = performance.now() - begun;
  await subscriber.stop();
  await publication.close();
  return took;
}

/** What the service would publish of the log's first so many events, by event id; an append's stands with its last event. */
export async function recordsOfLog(
  eventStore: EventStore,
  database: Db,
  topics: TopicSettings,
  count: number,
): Promise<Map<string, readonly TopicMessages[]>> {
  const books = new KnownBooks(eventStore, encrypted);
  const records = new Map<string, readonly TopicMessages[]>();
  const { handler, done } = counted(
    {
      position: async () => undefined,
      async handle(batch) {
        for (const append of appendsOf(batch)) {
          const { events, billingRoutes, portalAccess } = await recordsOfBatch(
            append,
            books,
            topics.partitions,
          );
          for (const { eventId } of append) records.set(eventId, []);
          records.set(append.at(-1)!.eventId, [
            { topic: eventsTopic(topics), messages: events },
            { topic: billingRoutesTopic(topics), messages: billingRoutes },
            { topic: portalAccessTopic(topics), messages: portalAccess },
          ]);
        }
      },
    },
    count,
  );
  const subscriber = serviceSubscriber(eventStore, database, handler);
  subscriber.start();
  await done;
  await subscriber.stop();
  return records;
}
