/** A rebuild or a cut-over in a process of its own, as the command line does it, armed with a deadly point. */
import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { EventStoreDb } from '../../src/event-log/eventstoredb.js';
import { cutOver } from '../../src/read-models/editions/change-edition.js';
import { EditionStore } from '../../src/read-models/editions/editions.js';
import { rebuild } from '../../src/read-models/editions/rebuild.js';
import { Leases } from '../../src/subscriptions/leases.js';
import { DeadlyPoints } from './deadly-points.js';
import type { EditionCommand } from './edition-command-process.js';
import { NEW, nextContacts, subscriberOf } from './replica-of-build.js';

const { eventStoreUrl, mongodbUrl, databaseName, command, death } = JSON.parse(
  process.env['EDITION_COMMAND']!,
) as EditionCommand;
const points = new DeadlyPoints(death);
const mongo = new MongoClient(mongodbUrl, { socketTimeoutMS: 5000 });
const database = mongo.db(databaseName);
const eventStore = new EventStoreDb({ url: eventStoreUrl, deadlineMs: 5000 });
const places = {
  database,
  editions: new EditionStore(points.aliases(database.collection('aliases'))),
  eventStore,
  checkpoints: database.collection<never>('checkpoints') as never,
  replicas: database.collection<never>('replicas') as never,
  leases: new Leases(database.collection('leases'), randomUUID(), { ttlMs: 1_000 }),
  limitMs: 20_000,
  answersEndMs: 100,
  rebuildEndsMs: 8_000,
};
const subscriber = subscriberOf(NEW, eventStore, database);
if (command === 'cut-over') await cutOver(places, 'contacts');
else
  await rebuild(places, nextContacts, {
    signal: new AbortController().signal,
    progress: () => {},
    waiting: () => {},
    subscriberFor: (name, handler) => subscriber(name, points.handler(handler)),
  });
process.exit();
