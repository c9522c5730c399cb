import type { Db } from 'mongodb';
import type { EventStore } from '../../src/event-log/event-store.js';
import { Projection } from '../../src/read-models/projection.js';
import type { ReadModel } from '../../src/read-models/read-model.js';
import type { SubscriberSettings } from '../../src/subscriptions/subscriber-settings.js';
import { counted, serviceSubscriber } from '../service-subscriber.js';

/** The service's own projection of one read model. */
export function serviceProjection(database: Db, readModel: ReadModel<object>): Projection {
  return new Projection(readModel, database.collection('documents'), database.collection('checkpoints'));
}

/** Projects the first so many events of the log. */
export async function projectAll(
  eventStore: EventStore,
  database: Db,
  readModel: ReadModel<object>,
  count: number,
  settings?: Partial<SubscriberSettings>,
): Promise<void> {
  const { handler, done } = counted(serviceProjection(database, readModel), count);
  const subscriber = serviceSubscriber(eventStore, database, handler, settings);
  subscriber.start();
  await done;
  await subscriber.stop();
}
