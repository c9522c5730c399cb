import { Kafka } from 'kafkajs';
import { type Db, MongoClient } from 'mongodb';
import type { Logger } from 'pino';
import type { EventStore } from '../event-log/event-store.js';
import { EventStoreDb } from '../event-log/eventstoredb.js';
import { WrongMasterKey } from '../event-log/personal-data/data-keys.js';
import { MasterKeyWrapping } from '../event-log/personal-data/key-wrapping.js';
import { MongodbDataKeys } from '../event-log/personal-data/mongodb-data-keys.js';
import { type Configuration, ConfigurationError } from './configuration.js';
import { kafkaLogCreator } from './log.js';
import { requireEventStore, requireKafka, requireMongodb } from './reachability.js';

const EVENT_STORE_DEADLINE_MS = 5_000;
const MONGODB_TIMEOUT_MS = 5_000;

/** The servers that this process works with, and what it keeps in each. */
export interface Connections {
  readonly eventStore: EventStore;
  /** The read models', and whatever the subscribers keep beside them. */
  readonly database: Db;
  readonly keys: MongodbDataKeys;
  /** Where the keys are, and beside them how far the erasures of the log were carried out. */
  readonly keysDatabase: Db;
  readonly kafka: Kafka;
  close(): Promise<void>;
}

/**
 * Connects to the servers that the configuration names, and waits until each that the roles need has answered.
 * Raises ConfigurationError and ServerUnreachable.
 */
export async function connect(configuration: Configuration, log: Logger): Promise<Connections> {
  const eventStore = connected('EVENTSTORE_URL', () => {
    return new EventStoreDb({ url: configuration.EVENTSTORE_URL, deadlineMs: EVENT_STORE_DEADLINE_MS });
  });
  const mongo = connected('MONGODB_URL', () => mongoClient(configuration.MONGODB_URL));
  const keysMongo = connected('KEYS_MONGODB_URL', () => mongoClient(configuration.KEYS_MONGODB_URL));
  const kafka = kafkaClient(configuration, log);
  const keysDatabase = keysMongo.db(configuration.KEYS_MONGODB_DATABASE);
  const keys = new MongodbDataKeys(
    keysDatabase.collection('keys'),
    new MasterKeyWrapping(configuration.MASTER_KEY),
  );
  const close = async () => {
    await Promise.all([eventStore.close(), mongo.close(), keysMongo.close()]);
  };
  try {
    await Promise.all([
      requireEventStore(eventStore, configuration.EVENTSTORE_URL),
      requireMongodb(mongo, 'MONGODB_URL', configuration.MONGODB_URL),
      requireMongodb(keysMongo, 'KEYS_MONGODB_URL', configuration.KEYS_MONGODB_URL),
      configuration.ROLES.includes('publisher') && requireKafka(kafka, configuration.KAFKA_BROKERS),
    ]);
    await requireMasterKey(keys, configuration);
  } catch (error) {
    await close();
    throw error;
  }
  return { eventStore, database: mongo.db(configuration.MONGODB_DATABASE), keys, keysDatabase, kafka, close };
}

/** Raises ConfigurationError where the keys are of another master key: no personal data could be read. */
async function requireMasterKey(
  keys: MongodbDataKeys,
  { KEYS_MONGODB_DATABASE: database }: Configuration,
): Promise<void> {
  await keys.requireMasterKey().catch((error: unknown) => {
    if (!(error instanceof WrongMasterKey)) throw error;
    throw new ConfigurationError(
      `MASTER_KEY: is not the key that those in ${database} are wrapped by: set that one, or the database that belongs to this one (KEYS_MONGODB_URL, KEYS_MONGODB_DATABASE)`,
    );
  });
}

/** Connects to nothing yet. */
export function kafkaClient({ KAFKA_BROKERS: brokers }: Configuration, log: Logger): Kafka {
  return new Kafka({ clientId: 'client-contacts', brokers, logCreator: kafkaLogCreator(log) });
}

/** Raises ConfigurationError where the client can't make anything of the address. */
function connected<T>(variable: string, connectTo: () => T): T {
  try {
    return connectTo();
  } catch {
    throw new ConfigurationError(`${variable}: is no address that its client understands`);
  }
}

function mongoClient(url: string): MongoClient {
  return new MongoClient(url, {
    // Whatever the address says: a checkpoint or a document of a secondary may be an old one.
    readPreference: 'primary',
    // Without it a silent server would hang the caller.
    socketTimeoutMS: MONGODB_TIMEOUT_MS,
    connectTimeoutMS: MONGODB_TIMEOUT_MS,
    serverSelectionTimeoutMS: MONGODB_TIMEOUT_MS,
  });
}
