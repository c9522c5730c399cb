import { randomUUID } from 'node:crypto';
import type { Db } from 'mongodb';
import { pino } from 'pino';
import type { EventStore } from '../src/event-log/event-store.js';
import type { BatchHandler } from '../src/subscriptions/batch-handler.js';
import { Leases } from '../src/subscriptions/leases.js';
import { parkingIn } from '../src/subscriptions/parking.js';
import { Subscriber } from '../src/subscriptions/subscriber.js';
import type { SubscriberSettings } from '../src/subscriptions/subscriber-settings.js';
import { encrypted } from './commands/service.js';

const NAME = 'bench';

/** The service's own subscriber, under a lease, as it comes; keys are at hand. */
export function serviceSubscriber(
  eventStore: EventStore,
  database: Db,
  handler: BatchHandler,
  settings: Partial<SubscriberSettings> = {},
): Subscriber {
  return new Subscriber({
    name: NAME,
    eventStore,
    codec: encrypted,
    handler,
    leases: new Leases(database.collection('leases'), randomUUID(), { ttlMs: 5_000 }),
    build: 'bench',
    parking: parkingIn(database, NAME),
    log: pino({ level: 'silent' }),
    settings,
  });
}

/** The handler, and a promise of when it has handled so many events. */
export function counted(
  handler: BatchHandler,
  count: number,
): { handler: BatchHandler; done: Promise<void> } {
  let seen = 0;
  let finish = () => {};
  const done = new Promise<void>((resolve) => (finish = resolve));
  return {
    handler: {
      position: (token) => handler.position(token),
      async handle(batch, checkpoint) {
        await handler.handle(batch, checkpoint);
        seen += batch.length;
        if (seen >= count) finish();
      },
    },
    done,
  };
}
