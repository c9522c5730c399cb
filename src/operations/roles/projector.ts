import type { Logger } from 'pino';
import { EncryptedCodec } from '../../event-log/encrypted-codec.js';
import { Projection } from '../../read-models/projection.js';
import { documentsOf } from '../../read-models/read-model.js';
import { READ_MODELS } from '../../read-models/read-models.js';
import type { Connections } from '../connections.js';
import type { RunningRole } from './role.js';
import { subscriberAt } from './subscribers.js';

/** Keeps the read models. */
export function projector(connections: Connections, log: Logger): RunningRole {
  const { database, keys } = connections;
  // A subscriber has not read to the log's end: only the key store tells it who has been erased since.
  const codec = new EncryptedCodec(keys);
  const subscribers = READ_MODELS.map((readModel) => {
    const documents = documentsOf(database, readModel);
    const projection = new Projection(readModel, documents, database.collection('checkpoints'));
    return subscriberAt(connections, { name: projection.subscriber, handler: projection, codec, log });
  });
  return {
    start: () => subscribers.forEach((subscriber) => subscriber.start()),
    stop: async () => void (await Promise.all(subscribers.map((subscriber) => subscriber.stop()))),
    status: () => new Map(subscribers.map((subscriber) => [subscriber.name, subscriber.status()])),
  };
}
