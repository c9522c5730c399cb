import type { Logger } from 'pino';
import { EncryptedCodec } from '../../event-log/encrypted-codec.js';
import { Publication } from '../../publishing/publication.js';
import type { Configuration } from '../configuration.js';
import type { Connections } from '../connections.js';
import type { RunningRole } from './role.js';
import { subscriberAt } from './subscribers.js';

/** Tells the log to Kafka. */
export function publisher(connections: Connections, configuration: Configuration, log: Logger): RunningRole {
  const { keys, kafka } = connections;
  const publication = new Publication('live', kafka, {
    prefix: configuration.TOPIC_PREFIX,
    partitions: configuration.TOPIC_PARTITIONS,
    replicationFactor: configuration.TOPIC_REPLICATION_FACTOR,
    eventsRetentionMs: configuration.EVENTS_RETENTION_MS,
  });
  // As the projector's: the key store alone tells who has been erased since.
  const codec = new EncryptedCodec(keys);
  const subscriber = subscriberAt(connections, { name: 'publisher', handler: publication, codec, log });
  return {
    start: () => subscriber.start(),
    async stop() {
      await subscriber.stop();
      await publication.close();
    },
    status: () => new Map([[subscriber.name, subscriber.status()]]),
  };
}
