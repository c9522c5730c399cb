import type { Logger } from 'pino';
import { KEY_DESTRUCTION, KeyDestruction } from '../../erasing/key-destruction.js';
import { EncryptedCodec } from '../../event-log/encrypted-codec.js';
import { recordedErasures } from '../../event-log/opened-events.js';
import { EditionKeeper } from '../../read-models/editions/edition-keeper.js';
import { EditionStore } from '../../read-models/editions/editions.js';
import { Projection } from '../../read-models/projection.js';
import { READ_MODELS } from '../../read-models/read-models.js';
import type { WrittenDocuments } from '../../read-models/written-documents.js';
import type { Connections } from '../connections.js';
import type { RunningRole } from './role.js';
import { subscriberAt } from './subscribers.js';

/** Keeps the read models, and destroys the keys of who is erased. */
export function projector(connections: Connections, written: WrittenDocuments, log: Logger): RunningRole {
  const { database, eventStore, keys, keysDatabase } = connections;
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
  const erasing = subscriberAt(
    // Its lease stands with its checkpoint: a token from another database could be an older one.
    { eventStore, database: keysDatabase },
    {
      name: KEY_DESTRUCTION,
      handler: new KeyDestruction(keys, keysDatabase.collection('checkpoints')),
      codec: { fromStoredForm: async (stored) => recordedErasures(stored) },
      log,
    },
    // An erasure that is passed over would be one that was promised and not done.
    { parks: false },
  );
  return {
    start() {
      keeper.start();
      erasing.start();
    },
    async stop() {
      await Promise.all([keeper.stop(), erasing.stop()]);
    },
    status: () =>
      new Map([...keeper.kept, erasing].map((subscriber) => [subscriber.name, subscriber.status()])),
  };
}
