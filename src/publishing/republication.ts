import type { Kafka } from 'kafkajs';
import type { Position } from '../event-log/event-store.js';
import { type FollowOptions, followUpTo } from '../subscriptions/follow-up-to.js';
import type { KnownBooks } from './known-books.js';
import { LIVE_PUBLICATION, Publication, type PublicationSettings } from './publication.js';
import { wantedTopics } from './topics.js';

/** Topics are there that this republication has not made: another publication may write them. */
export class RepublicationRefused extends Error {
  override readonly name = 'RepublicationRefused';
}

/** The name of the subscriber that republishes to topics of this prefix: of its lease, and of what is kept about it. */
export function republisherName(prefix: string): string {
  return `republisher of ${prefix}`;
}

/**
 * Whether a publication may go to topics that no other one writes. `hasBegun`: whether an earlier run of it has made
 * them, which this one is then to go on with. Raises RepublicationRefused, and kafkajs's errors.
 */
export async function requireFreeTopics(
  kafka: Kafka,
  { topics }: PublicationSettings,
  hasBegun: boolean,
): Promise<void> {
  if (hasBegun) return;
  const admin = kafka.admin();
  try {
    await admin.connect();
    const there = new Set(await admin.listTopics());
    const taken = wantedTopics(topics).find(({ topic }) => there.has(topic));
    if (taken) throw new RepublicationRefused(`${taken.topic} is there already: choose another name`);
  } finally {
    await admin.disconnect();
  }
}

/**
 * Publishes the log from its start to a position into topics of its own, as the live publication would: with the same
 * ids and revisions. Its position is kept with its records, so that a run that was ended, or killed, is gone on with;
 * and a service that is then configured with these topics goes on behind it. False when the signal ended it.
 */
export async function republish(
  end: Position,
  kafka: Kafka,
  books: KnownBooks,
  settings: PublicationSettings,
  options: FollowOptions,
): Promise<boolean> {
  const publication = new Publication(LIVE_PUBLICATION, kafka, books, settings);
  try {
    return await followUpTo(end, republisherName(settings.topics.prefix), publication, options);
  } finally {
    await publication.close();
  }
}
