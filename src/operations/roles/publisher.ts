import type { Logger } from 'pino';
import { EncryptedCodec } from '../../event-log/encrypted-codec.js';
import { KnownBooks } from '../../publishing/known-books.js';
import { LIVE_PUBLICATION, Publication, PUBLICATION_DEFAULTS } from '../../publishing/publication.js';
import { parkingIn } from '../../subscriptions/parking.js';
import type { TopicSettings } from '../../publishing/topics.js';
import type { Configuration } from '../configuration.js';
import type { Connections } from '../connections.js';
import type { RunningRole } from './role.js';
import { subscriberAt } from './subscribers.js';

/** The name of the publication's subscriber. */
const SUBSCRIBER = 'publisher';

/** Tells the log to Kafka. */
export function publisher(connections: Connections, configuration: Configuration, log: Logger): RunningRole {
  const { eventStore, database, keys, kafka } = connections;
  // As the projector's: the key store alone tells who has been erased since.
  const codec = new EncryptedCodec(keys);
  const { skips } = parkingIn(database, SUBSCRIBER);
  const publication = new Publication(LIVE_PUBLICATION, kafka, new KnownBooks(eventStore, codec, skips), {
    ...PUBLICATION_DEFAULTS,
    topics: topicSettings(configuration),
    heartbeatIntervalMs: configuration.HEARTBEAT_INTERVAL_MS,
  });
  const subscriber = subscriberAt(connections, { name: SUBSCRIBER, handler: publication, codec, log });
  return {
    start: () => subscriber.start(),
    async stop() {
      await subscriber.stop();
      await publication.close();
    },
    status: () => new Map([[subscriber.name, subscriber.status()]]),
  };
}

/** The topics as the configuration wants them. */
export function topicSettings(configuration: Configuration): TopicSettings {
  return {
    prefix: configuration.TOPIC_PREFIX,
    partitions: configuration.TOPIC_PARTITIONS,
    replicationFactor: configuration.TOPIC_REPLICATION_FACTOR,
    minInsyncReplicas: configuration.TOPIC_MIN_INSYNC_REPLICAS,
    eventsRetentionMs: configuration.EVENTS_RETENTION_MS,
    maxCompactionLagMs: configuration.STATES_MAX_COMPACTION_LAG_MS,
  };
}
