import { performance } from 'node:perf_hooks';
import { streamNameOf } from '../../src/event-log/contact-book-stream.js';
import { EventStoreDb } from '../../src/event-log/eventstoredb.js';
import { interleaved, printTable, ratePerSecond, shown, summarise, withInFlight } from '../measure.js';
import { startEmbedded } from '../servers.js';
import {
  add,
  change,
  clientWithHistory,
  commandsOn,
  type Execute,
  newClient,
  preparedAppend,
} from './service.js';

const ROUNDS = 5;
/** Of each kind and round. */
const ONE_BY_ONE = 100;
const AT_ONCE = { lanes: 32, each: 15 };
const HISTORIES = [10, 1_000, 10_000];
const COLD_COMMANDS = 3;

/**
 * What a command costs, in the unit of what an append costs that is made beforehand, through the same connection to
 * the same server: the one that EVENTSTORE_URL names, or an embedded one.
 */
async function measureCommands(eventStore: EventStoreDb): Promise<void> {
  const bare = await bareAppends(eventStore);
  const warm = await warmCommands(commandsOn(eventStore));
  const oneByOne = await interleaved(ROUNDS, {
    bare: () => medianTime(ONE_BY_ONE, () => bare(0)),
    warm: () => medianTime(ONE_BY_ONE, () => warm(0)),
  });
  const ratio = await interleaved(ROUNDS, {
    latency: async () => {
      const bareTimes: number[] = [];
      const warmTimes: number[] = [];
      for (let index = 0; index < ONE_BY_ONE; index++) {
        bareTimes.push(await timeOf(() => bare(0)));
        warmTimes.push(await timeOf(() => warm(0)));
      }
      return summarise(warmTimes).median / summarise(bareTimes).median;
    },
    throughput: async () => {
      const rate = (work: (lane: number) => Promise<unknown>) =>
        ratePerSecond(AT_ONCE.lanes * AT_ONCE.each, () =>
          withInFlight(AT_ONCE.lanes, AT_ONCE.lanes, async (lane) => {
            for (let index = 0; index < AT_ONCE.each; index++) await work(lane);
          }),
        );
      return (await rate(bare)) / (await rate(warm));
    },
  });
  printTable(
    ['one change of a client whose book is cached', 'median (spread)'],
    [
      ['bare append, ms', shown(oneByOne.bare, 2)],
      ['command, ms', shown(oneByOne.warm, 2)],
      ['command ÷ bare append, one at a time', shown(ratio.latency, 2)],
      [`command ÷ bare append, ${AT_ONCE.lanes} clients at once`, shown(ratio.throughput, 2)],
    ],
  );

  const cold = commandsOn(eventStore, { cacheWeight: 0 });
  const clients = await Promise.all(HISTORIES.map((count) => clientWithHistory(eventStore, count)));
  const times = await interleaved(
    ROUNDS,
    Object.fromEntries(
      HISTORIES.map((count, index) => [
        String(count),
        // Nothing to do: so the history stays as long as it is. A change costs one append more.
        () => medianTime(COLD_COMMANDS, () => cold(clients[index]!, lastChangeOf(count))),
      ]),
    ),
  );
  printTable(
    ['a command to a client whose book is not cached, by events in the stream', 'ms, median (spread)'],
    HISTORIES.map((count) => [count.toLocaleString('en'), shown(times[String(count)]!, 1)]),
  );
}

/** The command that made a history's last event, which has no effect a second time. */
const lastChangeOf = (count: number) => change(count - 1);

/** Appends like those of commands, made beforehand; each lane has a stream of its own. */
async function bareAppends(eventStore: EventStoreDb): Promise<(lane: number) => Promise<unknown>> {
  const lanes = await Promise.all(
    Array.from({ length: AT_ONCE.lanes }, async () => {
      const client = newClient();
      return { stream: streamNameOf(client), revision: -1, events: await preparedAppend(client) };
    }),
  );
  return async (index) => {
    const lane = lanes[index]!;
    const { stream, revision } = lane;
    lane.revision += 1;
    const events = lane.events.map((event) => ({ ...event, id: crypto.randomUUID() }));
    await eventStore.append(stream, revision, events);
  };
}

/** Changes of clients whose books are cached; each lane has a client of its own. */
async function warmCommands(execute: Execute): Promise<(lane: number) => Promise<unknown>> {
  const lanes = Array.from({ length: AT_ONCE.lanes }, () => ({ client: newClient(), changes: 0 }));
  for (const { client } of lanes) for (const name of ['ann', 'bob']) await execute(client, add(name));
  return (index) => {
    const lane = lanes[index]!;
    lane.changes += 1;
    const contactId = lane.changes % 2 === 0 ? 'ann' : 'bob';
    return execute(lane.client, { type: 'SetPrimaryContact', contactId });
  };
}

async function medianTime(count: number, work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < count; index++) times.push(await timeOf(work));
  return summarise(times).median;
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

const given = process.env['EVENTSTORE_URL'];
const server = given === undefined ? await startEmbedded('event-store') : undefined;
const eventStore = new EventStoreDb({ url: given ?? server!.url, deadlineMs: 10_000 });
await measureCommands(eventStore);
await eventStore.close();
await server?.end();
process.exit(0);
