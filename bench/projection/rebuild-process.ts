/** Rebuilds a read model from the whole log, in a process of its own: what it takes of memory is the rebuild's. */
import { performance } from 'node:perf_hooks';
import { MongoClient } from 'mongodb';
import { EventStoreDb } from '../../src/event-log/eventstoredb.js';
import { contacts } from '../../src/read-models/contacts/contacts.js';
import { projectAll } from './service-projector.js';

const [, , eventStoreUrl = '', mongodbUrl = '', database = '', count = ''] = process.argv;
const eventStore = new EventStoreDb({ url: eventStoreUrl, deadlineMs: 30_000 });
const mongo = new MongoClient(mongodbUrl);
const settings = { batchSize: 1_000, readAhead: 4_000 };
const start = performance.now();
await projectAll(eventStore, mongo.db(database), contacts, Number(count), settings);
const eventsPerSecond = (Number(count) * 1000) / (performance.now() - start);
const peakMib = process.resourceUsage().maxRSS / 1024;
process.stdout.write(`${JSON.stringify({ eventsPerSecond, peakMib })}\n`);
process.exit(0);
