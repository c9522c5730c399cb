import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { invoicingFollower } from '../../consumers/invoicing/invoicing.js';
import { portalFollower } from '../../consumers/portal/portal.js';
import type { TopicFollower } from '../../consumers/topic/topic-follower.js';
import { histories, PublishedLog } from './published-log.js';

const SESSION_TIMEOUT_MS = 6_000;

describe('the consumers, behind the publisher', () => {
  let log: PublishedLog;
  let following: TopicFollower[];

  beforeEach(async () => {
    following = [];
    log = await PublishedLog.prepare();
  });
  afterEach(async () => {
    await leave(following);
    await log.close();
  });

  /** A member more of each group. */
  const join = async (): Promise<TopicFollower[]> => {
    const quiet = pino({ level: 'silent' });
    const settings = (consumer: string) => ({
      groupId: `${log.name}-${consumer}`,
      sessionTimeoutMs: SESSION_TIMEOUT_MS,
    });
    const members = [
      await invoicingFollower(log.kafka, log.invoicing, quiet, settings('invoicing')),
      await portalFollower(log.kafka, log.portal, quiet, settings('portal')),
    ];
    for (const member of members) member.follow().catch((error: unknown) => expect(error).toBeUndefined());
    following.push(...members);
    return members;
  };
  const leave = (members: readonly TopicFollower[]) => Promise.all(members.map((member) => member.stop()));

  it('start from nothing, and know what a fresh fold of the log says', async () => {
    await log.publish(histories(20, 1));
    await join();
    await log.isConsumed();
    await log.expectAllKnown();
  });

  it('know it when members come and go while it is published', async () => {
    const appends = histories(20, 2);
    const third = Math.ceil(appends.length / 3);
    const first = await join();
    await log.publish(appends.slice(0, third));
    await join();
    await log.publish(appends.slice(third, 2 * third));
    await leave(first);
    await log.publish(appends.slice(2 * third));
    await log.isConsumed();
    await log.expectAllKnown();
  });

  it('know it again after their databases were lost, though the group has read further', async () => {
    await log.publish(histories(10, 3));
    const members = await join();
    await log.isConsumed();
    await leave(members);
    await Promise.all(Object.values(log.databases).map((database) => database.dropDatabase()));
    await join();
    await log.isConsumed();
    await log.expectAllKnown();
  });

  it('have read to the end, though the last records were aborted', async () => {
    await log.publish(histories(5, 4));
    // A publisher that takes over aborts a heartbeat on each partition.
    await log.begin();
    await join();
    await log.isConsumed();
    for (const { freshness } of [await log.invoicing.status(), await log.portal.status()]) {
      expect(freshness).not.toBe('catching_up');
    }
  });

  it('tell silence from nothing that happened by the heartbeats', async () => {
    await log.publish(histories(3, 5));
    await join();
    await log.beat();
    await log.isConsumed();
    const status = (inMs: number) => log.portal.status(new Date(Date.now() + inMs));
    expect(await status(15_000)).toMatchObject({ freshness: 'current' });
    expect(await status(31_000)).toMatchObject({ freshness: 'publisher_silent' });
  });
});
