/** A service process that gets as far as its append, says so to its parent, and waits there to be killed. */
import { MongoClient } from 'mongodb';
import type { EventStore } from '../../src/event-log/event-store.js';
import { EncryptedCodec } from '../../src/event-log/encrypted-codec.js';
import { EventStoreDb } from '../../src/event-log/eventstoredb.js';
import { MasterKeyWrapping } from '../../src/event-log/personal-data/key-wrapping.js';
import { MongodbDataKeys } from '../../src/event-log/personal-data/mongodb-data-keys.js';
import { SHARED_KEYS } from '../fixtures/shared-log-codec.js';
import { commandHandler, type SentCommand } from './command-handler.js';

const eventStore: EventStore = new EventStoreDb({ url: process.env['EVENTSTORE_URL']!, deadlineMs: 15_000 });
eventStore.append = () => {
  process.send!('about to append');
  return new Promise(() => {});
};
const mongo = new MongoClient(process.env['MONGODB_URL']!);
const keys = new MongodbDataKeys(
  mongo.db(SHARED_KEYS.KEYS_MONGODB_DATABASE).collection('keys'),
  new MasterKeyWrapping(Buffer.from(SHARED_KEYS.MASTER_KEY, 'base64')),
);
const send = commandHandler(eventStore, { codec: new EncryptedCodec(keys) });

process.on('message', (sent: SentCommand) => void send(sent));
process.on('disconnect', () => process.exit());
process.send!('ready');
