import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Collection, type Db, MongoClient } from 'mongodb';
import { appendsOf, byAppend, command } from '../../test/fixtures/random-histories.js';
import { recordedEvents } from '../../test/fixtures/recorded-events.js';
import { clientKey } from '../event-log/contact-book-stream.js';
import type { RecordedEvent } from '../event-log/stored-form.js';
import { checkpointAfter } from '../subscriptions/checkpoint.js';
import { Projection } from './projection.js';
import { project, type ReadModelDocument } from './read-model.js';
import { READ_MODELS } from './read-models.js';

const CLIENTS = ['one', 'two', 'three'].map((clientId) => ({ workspaceId: 'ws', clientId }));
const RUNS = 15;
/** The shares of the log at which a projector is started anew, each time from somewhere behind, and its batches' sizes. */
const deliveries = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 6 })), {
  minLength: 3,
  maxLength: 8,
});

describe.each(READ_MODELS)('two projectors of $name at once, on one database', (readModel) => {
  let mongo: MongoClient;
  let database: Db;
  beforeAll(() => {
    mongo = new MongoClient(process.env['MONGODB_URL']!, { socketTimeoutMS: 5000 });
    database = mongo.db(`two_projectors_${randomUUID().slice(0, 8)}`);
  });
  afterAll(async () => {
    await database.dropDatabase();
    await mongo.close();
  });

  /** Delivers as told, then all of it in batches of one append, as after a lost checkpoint. */
  async function deliver(
    appends: readonly RecordedEvent[][],
    told: readonly (readonly [number, number])[],
    projection: Projection,
  ): Promise<void> {
    let reached = 0;
    for (const [start, length] of [...told, ...appends.map((_, index) => [index, 1] as const)]) {
      const from = start % (reached + 1);
      const batch = appends.slice(from, from + length).flat();
      // What the checkpoint says does not matter here; that it does not go backwards is another test's business.
      if (batch.length > 0) await projection.handle(batch, checkpointAfter(appends.flat()));
      reached = Math.max(reached, Math.min(appends.length, from + length));
    }
  }

  // That server answers a read from the very document that a write is changing, field by field: readers see half of a
  // change, and a projector folds on from it. A test of the embedded server's shows it with the bare driver.
  const test = process.env['MONGODB_INDEPENDENT'] === 'mongo-java-server' ? it.skip : it;
  test(`leave what a fresh fold gives, and no reader sees the middle of an append: ${RUNS} random deliveries`, async () => {
    const log = fc.array(fc.tuple(fc.nat(CLIENTS.length - 1), command), { minLength: 30, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(log, deliveries, deliveries, async (commands, first, second) => {
        const appends = interleaved(commands);
        /** Every state that a reader may see, by client. */
        const states = new Map(CLIENTS.map((client) => [clientKey(client), statesOf(client, appends)]));
        const documents = database.collection<ReadModelDocument>(`documents_${randomUUID()}`);
        const projections = await Promise.all(
          [1, 2].map(async () => {
            const checkpoints = `checkpoints_${randomUUID()}`;
            const projection = new Projection(
              readModel,
              hesitating(database.collection(documents.collectionName)),
              database.collection(checkpoints),
            );
            await projection.position(1);
            return projection;
          }),
        );

        let isWriting = true;
        const reading = (async () => {
          const seen = new Map<string, number>();
          while (isWriting) {
            for (const document of await documents.find().toArray()) {
              expect(states.get(document._id)).toContainEqual(document);
              expect(document.revision).toBeGreaterThanOrEqual(seen.get(document._id) ?? 0);
              seen.set(document._id, document.revision);
            }
          }
        })();
        const writing = Promise.all([
          deliver(appends, first, projections[0]!),
          deliver(appends, second, projections[1]!),
        ]).finally(() => (isWriting = false));
        await Promise.all([writing, reading]);

        const stored = await documents.find().sort({ _id: 1 }).toArray();
        const whole = [...states.values()].flatMap((each) => each.slice(-1));
        expect(stored).toEqual(whole.toSorted((one, other) => (one._id < other._id ? -1 : 1)));
        await documents.drop();
      }),
      // Each delivery meets other moments: a smaller one would not fail more plainly.
      { numRuns: RUNS, endOnFailure: true },
    );
  });

  function statesOf(
    client: (typeof CLIENTS)[number],
    appends: readonly RecordedEvent[][],
  ): ReadModelDocument[] {
    const states: ReadModelDocument[] = [];
    for (const append of appends)
      if (append[0]!.client === client) states.push(project(readModel, client, states.at(-1), append)!);
    return states;
  }
});

/** Lets others come between what was read and what is written from it. */
function hesitating(documents: Collection<ReadModelDocument>): Collection<ReadModelDocument> {
  const write = documents.bulkWrite.bind(documents);
  documents.bulkWrite = async (...writes) => {
    await sleep(Math.random() * 4);
    return write(...writes);
  };
  return documents;
}

/** One log of the commands' appends to several clients, as they came. */
function interleaved(commands: readonly (readonly [number, Parameters<typeof appendsOf>[0][number]])[]) {
  const given = CLIENTS.map((): Parameters<typeof appendsOf>[0][number][] => []);
  const order = commands.flatMap(([index, asked]) => {
    const before = appendsOf(given[index]!).length;
    given[index]!.push(asked);
    return appendsOf(given[index]!).length > before ? [index] : [];
  });
  const histories = CLIENTS.map((client, index) =>
    byAppend(recordedEvents(client, appendsOf(given[index]!))),
  );
  return order.map((index) => histories[index]!.shift()!);
}
