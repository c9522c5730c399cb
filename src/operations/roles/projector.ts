import type { Logger } from 'pino';
import { EncryptedCodec } from '../../event-log/encrypted-codec.js';
import { EditionKeeper } from '../../read-models/editions/edition-keeper.js';
import { EditionStore } from '../../read-models/editions/editions.js';
import { Projection } from '../../read-models/projection.js';
import { READ_MODELS } from '../../read-models/read-models.js';
import type { WrittenDocuments } from '../../read-models/written-documents.js';
import type { Connections } from '../connections.js';
import type { RunningRole } from './role.js';
import { subscriberAt } from './subscribers.js';

/** Keeps the read models. */
export function projector(connections: Connections, written: WrittenDocuments, log: Logger): RunningRole {
  const { database, eventStore, keys } = connections;
  // A subscriber has not read to the log's end: only the key store tells it who has been erased since.
  const codec = new EncryptedCodec(keys);
  const keeper = new EditionKeeper({
    readModels: READ_MODELS,
    editions: new EditionStore(database.collection('aliases')),
    eventStore,
    checkpoints: database.collection('checkpoints'),
    subscriberFor(readModel, name) {
      const handler = new Projection(
        readModel,
        database.collection(name),
        database.collection('checkpoints'),
        written,
      );
      return subscriberAt(connections, { name, handler, codec, log });
    },
    log,
  });
  return {
    start: () => keeper.start(),
    stop: () => keeper.stop(),
    status: () => new Map(keeper.kept.map((subscriber) => [subscriber.name, subscriber.status()])),
  };
}
