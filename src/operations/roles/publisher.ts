import type { Logger } from 'pino';
import { EncryptedCodec } from '../../event-log/encrypted-codec.js';
import { Publication } from '../../publishing/publication.js';
import { Subscriber } from '../../subscriptions/subscriber.js';
import type { Configuration } from '../configuration.js';
import type { Connections } from '../connections.js';
import { type RunningRole, SUBSCRIBER_DEFAULTS } from './role.js';

/** Tells the log to Kafka. */
export function publisher(
  { eventStore, keys, kafka }: Connections,
  configuration: Configuration,
  log: Logger,
): RunningRole {
  const publication = new Publication('live', kafka, {
    prefix: configuration.TOPIC_PREFIX,
    partitions: configuration.TOPIC_PARTITIONS,
    replicationFactor: configuration.TOPIC_REPLICATION_FACTOR,
    eventsRetentionMs: configuration.EVENTS_RETENTION_MS,
  });
  // As the projector's: the key store alone tells who has been erased since.
  const codec = new EncryptedCodec(keys);
  const subscriber = new Subscriber('publisher', eventStore, codec, publication, SUBSCRIBER_DEFAULTS, log);
  return {
    start: () => subscriber.start(),
    async stop() {
      await subscriber.stop();
      await publication.close();
    },
  };
}
