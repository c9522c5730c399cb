import type { Logger } from 'pino';
import { EncryptedCodec } from '../../event-log/encrypted-codec.js';
import { billingRouting } from '../../read-models/billing-routing/billing-routing.js';
import { contacts } from '../../read-models/contacts/contacts.js';
import { Projection } from '../../read-models/projection.js';
import { documentsOf } from '../../read-models/read-model.js';
import { CheckpointStore } from '../../subscriptions/checkpoint-store.js';
import { Subscriber } from '../../subscriptions/subscriber.js';
import type { Connections } from '../connections.js';
import { type RunningRole, SUBSCRIBER_DEFAULTS } from './role.js';

/** Keeps the read models. */
export function projector({ eventStore, database, keys }: Connections, log: Logger): RunningRole {
  // A subscriber has not read to the log's end: only the key store tells it who has been erased since.
  const codec = new EncryptedCodec(keys);
  const checkpoints = new CheckpointStore(database.collection('checkpoints'));
  const subscribers = [contacts, billingRouting].map((readModel) => {
    const projection = new Projection(readModel, documentsOf(database, readModel), checkpoints);
    return new Subscriber(projection.subscriber, eventStore, codec, projection, SUBSCRIBER_DEFAULTS, log);
  });
  return {
    start: () => subscribers.forEach((subscriber) => subscriber.start()),
    stop: async () => void (await Promise.all(subscribers.map((subscriber) => subscriber.stop()))),
  };
}
