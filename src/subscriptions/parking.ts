import type { Db } from 'mongodb';
import { type ParkedClients, StoredParkedClients } from './parked-clients.js';
import { type ParkRequests, StoredParkRequests } from './park-requests.js';
import { type Skips, StoredSkips } from './skips.js';

/** What a subscriber writes down about clients that can't be handled, and is asked about them. */
export interface Parking {
  readonly clients: ParkedClients;
  readonly requests: ParkRequests;
  readonly skips: Skips;
}

const COLLECTIONS = { clients: 'parked_clients', requests: 'park_requests', skips: 'skips' } as const;

/** A subscriber's parking in MongoDB. */
export function parkingIn(database: Db, subscriber: string) {
  return {
    clients: new StoredParkedClients(database.collection(COLLECTIONS.clients), subscriber),
    requests: new StoredParkRequests(database.collection(COLLECTIONS.requests), subscriber),
    skips: new StoredSkips(database.collection(COLLECTIONS.skips), subscriber),
  } satisfies Parking;
}

/** Forgets all of it, as nobody is this subscriber any more. Raises MongoDB's errors. */
export async function forgetParking(database: Db, subscriber: string): Promise<void> {
  for (const collection of Object.values(COLLECTIONS))
    await database.collection(collection).deleteMany({ subscriber });
}
