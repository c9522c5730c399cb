import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Campaign, NOTHING_FOUND } from './campaign.js';
import { OwnGround } from './own-ground.js';
import type { ProjectorProcess } from './projector-process.js';

/** Long enough that a busy machine does not hide what is promised in its units. */
const TTL_MS = 3_000;
const HOUR_MS = 3_600_000;

describe('of two replicas, one an hour ahead of the right time and one an hour behind', () => {
  let ground: OwnGround;
  let campaign: Campaign;
  let replicas: ProjectorProcess[];
  beforeEach(async () => {
    ground = await OwnGround.prepare();
    campaign = new Campaign(ground, { ttlMs: TTL_MS, manner: 'as it is', readModels: ['contacts'] });
    campaign.begin();
    replicas = [];
  });
  afterEach(async () => {
    await Promise.all([campaign.abandon(), ...replicas.map((replica) => replica.end('SIGKILL'))]);
    await ground.clear();
  });

  const replica = (own: Parameters<Campaign['replica']>[0]) => {
    const started = campaign.replica(own);
    replicas.push(started);
    return started;
  };
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await sleep(10);
  };
  const holds = ({ lines }: ProjectorProcess) => lines.some(({ msg }) => msg === 'holds the lease');

  /** The one that holds the lease, and the one that waits for it. */
  async function two(death: NonNullable<Parameters<Campaign['replica']>[0]>['death']) {
    const holder = replica({ wallClockShiftMs: HOUR_MS, ...(death && { death }) });
    await until(() => holds(holder));
    const waiting = replica({ wallClockShiftMs: -HOUR_MS });
    await until(() => waiting.hasBeen('waiting_for_lease'));
    // It has seen the holder's beat.
    await sleep(TTL_MS / 2);
    expect(holds(waiting)).toBe(false);
    return { holder, waiting };
  }

  it('one that is frozen past its lease changes nothing when it wakes: its checkpoint is fenced, and it waits again', async () => {
    const { holder, waiting } = await two({ point: 'documents written', pass: 80, signal: 'SIGSTOP' });
    await until(() => holds(waiting));
    const tokens = [holder, waiting].map(({ lines }) => lines.find(({ token }) => token)?.token);
    expect(tokens).toEqual([1, 2]);
    await sleep(500); // the new holder goes past where the frozen one stands
    const before = holder.lines.length;
    holder.signal('SIGCONT');
    await until(() => holder.lines.slice(before).some(({ state }) => state === 'waiting_for_lease'));
    const woken = holder.lines.slice(before);
    expect(woken.filter(({ msg }) => msg === 'interrupted')).toMatchObject([{ cause: 'CheckpointFenced' }]);
    expect(woken.filter(({ state }) => state === 'live' || state === 'catching_up')).toEqual([]);
    expect(await campaign.conclude(waiting)).toEqual(NOTHING_FOUND);
    expect(waiting.causes).toEqual([]);
  });

  it('the other one takes over within one and a half times to live of a crash', async () => {
    const { holder, waiting } = await two(undefined);
    const crashedAt = performance.now();
    await holder.end('SIGKILL');
    await until(() => holds(waiting));
    expect(performance.now() - crashedAt).toBeLessThan(1.5 * TTL_MS);
    // Not sooner than it can know: the holder has shown itself a fifth of the time to live ago, at the most.
    expect(performance.now() - crashedAt).toBeGreaterThan(0.7 * TTL_MS);
    expect(await campaign.conclude(waiting)).toEqual(NOTHING_FOUND);
  });

  it('the other one takes over at its next look after a clean stop', async () => {
    const { holder, waiting } = await two(undefined);
    await holder.end('SIGTERM');
    const stoppedAt = performance.now();
    await until(() => holds(waiting));
    expect(performance.now() - stoppedAt).toBeLessThan(0.5 * TTL_MS);
    expect(await campaign.conclude(waiting)).toEqual(NOTHING_FOUND);
  });
});
