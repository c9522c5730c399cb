import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedServer, startEventStore } from '@client-contacts/embedded';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { EventStoreDb } from '../../src/event-log/eventstoredb.js';
import { Campaign, type Fate, type Ground, newDatabaseName, NOTHING_FOUND } from './campaign.js';
import { DEADLY_POINTS, type DeadlyPoint } from './deadly-points.js';

/** How often a projector is killed at each point, and as often at random moments; a long campaign sets more. */
const ROUNDS = Number(process.env['PROJECTOR_KILLS'] ?? 3);
const TTL_MS = 400;

describe('a projector that is killed while others wait for its leases and writers go on', () => {
  let directory: string;
  let server: EmbeddedServer;
  let eventStore: EventStoreDb;
  let mongo: MongoClient;
  let ground: Ground;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'killed-projector-'));
    server = await startEventStore({ dataDir: directory });
    eventStore = new EventStoreDb({ url: server.url, deadlineMs: 5000 });
    const mongodbUrl = process.env['MONGODB_URL']!;
    mongo = new MongoClient(mongodbUrl, { socketTimeoutMS: 5000 });
    const database = mongo.db(newDatabaseName());
    ground = { eventStore, database, reach: { eventStoreUrl: server.url, mongodbUrl } };
  });
  afterEach(async () => {
    await ground.database.dropDatabase();
    await Promise.all([mongo.close(), eventStore.close()]);
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it(
    `leaves no document that differs, and no checkpoint goes back: ${ROUNDS} kills at each of ${DEADLY_POINTS.length} points, ${ROUNDS} at random`,
    async () => {
      const campaign = new Campaign(ground, { ttlMs: TTL_MS, manner: 'as it is' });
      campaign.begin();
      const deaths = [...DEADLY_POINTS.keys()].flatMap((at) => fatesAt(DEADLY_POINTS[at]!, ROUNDS));
      const random = Array.from({ length: ROUNDS }, () => ({ killAfterMs: 800 + Math.random() * 2500 }));
      await campaign.kill(shuffled([...deaths, ...random]));
      expect(await campaign.conclude()).toEqual(NOTHING_FOUND);
      // That the points were passed, and that there was something to see.
      expect(new Set(campaign.met)).toEqual(new Set(DEADLY_POINTS));
      expect(campaign.looks).toBeGreaterThan(100);
      expect(campaign.writers.written).toBeGreaterThan(300);
    },
    60_000 + ROUNDS * 60_000,
  );

  it('is found out where it stores its checkpoint before it writes', async () => {
    const campaign = new Campaign(ground, {
      ttlMs: TTL_MS,
      manner: 'checkpoint first',
      readModels: ['contacts'],
    });
    campaign.begin();
    await campaign.kill(fatesAt('checkpoint stored', 2));
    const { differences } = await campaign.conclude();
    expect(differences).not.toEqual([]);
  }, 120_000);

  it("is found out where it stores its checkpoint as the client's `checkpointReached` tells it", async () => {
    const campaign = new Campaign(ground, {
      ttlMs: TTL_MS,
      manner: 'early checkpoint',
      readModels: ['contacts'],
      batchSize: 10,
    });
    // A backlog: what the client has received, and what was handled, are far apart.
    for (let count = 0; count < 120; count++) await campaign.writers.write(count % 40);
    campaign.begin();
    await campaign.kill(fatesAt('half of the documents written', 2));
    const { differences } = await campaign.conclude();
    expect(differences).not.toEqual([]);
  }, 120_000);
});

function fatesAt(point: DeadlyPoint, count: number): Fate[] {
  return Array.from({ length: count }, (_, index) => ({ point, pass: 1 + ((index * 3) % 8) }));
}

function shuffled<Item>(items: readonly Item[]): Item[] {
  const keyed = items.map((item) => ({ item, key: Math.random() }));
  return keyed.toSorted((one, other) => one.key - other.key).map(({ item }) => item);
}
