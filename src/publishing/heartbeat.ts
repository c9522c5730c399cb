import { randomUUID } from 'node:crypto';
import type { Message } from 'kafkajs';
import type { Position } from '../event-log/event-store.js';
import { commonHeaders } from './cloud-event.js';

/** The key of heartbeats, on every partition of every topic. */
export const HEARTBEAT_KEY = 'heartbeat';

/** Says on each of so many partitions that everything up to the position is published. */
export function heartbeats(
  position: Position | undefined,
  time: Date,
  intervalMs: number,
  partitions: number,
): Message[] {
  const headers = {
    ...commonHeaders('heartbeat.v1'),
    ce_id: randomUUID(),
    ce_time: time.toISOString(),
  };
  const value = JSON.stringify({
    position: position ? { commit: position.commit.toString(), prepare: position.prepare.toString() } : null,
    time: time.toISOString(),
    intervalMs,
  });
  return Array.from({ length: partitions }, (_, partition) => ({
    key: HEARTBEAT_KEY,
    partition,
    value,
    headers,
  }));
}
