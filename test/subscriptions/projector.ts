/** The projector's role in a process of its own, which a test may kill, stop, and arm with a deadly point. */
import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { pino } from 'pino';
import { EventStoreDb } from '../../src/event-log/eventstoredb.js';
import { EditionKeeper } from '../../src/read-models/editions/edition-keeper.js';
import { EditionStore } from '../../src/read-models/editions/editions.js';
import { Projection } from '../../src/read-models/projection.js';
import { READ_MODELS } from '../../src/read-models/read-models.js';
import type { BatchHandler } from '../../src/subscriptions/batch-handler.js';
import { Leases } from '../../src/subscriptions/leases.js';
import { parkingIn } from '../../src/subscriptions/parking.js';
import { Subscriber } from '../../src/subscriptions/subscriber.js';
import { codec } from '../fixtures/recorded-events.js';
import { CheckpointFirst, EarlyCheckpoint } from './broken-handlers.js';
import { DeadlyPoints } from './deadly-points.js';
import type { ProjectorSettings } from './projector-process.js';

const settings = JSON.parse(process.env['PROJECTOR']!) as ProjectorSettings;
const { eventStoreUrl, mongodbUrl, ttlMs, manner, death, wallClockShiftMs } = settings;
if (wallClockShiftMs) {
  const now = Date.now.bind(Date);
  Date.now = () => now() + wallClockShiftMs;
}
const points = new DeadlyPoints(death);
const mongo = new MongoClient(mongodbUrl, {
  socketTimeoutMS: 2000,
  connectTimeoutMS: 1000,
  serverSelectionTimeoutMS: 1000,
});
const database = mongo.db(settings.database);
const eventStore = new EventStoreDb({ url: eventStoreUrl, deadlineMs: 2000 });
const log = pino({ base: null }, { write: (line) => void process.send?.(JSON.parse(line)) });
const readModels = READ_MODELS.filter(({ name }) => settings.readModels?.includes(name) ?? true);

const keeper = new EditionKeeper({
  readModels,
  editions: new EditionStore(database.collection('aliases')),
  eventStore,
  checkpoints: database.collection('checkpoints'),
  subscriberFor(readModel, name) {
    const documents = points.documents(database.collection(name));
    const checkpoints = database.collection(
      manner === 'as it is' ? 'checkpoints' : 'checkpoints that nobody asks for',
    );
    return new Subscriber({
      name,
      eventStore,
      codec,
      handler: points.handler(inItsManner(new Projection(readModel, documents, checkpoints as never))),
      leases: new Leases(points.leases(database.collection('leases')), randomUUID(), { ttlMs }),
      parking: parkingIn(database, name),
      build: 'spec',
      log,
      settings: {
        batchSize: settings.batchSize ?? 20,
        readAhead: 200,
        retryDelayMs: 20,
        maxRetryDelayMs: 300,
        watchMs: 200,
        stallMs: 1000,
      },
    });
  },
  log,
});

function inItsManner(projection: Projection): BatchHandler {
  const checkpoints = database.collection('checkpoints') as never;
  if (manner === 'checkpoint first') return new CheckpointFirst(projection, checkpoints, points);
  if (manner === 'early checkpoint') return new EarlyCheckpoint(projection, checkpoints);
  return projection;
}

keeper.start();
process.on('SIGTERM', () => {
  void keeper.stop().then(() => process.exit());
});
process.on('disconnect', () => process.exit());
