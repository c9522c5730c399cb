/** Publishes the whole log, in a process of its own: what it takes of memory is the publisher's. */
import { Kafka, logLevel } from 'kafkajs';
import { MongoClient } from 'mongodb';
import { EventStoreDb } from '../../src/event-log/eventstoredb.js';
import { newTopics, publishAll } from './service-publisher.js';

const [, , eventStoreUrl = '', mongodbUrl = '', broker = '', count = ''] = process.argv;
const eventStore = new EventStoreDb({ url: eventStoreUrl, deadlineMs: 30_000 });
const database = new MongoClient(mongodbUrl).db(newTopics().prefix);
const kafka = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING });
const took = await publishAll(eventStore, database, kafka, newTopics(), Number(count));
const eventsPerSecond = (Number(count) * 1000) / took;
const peakMib = process.resourceUsage().maxRSS / 1024;
process.stdout.write(`${JSON.stringify({ eventsPerSecond, peakMib })}\n`);
process.exit(0);
