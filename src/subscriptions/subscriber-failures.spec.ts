import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { MongoNetworkError } from 'mongodb';
import { pino } from 'pino';
import { LeasesInMemory } from '../../test/fixtures/held-lease.js';
import { logOf } from '../../test/fixtures/log-in-memory.js';
import { codec, recordedEvents } from '../../test/fixtures/recorded-events.js';
import type { EventStore, LogMark } from '../event-log/event-store.js';
import type { BatchHandler } from './batch-handler.js';
import type { Checkpoint } from './checkpoint.js';
import { CheckpointFenced } from './checkpoint-store.js';
import { RevisionGap } from './revision-gap.js';
import { ParkingInMemory } from '../../test/fixtures/parking-in-memory.js';
import { Subscriber } from './subscriber.js';

interface Line {
  readonly level: number;
  readonly msg: string;
  readonly state?: string;
  readonly cause?: string;
  readonly retryInMs?: number;
}

/** As pino counts. */
const [WARNING, ERROR] = [40, 50];

const history = recordedEvents({ workspaceId: 'ws', clientId: 'one' }, [
  [{ type: 'PrimaryContactChanged', data: { from: null, to: 'ann' } }],
  [{ type: 'PrimaryContactChanged', data: { from: 'ann', to: 'bob' } }],
  [{ type: 'PrimaryContactChanged', data: { from: 'bob', to: null } }],
]);

describe('what a subscriber says and does about a failure', () => {
  let lines: Line[];
  let leases: LeasesInMemory;
  let subscriber: Subscriber;
  let handled: number[];
  /** What each further batch ends by, undefined where it is handled. */
  let failures: ((() => Error) | undefined)[];
  let stored: Checkpoint | undefined;

  beforeEach(() => {
    [lines, handled, failures, stored] = [[], [], [], undefined];
    leases = new LeasesInMemory();
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await subscriber.stop();
  });

  const handler: BatchHandler = {
    position: async () => stored,
    async handle(batch, checkpoint) {
      const failure = failures.shift();
      if (failure) throw failure();
      handled.push(...batch.map(({ revision }) => revision));
      stored = checkpoint;
    },
  };

  function start(eventStore: EventStore, settings = {}): void {
    subscriber = new Subscriber({
      name: 'failing',
      eventStore,
      codec,
      handler,
      leases,
      parking: new ParkingInMemory('failing'),
      build: 'spec',
      log: pino({ base: null }, { write: (line) => void lines.push(JSON.parse(line) as Line) }),
      settings: { batchSize: 1, retryDelayMs: 4, maxRetryDelayMs: 32, ...settings },
    });
    subscriber.start();
  }

  const interruptions = () => lines.filter(({ msg }) => msg === 'interrupted');
  const states = () => lines.flatMap(({ state }) => state ?? []);
  async function until(isSo: () => boolean): Promise<void> {
    for (let looks = 0; !isSo() && looks < 5_000; looks++) await new Promise((wake) => setTimeout(wake, 1));
    expect(isSo()).toBe(true);
  }
  const away = () => new MongoNetworkError('away');

  it.each([
    [0, [2, 4, 8, 16, 16]],
    [0.5, [3, 6, 12, 24, 24]],
    [1 - Number.EPSILON, [4, 8, 16, 32, 32]],
  ])('waits twice as long each time, to its maximum, half of it by chance: %d', async (chance, delays) => {
    jest.spyOn(Math, 'random').mockReturnValue(chance);
    failures = Array<() => Error>(delays.length).fill(away);
    start(logOf(history).eventStore);
    await until(() => handled.length === history.length);
    expect(interruptions().map(({ retryInMs }) => retryInMs)).toEqual(delays);
  });

  it('begins with its shortest wait again once it has gone on', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0);
    failures = [away, away, undefined, away];
    start(logOf(history).eventStore);
    await until(() => handled.length === history.length);
    expect(interruptions().map(({ retryInMs }) => retryInMs)).toEqual([2, 4, 2]);
    expect(subscriber.status().cause).toBeUndefined();
  });

  it('waits for its maximum each time that someone has to look', async () => {
    failures = Array<() => Error>(2).fill(() => new RevisionGap('gap'));
    start(logOf(history).eventStore);
    await until(() => handled.length === history.length);
    expect(interruptions()).toMatchObject([
      { level: ERROR, retryInMs: 32 },
      { level: ERROR, retryInMs: 32 },
    ]);
    expect(states()).toContain('blocked');
  });

  it('falls behind, as far as it is told, while it is interrupted', async () => {
    failures = [undefined, ...Array<() => Error>(10_000).fill(away)];
    start(logOf(history).eventStore, { watchMs: 1, maxRetryDelayMs: 4 });
    await until(() => handled.length === 1 && subscriber.status().state === 'backing_off');
    await until(() => (subscriber.status().lag?.events ?? 0) > 0);
  });

  it('does not know how far behind it is while the log can not be read', async () => {
    const { eventStore } = logOf(history);
    start(eventStore, { watchMs: 1 });
    await until(() => subscriber.status().lag?.events === 0);
    jest.spyOn(eventStore, 'readBackwards').mockImplementation(() => {
      throw new Error('away');
    });
    await until(() => subscriber.status().lag === undefined);
  });

  it('is catching up again when its subscription falls behind, and live when that has caught up', async () => {
    const [first, second, third] = history;
    const caughtUp = { mark: 'caught_up' } as const;
    let fallBehind = () => {};
    let catchUp = () => {};
    const behind = new Promise<LogMark>((is) => (fallBehind = () => is({ mark: 'fell_behind' })));
    const again = new Promise<LogMark>((is) => (catchUp = () => is(caughtUp)));
    start(logOf([first!, caughtUp, behind, second!, third!, again]).eventStore);
    await until(() => subscriber.status().state === 'live');
    fallBehind();
    await until(() => handled.length === 3);
    await until(() => subscriber.status().state === 'catching_up');
    catchUp();
    await until(() => subscriber.status().state === 'live');
    expect(states()).toEqual(['waiting_for_lease', 'catching_up', 'live', 'catching_up', 'live']);
    expect(handled).toEqual([0, 1, 2]);
    expect(interruptions()).toEqual([]);
  });

  it.each([
    ['holds another event', history],
    ['does not reach so far', []],
  ])('handles nothing of a log that %s where its last event was, until the log is back', async (_, log) => {
    const { stream, position } = history[0]!;
    const lastEvent = { stream, revision: 0, id: 'an event of the log before' };
    stored = { ...position, lastEvent };
    start(logOf(log).eventStore);
    await until(() => interruptions().length > 1);
    expect(interruptions()[0]).toMatchObject({ level: ERROR, cause: 'LogDiverged', retryInMs: 32 });
    expect(subscriber.status()).toMatchObject({ state: 'log_diverged', cause: 'LogDiverged' });
    expect(handled).toEqual([]);
    await subscriber.stop();
    stored = { ...position, lastEvent: { ...lastEvent, id: history[0]!.eventId } };
    start(logOf(history).eventStore);
    await until(() => handled.length === 2);
    expect(handled).toEqual([1, 2]);
  });

  it('tells what its batch ended by although it has lost its lease, and waits for that', async () => {
    failures = [
      () => {
        leases.current!.lose();
        return new CheckpointFenced('failing');
      },
    ];
    start(logOf(history).eventStore);
    await until(() => handled.length === history.length);
    expect(interruptions()).toMatchObject([{ level: WARNING, cause: 'CheckpointFenced' }]);
    expect(interruptions()[0]).not.toHaveProperty('retryInMs');
    expect(leases.taken).toBe(2);
  });
});
