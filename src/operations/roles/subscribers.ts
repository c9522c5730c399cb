import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Db } from 'mongodb';
import { Leases } from '../../subscriptions/leases.js';
import { parkingIn } from '../../subscriptions/parking.js';
import { Subscriber, type SubscriberParts } from '../../subscriptions/subscriber.js';
import { BUILD } from '../build.js';
import type { Connections } from '../connections.js';

/** In milliseconds. After a crash another replica goes on within one and a half times as long. */
export const LEASE_TTL_MS = 5_000;

/**
 * A subscriber to this service's log, whose lease is kept beside what it writes. One that does not park stays at what
 * it can't handle until it can.
 */
export function subscriberAt(
  { eventStore, database }: Pick<Connections, 'eventStore' | 'database'>,
  own: Pick<SubscriberParts, 'name' | 'handler' | 'codec' | 'log' | 'settings'>,
  { parks = true } = {},
): Subscriber {
  return new Subscriber({
    ...own,
    eventStore,
    leases: leasesOf(database),
    build: BUILD,
    ...(parks && { parking: parkingIn(database, own.name) }),
  });
}

/** The leases, as a candidate of its own sees them. */
export function leasesOf(database: Db): Leases {
  const holder = `${hostname()} ${process.pid} ${randomUUID()}`;
  return new Leases(database.collection('leases'), holder, { ttlMs: LEASE_TTL_MS });
}
