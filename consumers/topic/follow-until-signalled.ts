import { setInterval } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { TopicFollower } from './topic-follower.js';

const STATUS_EVERY_MS = 10_000;

/**
 * Follows until SIGINT or SIGTERM, and logs the status now and then. Raises what the follower raises: the process must
 * end with it, loudly.
 */
export async function followUntilSignalled(
  follower: TopicFollower,
  status: () => Promise<object>,
  log: Logger,
): Promise<void> {
  const stop = () => void follower.stop();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const ended = new AbortController();
  const reporting = report(status, log, ended.signal);
  try {
    await follower.follow();
  } finally {
    ended.abort();
    await reporting;
  }
}

async function report(status: () => Promise<object>, log: Logger, signal: AbortSignal): Promise<void> {
  try {
    for await (const _ of setInterval(STATUS_EVERY_MS, undefined, { signal })) {
      await status().then(
        (now) => log.info(now, 'status'),
        () => log.error('no status: the database does not answer'),
      );
    }
  } catch {
    // It was ended.
  }
}
