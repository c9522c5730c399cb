import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';
import { EventStoreDBClient, jsonEvent, type JSONEventData, type RecordedEvent } from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

/** How often the server is killed; a long campaign sets more. */
const ROUNDS = Number(process.env['KILL_ROUNDS'] ?? 7);
const WRITERS = 8;
const MAX_ACKNOWLEDGED = 60;
/** After so many rounds a new log is begun: each round reads the whole of it. */
const ROUNDS_ON_ONE_LOG = 25;
const MAX_TURNS = 50;
const PROGRAM = join(process.cwd(), 'embedded/dist/main.js');

interface Append {
  stream: string;
  expectedRevision: 'no_stream' | bigint;
  events: JSONEventData[];
}

interface Server {
  url: string;
  child: ChildProcess;
}

// Runs the compiled program, as `npm test` builds it, in a process of its own.
(existsSync(PROGRAM) ? describe : describe.skip)('an event store that is killed under load', () => {
  let dataDir: string;
  /** Of each stream, the ids of what was acknowledged, in order. */
  const acknowledged = new Map<string, string[]>();
  /** What subscribers have seen, by position. */
  const seen = new Map<bigint, string>();

  let running: ChildProcess | undefined;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'event-store-'));
    acknowledged.clear();
    seen.clear();
  });
  afterEach(async () => {
    running?.kill('SIGKILL');
    await rm(dataDir, { recursive: true });
  });

  async function start(): Promise<Server> {
    const options = ['--data', dataDir, '--event-store-port', '0'];
    const child = spawn(process.execPath, [PROGRAM, 'event-store', ...options], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    running = child;
    const died = once(child, 'exit').then(() => Promise.reject(new Error('the server did not start')));
    const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), died])) as [string];
    return { url: line.replace('event-store ', ''), child };
  }

  /** Appends to the stream until the server is gone; returns the append that was not answered. */
  async function write(
    client: EventStoreDBClient,
    stream: string,
    onAcknowledged: () => void,
  ): Promise<Append> {
    for (;;) {
      const ids = acknowledged.get(stream) ?? [];
      const events = [0, 1, 2].map((index) =>
        jsonEvent({ type: 'Written', data: { index, of: 3, filler: 'x'.repeat(Math.random() * 2000) } }),
      );
      const expectedRevision = ids.length === 0 ? 'no_stream' : BigInt(ids.length - 1);
      try {
        await client.appendToStream(stream, events, { expectedRevision });
      } catch {
        return { stream, expectedRevision, events };
      }
      acknowledged.set(stream, [...ids, ...events.map(({ id }) => id)]);
      onAcknowledged();
    }
  }

  async function watch(client: EventStoreDBClient): Promise<void> {
    const subscription = client.subscribeToAll();
    try {
      for await (const { event } of subscription) seen.set(event!.position.commit, event!.id);
    } catch {
      // The server was killed.
    }
  }

  async function log(client: EventStoreDBClient): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for await (const { event } of client.readAll()) events.push(event!);
    return events;
  }

  function byStream(events: RecordedEvent[]): Map<string, RecordedEvent[]> {
    const streams = new Map<string, RecordedEvent[]>();
    for (const event of events) streams.set(event.streamId, [...(streams.get(event.streamId) ?? []), event]);
    return streams;
  }

  /** Writes until the server is killed at some moment; returns what was not answered. */
  async function writeUntilKilled(round: number): Promise<Append[]> {
    const { url, child } = await start();
    const client = EventStoreDBClient.connectionString(url);
    const watching = watch(client);
    let count = 0;
    const enough = 1 + Math.random() * MAX_ACKNOWLEDGED;
    let kill = () => {};
    const due = new Promise<void>((resolve) => (kill = resolve));
    const writers = Array.from({ length: WRITERS }, (_, at) =>
      write(client, `s-${(round * 3 + at) % (WRITERS * 2)}`, () => {
        count += 1;
        if (count >= enough) kill();
      }),
    );
    await due;
    for (let turns = Math.random() * MAX_TURNS; turns > 0; turns -= 1) await setImmediate();
    child.kill('SIGKILL');
    await once(child, 'exit');
    const unanswered = await Promise.all(writers);
    await watching;
    await client.dispose();
    return unanswered;
  }

  const campaigns = Array.from({ length: Math.ceil(ROUNDS / ROUNDS_ON_ONE_LOG) }, (_, at) =>
    Math.min(ROUNDS - at * ROUNDS_ON_ONE_LOG, ROUNDS_ON_ONE_LOG),
  );

  it.each(campaigns)(
    'has all that it acknowledged and all that it showed, and no append in parts: %d kills',
    async (rounds) => {
      for (let round = 0; round < rounds; round += 1) {
        const unanswered = await writeUntilKilled(round);
        const { url, child } = await start();
        const client = EventStoreDBClient.connectionString(url);

        const stored = await log(client);
        const positions = new Map(stored.map(({ position, id }) => [position!.commit, id]));
        for (const [position, id] of seen) expect(positions.get(position)).toBe(id);
        for (const [stream, events] of byStream(stored)) {
          expect(events.map(({ revision }) => revision)).toEqual(events.map((_, at) => BigInt(at)));
          expect(events.length % 3).toBe(0);
          const known = acknowledged.get(stream) ?? [];
          expect(events.slice(0, known.length).map(({ id }) => id)).toEqual(known);
        }

        // What was not answered may have been stored or not: sent again it is stored exactly once.
        for (const { stream, expectedRevision, events } of unanswered) {
          await client.appendToStream(stream, events, { expectedRevision });
          acknowledged.set(stream, [...(acknowledged.get(stream) ?? []), ...events.map(({ id }) => id)]);
        }
        for (const [stream, events] of byStream(await log(client))) {
          expect(events.map(({ id }) => id)).toEqual(acknowledged.get(stream));
        }
        await client.dispose();
        child.kill('SIGTERM');
        const [code] = (await once(child, 'exit')) as [number | null];
        expect(code).toBe(0);
      }
    },
    30_000 + ROUNDS_ON_ONE_LOG * 10_000,
  );
});
