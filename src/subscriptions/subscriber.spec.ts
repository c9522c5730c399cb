import { afterEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import type { EventStore, Position } from '../event-log/event-store.js';
import { KeyStoreUnavailable } from '../event-log/personal-data/data-keys.js';
import type { EventCodec } from '../event-log/stored-form.js';
import { logOf } from '../../test/fixtures/log-in-memory.js';
import { codec, type RecordedFact, recordedEvents } from '../../test/fixtures/recorded-events.js';
import { LeasesInMemory } from '../../test/fixtures/held-lease.js';
import type { BatchHandler } from './batch-handler.js';
import { ParkingInMemory } from '../../test/fixtures/parking-in-memory.js';
import { Subscriber, type SubscriberParts } from './subscriber.js';

const SETTINGS = { batchSize: 10, readAhead: 20, retryDelayMs: 1, maxRetryDelayMs: 5 };
const log = pino({ level: 'silent' });

const history = recordedEvents({ workspaceId: 'ws', clientId: 'one' }, [
  [{ type: 'ContactAdded', data: { contactId: 'ann', email: 'ann@x.example', portalEnabled: true } }],
  [{ type: 'PrimaryContactChanged', data: { from: null, to: 'ann' } }],
  [{ type: 'PrimaryContactChanged', data: { from: 'ann', to: null } }],
]);

/** Handles nothing but counting, and stores its position; fails as often as told. */
class Counting implements BatchHandler {
  readonly seen: number[] = [];
  private stored: Position | undefined;
  private waiters: (() => void)[] = [];

  constructor(private failures = 0) {}

  position = () => Promise.resolve(this.stored);

  handle(batch: readonly RecordedFact[]): Promise<void> {
    if (this.failures-- > 0) return Promise.reject(new Error('the database is away'));
    this.seen.push(...batch.map(({ revision }) => revision));
    this.stored = batch.at(-1)!.position;
    for (const wake of this.waiters) wake();
    return Promise.resolve();
  }

  async hasSeen(count: number): Promise<void> {
    while (this.seen.length < count) await new Promise<void>((resolve) => this.waiters.push(resolve));
  }
}

/** Handles nothing; counts its signs of life, which fail as often as told. */
class Beating implements BatchHandler {
  count = 0;
  readonly heartbeat = { intervalMs: 1, beat: () => this.beat() };
  private waiters: (() => void)[] = [];

  constructor(private failures = 0) {}

  position = () => Promise.resolve(undefined);

  handle = () => Promise.resolve();

  async hasBeaten(count: number): Promise<void> {
    while (this.count < count) await new Promise<void>((resolve) => this.waiters.push(resolve));
  }

  private beat(): Promise<void> {
    if (this.failures-- > 0) return Promise.reject(new Error('Kafka is away'));
    this.count += 1;
    for (const wake of this.waiters) wake();
    return Promise.resolve();
  }
}

describe('a subscriber', () => {
  let subscriber: Subscriber;
  afterEach(() => subscriber.stop());

  const start = (
    eventStore: EventStore,
    handler: BatchHandler,
    { settings = {}, ...parts }: Partial<SubscriberParts> = {},
  ) => {
    subscriber = new Subscriber({
      name: 'counting',
      eventStore,
      codec,
      handler,
      leases: new LeasesInMemory(),
      parking: new ParkingInMemory('counting'),
      build: 'spec',
      log,
      ...parts,
      settings: { ...SETTINGS, ...settings },
    });
    subscriber.start();
  };

  it('handles the log in order, from its start', async () => {
    const handler = new Counting();
    const { eventStore, subscribedAfter } = logOf(history);
    start(eventStore, handler);
    await handler.hasSeen(3);
    expect(handler.seen).toEqual([0, 1, 2]);
    expect(subscribedAfter).toEqual([undefined]);
  });

  it('goes on from its stored position after a stop', async () => {
    const handler = new Counting();
    const first = logOf(history.slice(0, 2));
    start(first.eventStore, handler);
    await handler.hasSeen(2);
    await subscriber.stop();
    const second = logOf(history);
    start(second.eventStore, handler);
    await handler.hasSeen(3);
    expect(handler.seen).toEqual([0, 1, 2]);
    expect(second.subscribedAfter).toEqual([history[1]!.position.commit]);
  });

  it('asks for its position and subscribes anew after its handler failed, and loses nothing', async () => {
    const handler = new Counting(2);
    const { eventStore, subscribedAfter } = logOf(history);
    start(eventStore, handler);
    await handler.hasSeen(3);
    expect(handler.seen).toEqual([0, 1, 2]);
    expect(subscribedAfter).toEqual([undefined, undefined, undefined]);
  });

  it('subscribes anew after the subscription broke', async () => {
    const handler = new Counting();
    const source = logOf(history);
    source.break(new Error('connection lost'));
    start(source.eventStore, handler);
    await handler.hasSeen(3);
    expect(handler.seen).toEqual([0, 1, 2]);
    expect(source.subscribedAfter).toHaveLength(2);
  });

  it('waits for a key store that does not answer, and loses nothing', async () => {
    const handler = new Counting();
    let failures = 2;
    const away = () => (failures-- > 0 ? Promise.reject(new KeyStoreUnavailable('away')) : undefined);
    const waiting: EventCodec = {
      toStoredForm: (...append) => codec.toStoredForm(...append),
      fromStoredForm: async (...stored) => (await away()) ?? codec.fromStoredForm(...stored),
      isSameRequest: (...request) => codec.isSameRequest(...request),
    };
    start(logOf(history).eventStore, handler, { codec: waiting });
    await handler.hasSeen(3);
    expect(handler.seen).toEqual([0, 1, 2]);
  });

  it('gives its signs of life at once and again, whether anything happens or not', async () => {
    const beats = new Beating();
    start(logOf([]).eventStore, beats);
    await beats.hasBeaten(3);
  });

  it('gives no sign of life while a batch is in hand', async () => {
    const beats = new Beating();
    const handler: BatchHandler = {
      heartbeat: beats.heartbeat,
      position: () => Promise.resolve(undefined),
      handle: async () => {
        const before = beats.count;
        await new Promise((resolve) => setTimeout(resolve, 20));
        batches.push(beats.count - before);
      },
    };
    const batches: number[] = [];
    start(logOf(history).eventStore, handler, { settings: { batchSize: 1 } });
    await beats.hasBeaten(2);
    expect(batches.length).toBeGreaterThan(0);
    expect(new Set(batches)).toEqual(new Set([0]));
  });

  it('gives no sign of life while what has arrived is not handled', async () => {
    const beats = new Beating();
    let failures = 0;
    const failing: BatchHandler = {
      heartbeat: beats.heartbeat,
      position: () => Promise.resolve(undefined),
      handle: () => ((failures += 1), Promise.reject(new KeyStoreUnavailable('away'))),
    };
    start(logOf(history).eventStore, failing);
    while (failures < 20) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(beats.count).toBe(0);
  });

  it('asks for its position and subscribes anew after a sign of life failed', async () => {
    const beats = new Beating(2);
    const { eventStore, subscribedAfter } = logOf([]);
    start(eventStore, beats);
    await beats.hasBeaten(1);
    expect(subscribedAfter).toHaveLength(3);
  });

  it('stops although its handler never ends', async () => {
    let handed = () => {};
    const hanging = new Promise<void>((resolve) => (handed = resolve));
    const handler: BatchHandler = {
      position: () => Promise.resolve(undefined),
      handle: () => (handed(), new Promise(() => {})),
    };
    start(logOf(history).eventStore, handler, { settings: { stopLimitMs: 20 } });
    await hanging;
    await expect(subscriber.stop()).resolves.toBeUndefined();
  });

  it('stops at once while it waits for the log', async () => {
    const handler = new Counting();
    start(logOf([]).eventStore, handler);
    await subscriber.stop();
    expect(handler.seen).toEqual([]);
  });
});
