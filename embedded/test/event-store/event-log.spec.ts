import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { frameBody } from '../../src/event-store/append-record.js';
import { EventLog } from '../../src/event-store/event-log.js';
import { readableRange } from '../../src/event-store/stream-range.js';

const frame = (number: number, bytes = 10) => ({
  id: Buffer.alloc(16, number),
  type: 'T',
  createdTicks: 1n,
  body: Buffer.alloc(bytes, number),
});

describe('the log of events', () => {
  let directory: string;
  let log: EventLog;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'event-log-'));
    log = await EventLog.open(join(directory, 'events.log'), () => {});
  });
  afterEach(async () => {
    await log.close();
    await rm(directory, { recursive: true });
  });

  it('shows an append to readers when it is durable, and not before', async () => {
    const { durable } = log.store('events', 's', [frame(1), frame(2)]);
    expect([log.index.size, log.visible]).toEqual([2, 0]);
    expect(readableRange(log, 's')).toEqual({ state: 'not_found' });
    const changed = log.change(new AbortController().signal);
    await durable;
    await changed;
    expect(log.visible).toBe(2);
    expect(readableRange(log, 's')).toMatchObject({ state: 'found', first: 0, last: 1 });
  });

  it('shows a deletion, too, when it is durable', async () => {
    await log.store('events', 's', [frame(1)]).durable;
    const { durable } = log.store('tombstone', 's', [frame(2)]);
    expect(readableRange(log, 's')).toMatchObject({ state: 'found' });
    await durable;
    expect(readableRange(log, 's')).toEqual({ state: 'deleted' });
  });

  it('reads events from anywhere, near to each other or not', async () => {
    for (let number = 0; number < 20; number += 1) {
      await log.store('events', `s-${number % 3}`, [frame(number, number % 5 === 0 ? 200_000 : 10)]).durable;
    }
    const ordinals = [0, 1, 3, 4, 5, 11, 19];
    const frames = await log.readFrames(ordinals);
    expect(frames.map((bytes) => frameBody(bytes)[0])).toEqual(ordinals);
  });

  it('ends a wait for change when it is told to', async () => {
    const controller = new AbortController();
    const waiting = log.change(controller.signal);
    controller.abort();
    await waiting;
    await log.change(controller.signal);
  });
});
