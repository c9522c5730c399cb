import { KnownBooks } from '../../publishing/known-books.js';
import { PUBLICATION_DEFAULTS } from '../../publishing/publication.js';
import {
  republish,
  RepublicationRefused,
  republisherName,
  requireFreeTopics,
} from '../../publishing/republication.js';
import { lastOfOurs } from '../../read-models/log-end.js';
import { topicSettings } from '../roles/publisher.js';
import { subscriberAt } from '../roles/subscribers.js';
import { onServers, say } from './operation.js';
import { ProgressDisplay } from './progress.js';

/** Larger transactions than the live publisher's: nobody waits for one record. */
const SETTINGS = { batchSize: 300, readAhead: 2000 };

export async function republishCommand(prefix: string, options: { maxRate?: number }): Promise<void> {
  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort()).once('SIGTERM', () => stopping.abort());
  await onServers(async ({ configuration, connections, places, codec, log }) => {
    if (prefix === configuration.TOPIC_PREFIX) {
      throw new RepublicationRefused(`the live publication writes the topics of ${prefix}`);
    }
    const { kafka, eventStore } = connections;
    const settings = {
      ...PUBLICATION_DEFAULTS,
      topics: { ...topicSettings(configuration), prefix },
    };
    const name = republisherName(prefix);
    const hasBegun = (await places.leases.all()).some(({ _id }) => _id === name);
    await requireFreeTopics(kafka, settings, hasBegun);
    const end = await lastOfOurs(eventStore, undefined);
    const display = new ProgressDisplay('events');
    const subscribers: { status(): { heldBack: number } }[] = [];
    const isDone =
      !end ||
      (await republish(end, kafka, new KnownBooks(eventStore, codec), settings, {
        eventsPerSecond: options.maxRate,
        signal: stopping.signal,
        progress: ({ events, share }) => display.show({ count: events, share }),
        waiting: (why) => display.tell(why),
        subscriberFor(name, handler) {
          const subscriber = subscriberAt(connections, { name, handler, codec, log, settings: SETTINGS });
          subscribers.push(subscriber);
          return subscriber;
        },
      }));
    display.end();
    if (!isDone) {
      say('interrupted: the same command goes on from here');
      process.exitCode = 130;
      return;
    }
    const heldBack = subscribers[0]?.status().heldBack ?? 0;
    say(`published to the topics of ${prefix}, but for ${heldBack} clients that are held back`);
    if (heldBack > 0) process.exitCode = 1;
    else say(`next: a publisher with TOPIC_PREFIX=${prefix} goes on from there`);
  }, 'publisher');
}
