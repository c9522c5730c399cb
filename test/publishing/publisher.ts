/** The publisher's role in a process of its own, which a test may kill, freeze, and arm with a deadly point. */
import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { pino } from 'pino';
import { EventStoreDb } from '../../src/event-log/eventstoredb.js';
import { KnownBooks } from '../../src/publishing/known-books.js';
import { Publication } from '../../src/publishing/publication.js';
import type { BatchHandler } from '../../src/subscriptions/batch-handler.js';
import { StoredCheckpoint } from '../../src/subscriptions/checkpoint-store.js';
import { Leases } from '../../src/subscriptions/leases.js';
import { parkingIn } from '../../src/subscriptions/parking.js';
import { Subscriber } from '../../src/subscriptions/subscriber.js';
import { Deadly } from '../fixtures/fates.js';
import { codec } from '../fixtures/recorded-events.js';
import { DeadlyKafka } from './deadly-kafka.js';
import type { PublisherSettings } from './publisher-process.js';

const settings = JSON.parse(process.env['PUBLISHER']!) as PublisherSettings;
const points = new Deadly(settings.death);
const mongo = new MongoClient(settings.mongodbUrl, {
  socketTimeoutMS: 2000,
  connectTimeoutMS: 1000,
  serverSelectionTimeoutMS: 1000,
});
const database = mongo.db(settings.database);
const eventStore = new EventStoreDb({ url: settings.eventStoreUrl, deadlineMs: 2000 });
const kafka = new DeadlyKafka(settings.kafkaAddress, points, settings.manner);
const publication = new Publication('live', kafka, new KnownBooks(eventStore, codec), {
  topics: settings.topics,
  deadlineMs: 3000,
  heartbeatIntervalMs: 500,
});
const outside = new StoredCheckpoint(database.collection('positions outside'), 'publisher');

/** The same publication, with the deadly points around each batch. */
const handler: BatchHandler = {
  heartbeat: publication.heartbeat,
  async position(token) {
    const position = await publication.position();
    return settings.manner === 'position outside' ? outside.takeOver(token) : position;
  },
  async handle(batch, checkpoint) {
    if (batch.length > 0) await points.pass('batch read');
    await publication.handle(batch, checkpoint);
    if (batch.length > 0) await points.pass('committed');
    if (settings.manner === 'position outside') await outside.store(checkpoint);
  },
};

const subscriber = new Subscriber({
  name: settings.lease,
  eventStore,
  codec,
  handler,
  leases: new Leases(database.collection('leases'), randomUUID(), { ttlMs: settings.ttlMs }),
  parking: parkingIn(database, settings.lease),
  build: 'spec',
  log: pino({ base: null }, { write: (line: string) => void process.send?.(JSON.parse(line)) }),
  settings: {
    batchSize: 20,
    readAhead: 200,
    retryDelayMs: 20,
    maxRetryDelayMs: 300,
    watchMs: 200,
    stallMs: 1000,
  },
});
subscriber.start();
process.on('SIGTERM', () => {
  void subscriber
    .stop()
    .then(() => publication.close())
    .then(() => process.exit());
});
process.on('disconnect', () => process.exit());
