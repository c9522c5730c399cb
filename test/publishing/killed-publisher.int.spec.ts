import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FaultProxy, startFaultProxy } from '@client-contacts/embedded';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import type { TopicSettings } from '../../src/publishing/topics.js';
import type { Fate } from '../fixtures/fates.js';
import { topicsOf } from '../fixtures/topics-of.js';
import { OwnGround } from '../subscriptions/own-ground.js';
import { DEADLY_POINTS, type DeadlyPoint, type Manner } from './deadly-kafka.js';
import { startKillableBroker } from './killable-broker.js';
import { PublicationCampaign } from './publication-campaign.js';

/** How often each thing happens; a long campaign sets more. */
const ROUNDS = Number(process.env['PUBLISHER_KILLS'] ?? 2);
/** More than the lease's time to live. */
const FROZEN_MS = 1_600;
/** After which a publisher that could go on would have. */
const STUCK_MS = 12_000;
/** More than the publication's deadline. */
const SILENT_MS = 3_300;

/** Kafka is the environment's, or, where a test kills it, one of the same kind that is the test's own. */
describe('a publisher that is killed, frozen, cut off and doubled while writers go on', () => {
  let ground: OwnGround;
  let topics: TopicSettings;
  let proxy: FaultProxy;
  let broker: string;

  beforeEach(async () => {
    ground = await OwnGround.prepare();
    topics = topicsOf(`killed-${randomUUID().slice(0, 8)}`);
    await behindProxy(process.env['KAFKA_BROKERS']!.split(',')[0]!);
  });
  afterEach(async () => {
    await proxy.stop();
    await ground.clear();
  });

  async function behindProxy(address: string): Promise<void> {
    broker = address;
    const [host, port] = address.split(':');
    proxy = await startFaultProxy({ target: { host: host!, port: Number(port) } });
  }
  const campaignIn = (manner: Manner) =>
    new PublicationCampaign(ground, new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING }), {
      kafkaAddress: `127.0.0.1:${proxy.port}`,
      topics,
      manner,
    });

  it(
    `has said each event once and in order: ${ROUNDS} kills at each of ${DEADLY_POINTS.length} points, ${ROUNDS} at random`,
    async () => {
      const campaign = campaignIn('as it is');
      campaign.writers.start();
      const deaths = DEADLY_POINTS.flatMap((point) => fatesAt(point, ROUNDS));
      const random = Array.from({ length: ROUNDS }, () => ({ killAfterMs: 800 + Math.random() * 2500 }));
      await campaign.kill([...deaths, ...random]);
      expect(await campaign.conclude()).toEqual([]);
      expect(campaign.met.length).toBeGreaterThan(ROUNDS * 2);
      expect(campaign.writers.written).toBeGreaterThan(100);
    },
    120_000 + ROUNDS * 60_000,
  );

  it(
    'has said each event once and in order although the network fails, it is frozen, and another one waits for no lease',
    async () => {
      const campaign = campaignIn('as it is');
      campaign.writers.start();
      const publishers = [campaign.publisher(), campaign.publisher()];
      while (!publishers.some(({ states }) => states.has('live'))) await sleep(50);
      for (let round = 0; round < ROUNDS; round++) {
        await sleep(500);
        proxy.swallowAnswers();
        await sleep(round % 2 === 0 ? 100 : SILENT_MS);
        proxy.pass();
        await sleep(300);
        proxy.cutConnections();
        await sleep(300);
        proxy.refuseConnections();
        proxy.cutConnections();
        await sleep(400);
        proxy.pass();
        for (const publisher of publishers) {
          publisher.signal('SIGSTOP');
          await sleep(FROZEN_MS);
          publisher.signal('SIGCONT');
          await sleep(200);
        }
        const rogue = campaign.publisher({ lease: `rogue-${round}` });
        await sleep(2_500);
        await rogue.end('SIGKILL');
      }
      for (const publisher of publishers) await publisher.end('SIGKILL');
      expect(proxy.swallowedBytes).toBeGreaterThan(0);
      expect(await campaign.conclude()).toEqual([]);
      expect(campaign.writers.written).toBeGreaterThan(100);
    },
    120_000 + ROUNDS * 60_000,
  );

  it(
    `has said each event once and in order although its broker was killed ${ROUNDS} times`,
    async () => {
      await proxy.stop();
      const killable = await startKillableBroker();
      await behindProxy(killable.url);
      try {
        const campaign = campaignIn('as it is');
        campaign.writers.start();
        const publisher = campaign.publisher();
        while (!publisher.states.has('live')) await sleep(50);
        for (let round = 0; round < ROUNDS; round++) {
          await sleep(300 + Math.random() * 1000);
          await killable.kill();
          await sleep(Math.random() * 1000);
          await killable.restart();
        }
        await publisher.end('SIGKILL');
        expect(await campaign.conclude()).toEqual([]);
        expect(campaign.writers.written).toBeGreaterThan(50);
      } finally {
        await killable.stop();
      }
    },
    120_000 + ROUNDS * 60_000,
  );

  it('is found out where its position is stored outside the transaction', async () => {
    const campaign = campaignIn('position outside');
    campaign.writers.start();
    await campaign.kill(fatesAt('committed', 2));
    expect(await campaign.conclude()).toContainEqual(expect.stringContaining('something is there twice'));
  }, 180_000);

  it.each(['same producer', 'concurrent sends'] as const)(
    'is found out where it works with %s',
    async (manner) => {
      const campaign = campaignIn(manner);
      campaign.writers.start();
      const publisher = campaign.publisher();
      while (!publisher.states.has('live')) await sleep(50);
      for (let round = 0; round < 4; round++) {
        await sleep(500);
        proxy.swallowAnswers();
        await sleep(300);
        proxy.pass();
      }
      expect(await campaign.conclude(publisher, STUCK_MS)).not.toEqual([]);
    },
    180_000,
  );
});

function fatesAt(point: DeadlyPoint, count: number): Fate<DeadlyPoint>[] {
  return Array.from({ length: count }, (_, index) => ({ point, pass: 1 + ((index * 3) % 8) }));
}
