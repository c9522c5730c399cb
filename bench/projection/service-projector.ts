import { randomUUID } from 'node:crypto';
import type { Db } from 'mongodb';
import { pino } from 'pino';
import type { EventStore } from '../../src/event-log/event-store.js';
import { Projection } from '../../src/read-models/projection.js';
import type { ReadModel } from '../../src/read-models/read-model.js';
import type { BatchHandler } from '../../src/subscriptions/batch-handler.js';
import { Leases } from '../../src/subscriptions/leases.js';
import { Subscriber } from '../../src/subscriptions/subscriber.js';
import type { SubscriberSettings } from '../../src/subscriptions/subscriber-settings.js';
import { encrypted } from '../commands/service.js';

/** The service's own projector of one read model, under a lease, as it comes; keys are at hand. */
export function serviceProjector(
  eventStore: EventStore,
  database: Db,
  readModel: ReadModel<object>,
  handled: (events: number) => void,
  settings: Partial<SubscriberSettings> = {},
): Subscriber {
  const projection = new Projection(
    readModel,
    database.collection('documents'),
    database.collection('checkpoints'),
  );
  const handler: BatchHandler = {
    position: (token) => projection.position(token),
    async handle(batch, checkpoint) {
      await projection.handle(batch, checkpoint);
      handled(batch.length);
    },
  };
  return new Subscriber({
    name: 'documents',
    eventStore,
    codec: encrypted,
    handler,
    leases: new Leases(database.collection('leases'), randomUUID(), { ttlMs: 5_000 }),
    build: 'bench',
    log: pino({ level: 'silent' }),
    settings,
  });
}

/** Projects the first so many events of the log. */
export async function projectAll(
  eventStore: EventStore,
  database: Db,
  readModel: ReadModel<object>,
  count: number,
  settings?: Partial<SubscriberSettings>,
): Promise<void> {
  let seen = 0;
  let finish = () => {};
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const subscriber = serviceProjector(
    eventStore,
    database,
    readModel,
    (events) => {
      seen += events;
      if (seen >= count) finish();
    },
    settings,
  );
  subscriber.start();
  await finished;
  await subscriber.stop();
}
