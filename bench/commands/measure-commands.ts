import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { streamNameOf } from '../../src/event-log/contact-book-stream.js';
import { EncryptedCodec } from '../../src/event-log/encrypted-codec.js';
import type { EventStore } from '../../src/event-log/event-store.js';
import { EventStoreDb } from '../../src/event-log/eventstoredb.js';
import { MASTER_KEY_BYTES, MasterKeyWrapping } from '../../src/event-log/personal-data/key-wrapping.js';
import { MongodbDataKeys } from '../../src/event-log/personal-data/mongodb-data-keys.js';
import { interleaved, printTable, shown, summarise, timeOf, withInFlight } from '../measure.js';
import type { EventCodec } from '../../src/event-log/stored-form.js';
import { startEmbedded } from '../servers.js';
import { bytesOf, clearTextCodec, clearTextOfSize } from './clear-text-codec.js';
import {
  add,
  change,
  changeOfTitle,
  clientWithHistory,
  commandsOn,
  encrypted,
  type Execute,
  newClient,
  preparedAppend,
  SNAPSHOT_INTERVAL,
} from './service.js';

const ROUNDS = 5;
/** Of each kind and round. */
const ONE_BY_ONE = 100;
const AT_ONCE = { lanes: 32, each: 4 };
/** Of either side, in turn, of one round. */
const BURSTS = 8;
const HISTORIES = [10, 1_000, 10_000];
const COLD_COMMANDS = 5;

type Work = (lane: number) => Promise<unknown>;

/**
 * What a command costs, in the unit of what an append costs that is made beforehand, through the same connection to
 * the same server: the one that EVENTSTORE_URL names, or an embedded one; keys at MONGODB_URL's, or an embedded one.
 */
export async function measureCommands(): Promise<void> {
  const given = process.env['EVENTSTORE_URL'];
  const server = given === undefined ? await startEmbedded('event-store') : undefined;
  const eventStore = new EventStoreDb({ url: given ?? server!.url, deadlineMs: 10_000 });
  await measureWarm(eventStore);
  await measureCold(eventStore);
  await measureEncryption(eventStore);
  await eventStore.close();
  await server?.end();
}

async function measureWarm(eventStore: EventStore): Promise<void> {
  const bare = await bareAppends(eventStore);
  const warm = await warmCommands(commandsOn(eventStore), (index) => ({
    type: 'SetPrimaryContact',
    contactId: index % 2 === 0 ? 'ann' : 'bob',
  }));
  const oneByOne = await interleaved(ROUNDS, {
    bare: () => medianTime(ONE_BY_ONE, () => bare(0)),
    warm: () => medianTime(ONE_BY_ONE, () => warm(0)),
  });
  const ratio = await interleaved(ROUNDS, {
    latency: () => latencyRatio(warm, bare),
    throughput: () => rateRatio(bare, warm),
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
}

/** A command that has nothing to do: so the history stays as long as it is. A change costs one append more. */
async function measureCold(eventStore: EventStore): Promise<void> {
  const cold = commandsOn(eventStore, { cacheWeight: 0, snapshotInterval: 0 });
  const rows: string[][] = [];
  const clients = new Map(
    await Promise.all(
      HISTORIES.map(async (count) => [count, await clientWithHistory(eventStore, count)] as const),
    ),
  );
  const sides = Object.fromEntries(
    HISTORIES.map((count) => [
      String(count),
      () => medianTime(COLD_COMMANDS, () => cold(clients.get(count)!, change(count - 1))),
    ]),
  );
  const times = await interleaved(ROUNDS, sides);
  for (const count of HISTORIES) rows.push([count.toLocaleString('en'), shown(times[String(count)]!, 1)]);
  printTable(
    [
      `a command to a client whose book is not cached, by events in the stream (${SNAPSHOT_INTERVAL - 1} behind a snapshot)`,
      'ms, median (spread)',
    ],
    rows,
  );
}

/** What encryption costs: how many commands a second there are with it, for each one without it. */
async function measureEncryption(eventStore: EventStore): Promise<void> {
  const given = process.env['MONGODB_URL'];
  const server = given === undefined ? await startEmbedded('mongodb') : undefined;
  const mongo = new MongoClient(given ?? server!.url);
  const keys = new MongodbDataKeys(
    mongo.db('bench_keys').collection('keys'),
    new MasterKeyWrapping(Buffer.alloc(MASTER_KEY_BYTES, 1)),
  );
  const changes = (codec: EventCodec) =>
    warmCommands(commandsOn(eventStore, { codec }), (index) => ({
      type: 'ChangeContactDetails',
      contactId: 'ann',
      title: `Title ${index}`,
    }));
  const adds = (codec: EventCodec): Work => {
    const execute = commandsOn(eventStore, { codec });
    return () => execute(newClient(), add('ann'));
  };
  const bytes = await Promise.all([encrypted, clearTextCodec].map(bytesOfChange));
  const sameSize = clearTextOfSize(bytes[0]!);
  const [on, off, filled] = await Promise.all([encrypted, clearTextCodec, sameSize].map(changes));
  const [addOn, addOff] = [adds(new EncryptedCodec(keys)), adds(clearTextCodec)];
  const ratios = await interleaved(ROUNDS, {
    changes: () => latencyRatio(off!, on!),
    changesAtOnce: () => rateRatio(on!, off!),
    filled: () => latencyRatio(off!, filled!),
    filledAtOnce: () => rateRatio(filled!, off!),
    adds: () => latencyRatio(addOff, addOn),
    addsAtOnce: () => rateRatio(addOn, addOff),
  });
  const busy = await interleaved(ROUNDS, { on: () => processorTime(on!), off: () => processorTime(off!) });
  printTable(
    ['encryption on ÷ off', 'one at a time', `${AT_ONCE.lanes} at once`],
    [
      ['changes of details, key in memory', shown(ratios.changes, 2), shown(ratios.changesAtOnce, 2)],
      [
        `clear text of ${bytes[0]} bytes in place of ${bytes[1]}: the size alone`,
        shown(ratios.filled, 2),
        shown(ratios.filledAtOnce, 2),
      ],
      ['adds to a new client, key stored first', shown(ratios.adds, 2), shown(ratios.addsAtOnce, 2)],
    ],
  );
  printTable(
    [`processor time of this process for a change, ${AT_ONCE.lanes} at once`, 'µs, median (spread)'],
    [
      ['encryption on', shown(busy.on)],
      ['off', shown(busy.off)],
    ],
  );
  await mongo.close();
  await server?.end();
}

/** What the event store gets for a change of a title. */
async function bytesOfChange(codec: EventCodec): Promise<number> {
  const [stored] = await codec.toStoredForm(changeOfTitle(newClient()), randomUUID);
  return bytesOf(stored!);
}

/** Appends like those of commands, made beforehand; each lane has a stream of its own. */
async function bareAppends(eventStore: EventStore): Promise<Work> {
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

/** Commands to clients whose books are cached; each lane has a client of its own. */
async function warmCommands(
  execute: Execute,
  command: (index: number) => Parameters<Execute>[1],
): Promise<Work> {
  const lanes = Array.from({ length: AT_ONCE.lanes }, () => ({ client: newClient(), count: 0 }));
  for (const { client } of lanes) for (const name of ['ann', 'bob']) await execute(client, add(name));
  return (index) => {
    const lane = lanes[index]!;
    return execute(lane.client, command(++lane.count));
  };
}

/** How long the one takes, in units of what the other takes; they are done in turn. */
async function latencyRatio(one: Work, other: Work): Promise<number> {
  const [times, otherTimes]: [number[], number[]] = [[], []];
  for (let index = 0; index < ONE_BY_ONE; index++) {
    otherTimes.push(await timeOf(() => other(0)));
    times.push(await timeOf(() => one(0)));
  }
  return summarise(times).median / summarise(otherTimes).median;
}

/** The rate of the one in units of the other's; they are done in turn, in short bursts. */
async function rateRatio(one: Work, other: Work): Promise<number> {
  const [times, otherTimes]: [number[], number[]] = [[], []];
  for (let index = 0; index < BURSTS; index++) {
    otherTimes.push(await timeOf(() => burst(other)));
    times.push(await timeOf(() => burst(one)));
  }
  return summarise(otherTimes).median / summarise(times).median;
}

/** Microseconds of this process's processor time that one piece of the work takes, many being done at once. */
async function processorTime(work: Work): Promise<number> {
  const before = process.cpuUsage();
  for (let index = 0; index < BURSTS; index++) await burst(work);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / (BURSTS * AT_ONCE.lanes * AT_ONCE.each);
}

/** So many of each lane, the lanes at once. */
function burst(work: Work): Promise<void> {
  return withInFlight(AT_ONCE.lanes, AT_ONCE.lanes, async (lane) => {
    for (let index = 0; index < AT_ONCE.each; index++) await work(lane);
  });
}

async function medianTime(count: number, work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < count; index++) times.push(await timeOf(work));
  return summarise(times).median;
}
