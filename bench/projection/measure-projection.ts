import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Db, MongoClient } from 'mongodb';
import { clientKey, STREAM_PREFIX, streamNameOf } from '../../src/event-log/contact-book-stream.js';
import type { EventStore } from '../../src/event-log/event-store.js';
import { EventStoreDb } from '../../src/event-log/eventstoredb.js';
import { contacts } from '../../src/read-models/contacts/contacts.js';
import type { ReadModelDocument } from '../../src/read-models/read-model.js';
import { caughtUp } from '../child-process.js';
import {
  clientWithHistory,
  EVENTS_A_CLIENT,
  fillLog,
  newClient,
  preparedAppend,
} from '../commands/service.js';
import { percentile, printRates, printTable, timeOf } from '../measure.js';
import { type Server, startEmbedded } from '../servers.js';
import { serviceSubscriber } from '../service-subscriber.js';
import { projectBare } from './bare-projector.js';
import { projectAll, serviceProjection } from './service-projector.js';

const ROUNDS = 5;
const EVENTS = 10_000;
/** A long campaign adds a million. */
const REBUILDS = [10_000, ...(process.env['REBUILD_EVENTS'] ?? '100000').split(',').map(Number)];
const APPENDS = 300;
/** How long the log’s events may take until the last of them is visible. */
const VISIBLE_MS = 120_000;

/** What the way from the log to a read model costs, in the unit of a bare program's and of bare writes. */
export async function measureProjection(): Promise<void> {
  const [log, mongodb] = [await startEmbedded('event-store'), await startEmbedded('mongodb')];
  const eventStore = new EventStoreDb({ url: log.url, deadlineMs: 30_000 });
  const mongo = new MongoClient(mongodb.url);
  const newDatabase = () => mongo.db(`bench_${randomUUID().slice(0, 8)}`);
  await fillLog(eventStore, EVENTS);
  await measureThroughput(log, eventStore, newDatabase);
  await measureRebuilds(log, mongodb, eventStore);
  await measureVisibility(eventStore, newDatabase());
  await Promise.all([eventStore.close(), mongo.close()]);
  await Promise.all([log.end(), mongodb.end()]);
}

async function measureThroughput(log: Server, eventStore: EventStore, newDatabase: () => Db): Promise<void> {
  const title = `projected events/s, ${EVENTS.toLocaleString('en')} events, ${EVENTS_A_CLIENT} a client`;
  await printRates(title, ROUNDS, EVENTS, {
    bare: () => timeOf(() => projectBare(log.url, newDatabase(), STREAM_PREFIX, EVENTS)),
    service: () => timeOf(() => projectAll(eventStore, newDatabase(), contacts, EVENTS)),
  });
}

async function measureRebuilds(log: Server, mongodb: Server, eventStore: EventStore): Promise<void> {
  const rows: string[][] = [];
  let there = EVENTS;
  for (const events of REBUILDS) {
    await fillLog(eventStore, events - there);
    there = events;
    const parameters = [log.url, mongodb.url, `rebuild_${events}`];
    rows.push(await caughtUp('dist/bench/projection/rebuild-process.js', parameters, events));
  }
  printTable(['a rebuild from the log’s start, events', 'events/s', 'peak memory, MiB'], rows);
}

/** One append at a time, by turns with what it is measured in. */
async function measureVisibility(eventStore: EventStore, database: Db): Promise<void> {
  const documents = database.collection<ReadModelDocument>('documents');
  const bareDocuments = database.collection<{ _id: string; payload: object }>('bare');
  const contactsAdded = 2;
  const client = await clientWithHistory(eventStore, contactsAdded);
  const stream = streamNameOf(client);
  const events = await preparedAppend(client);
  const end = await eventStore.append(stream, contactsAdded - 1, events);
  const subscriber = serviceSubscriber(eventStore, database, serviceProjection(database, contacts));
  subscriber.start();
  const until = performance.now() + VISIBLE_MS;
  while ((await documents.findOne({ _id: clientKey(client) }))?.revision !== end) {
    if (performance.now() > until) throw new Error('the first append did not become visible');
    await sleep(50);
  }
  const payload = (await documents.findOne({ _id: clientKey(client) }))!;
  const bareStream = streamNameOf(newClient()).replace(STREAM_PREFIX, 'bare-');
  const times = { append: [] as number[], write: [] as number[], visible: [] as number[] };
  for (let index = 0; index < APPENDS; index++) {
    const fresh = () => events.map((event) => ({ ...event, id: randomUUID() }));
    times.append.push(await timeOf(() => eventStore.append(bareStream, index - 1, fresh())));
    times.write.push(
      await timeOf(() =>
        bareDocuments.replaceOne(
          { _id: 'one' },
          { payload },
          {
            upsert: true,
            writeConcern: { w: 'majority', journal: true },
          },
        ),
      ),
    );
    times.visible.push(
      await timeOf(async () => {
        const revision = await eventStore.append(stream, end + index, fresh());
        while ((await documents.findOne({ _id: clientKey(client) }))!.revision < revision);
      }),
    );
  }
  await subscriber.stop();
  const at = (side: keyof typeof times, percent: number) =>
    percentile(
      times[side].toSorted((a, b) => a - b),
      percent,
    );
  const shownAt = (side: keyof typeof times) => `${at(side, 50).toFixed(2)} · ${at(side, 99).toFixed(2)}`;
  printTable(
    ['one append at a time, ms', 'p50 · p99'],
    [
      ['bare append', shownAt('append')],
      ['bare write of the document', shownAt('write')],
      ['append → visible to a reader', shownAt('visible')],
      [
        'visible ÷ (append + write), p50',
        (at('visible', 50) / (at('append', 50) + at('write', 50))).toFixed(2),
      ],
    ],
  );
}
