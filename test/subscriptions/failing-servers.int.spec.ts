import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Campaign, NOTHING_FOUND } from './campaign.js';
import { FailingGround, type FailingServer } from './failing-servers.js';
import type { ProjectorProcess } from './projector-process.js';

/** How often each server fails in each way; a long campaign sets more. */
const ROUNDS = Number(process.env['SERVER_FAILURES'] ?? 1);
/** Longer than anything waits for an answer, so that it must be given up. */
const SILENCE_MS = 2_500;
/** As pino counts. */
const WARNING = 40;

const killedAndStarted = async (server: FailingServer) => {
  await server.kill();
  await sleep(300);
  await server.start();
};
const silent = async ({ proxy }: FailingServer) => {
  proxy.swallowAnswers();
  await sleep(SILENCE_MS);
  proxy.pass();
};
const cut = async ({ proxy }: FailingServer) => {
  for (let times = 0; times < 5; times++) {
    proxy.cutConnections();
    await sleep(Math.random() * 200);
  }
};

describe('projectors whose servers fail while writers go on', () => {
  let ground: FailingGround;
  let campaign: Campaign;
  let replicas: ProjectorProcess[];
  beforeEach(async () => {
    ground = await FailingGround.prepare();
    campaign = new Campaign(ground, { ttlMs: 1_000, manner: 'as it is' });
    campaign.begin();
    replicas = [campaign.replica(), campaign.replica()];
  });
  afterEach(async () => {
    await Promise.all([campaign.abandon(), ...replicas.map((replica) => replica.end('SIGKILL'))]);
    await ground.clear();
  });

  /** New events have come through. */
  async function goesOn(): Promise<void> {
    const documents = ground.database.collection<{ _id: string; revision: number }>('contacts_v1_1');
    const sum = async () => {
      const found = await documents.find().toArray();
      return found.reduce((total, { revision }) => total + revision + 1, 0);
    };
    // Its own look may meet the failure too.
    const now = () => sum().catch(() => undefined);
    let before: number | undefined;
    for (let seen = await now(); seen === undefined || seen <= (before ?? seen) + 30; seen = await now()) {
      before ??= seen;
      await sleep(50);
    }
  }

  const failures = [
    ['the event store is killed and starts again', (ground: FailingGround) => killedAndStarted(ground.log)],
    ['MongoDB is killed and starts again', (ground: FailingGround) => killedAndStarted(ground.mongodb)],
    ['the event store says nothing', (ground: FailingGround) => silent(ground.log)],
    ['MongoDB says nothing', (ground: FailingGround) => silent(ground.mongodb)],
    ['the connections to the event store are cut', (ground: FailingGround) => cut(ground.log)],
    ['the connections to MongoDB are cut', (ground: FailingGround) => cut(ground.mongodb)],
  ] as const;

  it(
    `go on by themselves, and nothing differs: each of ${failures.length} failures ${ROUNDS} times`,
    async () => {
      await goesOn();
      for (let round = 0; round < ROUNDS; round++) {
        for (const [, fail] of failures) {
          await fail(ground);
          await goesOn();
        }
      }
      await replicas[0]!.end('SIGTERM');
      expect(await campaign.conclude(replicas[1])).toEqual(NOTHING_FOUND);
      // They were met, and each was taken for something that passes: a warning, not an error.
      const interruptions = replicas.flatMap(({ lines }) => lines.filter(({ msg }) => msg === 'interrupted'));
      expect(interruptions.length).toBeGreaterThan(ROUNDS * 2);
      expect(interruptions.filter(({ level }) => level !== WARNING)).toEqual([]);
    },
    60_000 + ROUNDS * 120_000,
  );
});
