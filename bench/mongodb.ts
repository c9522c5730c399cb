import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { type Collection, type Db, MongoClient } from 'mongodb';
import { interleaved, percentile, ratePerSecond } from './measure.js';
import { PAYLOAD } from './payload.js';
import { printSides, type Servers, shownBySide } from './servers.js';

const ROUNDS = 5;
const LOOK_UP_SIZES = [1_000, 10_000, 100_000];

/** Guarded replacements in bulk, and look-ups in growing collections. */
export async function measureMongodb(servers: Servers): Promise<void> {
  const rows: Record<string, Record<string, string>> = {};
  const clients = await Promise.all(
    Object.entries(servers).map(async ([name, { url }]) => {
      const client = await new MongoClient(url).connect();
      return { name, client, database: client.db('bench') };
    }),
  );
  const upserts = await interleaved(
    ROUNDS,
    Object.fromEntries(
      clients.map(({ name, database }) => [
        name,
        () => guardedUpserts(database.collection(`upserts-${randomUUID()}`)),
      ]),
    ),
  );
  rows['guarded replacements/s, bulks of 100'] = shownBySide(upserts);
  // The independent server scans for a guarded look-up, so only small collections are fair to it.
  for (const size of LOOK_UP_SIZES) {
    const sides = clients.filter(({ name }) => name === 'embedded' || size <= 1_000);
    const collections = await Promise.all(
      sides.map(async ({ name, database }) => ({ name, collection: await filled(database, size) })),
    );
    for (const [label, filter] of Object.entries(lookUps)) {
      const times = new Map(sides.map(({ name }) => [name, [] as number[]]));
      for (let round = 0; round <= ROUNDS; round++) {
        for (const { name, collection } of collections) {
          const taken = await timesOf(400, (index) => collection.findOne(filter((index * 7919) % size)));
          if (round > 0) times.get(name)!.push(...taken);
        }
      }
      rows[`findOne by ${label} of ${size.toLocaleString('en')}, µs, p50 · p99`] = Object.fromEntries(
        [...times].map(([name, taken]) => [name, shownPercentiles(taken)]),
      );
    }
  }
  printSides('MongoDB', servers, rows);
  await Promise.all(clients.map(({ client }) => client.close()));
}

interface LookedUp {
  _id: string;
  workspaceId: string;
  clientId: string;
  revision: number;
  payload: typeof PAYLOAD;
}

async function filled(database: Db, size: number): Promise<Collection<LookedUp>> {
  const collection = database.collection<LookedUp>(`look-ups-${size}`);
  await collection.createIndex({ workspaceId: 1, clientId: 1 });
  for (let from = 0; from < size; from += 1_000) {
    await collection.insertMany(Array.from({ length: 1_000 }, (_, index) => lookedUp(from + index)));
  }
  return collection;
}

function shownPercentiles(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  return `${Math.round(percentile(sorted, 50))} · ${Math.round(percentile(sorted, 99))}`;
}

function lookedUp(index: number): LookedUp {
  return {
    _id: `ws/${index}`,
    workspaceId: 'ws',
    clientId: String(index),
    revision: index,
    payload: PAYLOAD,
  };
}

const lookUps: Record<string, (index: number) => object> = {
  _id: (index) => ({ _id: `ws/${index}` }),
  '_id with a guard': (index) => ({ _id: `ws/${index}`, revision: index }),
  'an index': (index) => ({ workspaceId: 'ws', clientId: String(index) }),
};

async function guardedUpserts(collection: Collection): Promise<number> {
  const ids = Array.from({ length: 100 }, (_, index) => `ws/${index}`);
  await collection.bulkWrite(
    ids.map((id) => ({ insertOne: { document: { _id: id as never, revision: 0 } } })),
  );
  return ratePerSecond(5_000, async () => {
    for (let revision = 0; revision < 50; revision++) {
      await collection.bulkWrite(
        ids.map((id) => ({
          replaceOne: {
            filter: { _id: id as never, revision },
            replacement: { revision: revision + 1, payload: PAYLOAD },
          },
        })),
        { ordered: false, writeConcern: { w: 'majority', journal: true } },
      );
    }
  });
}

/** Times of one call after another in microseconds. */
async function timesOf(count: number, call: (index: number) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    const start = performance.now();
    await call(index);
    times.push((performance.now() - start) * 1000);
  }
  return times;
}
