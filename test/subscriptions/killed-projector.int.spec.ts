import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Fate } from '../fixtures/fates.js';
import { Campaign, NOTHING_FOUND } from './campaign.js';
import { DEADLY_POINTS, type DeadlyPoint } from './deadly-points.js';
import { OwnGround } from './own-ground.js';

/** How often a projector is killed at each point, and as often at random moments; a long campaign sets more. */
const ROUNDS = Number(process.env['PROJECTOR_KILLS'] ?? 3);
const TTL_MS = 1_000;

describe('a projector that is killed while others wait for its leases and writers go on', () => {
  let ground: OwnGround;
  beforeEach(async () => {
    ground = await OwnGround.prepare();
  });
  afterEach(() => ground.clear());

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
    120_000 + ROUNDS * 180_000,
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
  }, 180_000);

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
  }, 180_000);
});

function fatesAt(point: DeadlyPoint, count: number): Fate<DeadlyPoint>[] {
  return Array.from({ length: count }, (_, index) => ({ point, pass: 1 + ((index * 3) % 8) }));
}

function shuffled<Item>(items: readonly Item[]): Item[] {
  const keyed = items.map((item) => ({ item, key: Math.random() }));
  return keyed.toSorted((one, other) => one.key - other.key).map(({ item }) => item);
}
