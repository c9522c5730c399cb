import { Kafka, logLevel } from 'kafkajs';
import { type Db, MongoClient } from 'mongodb';
import type { ConsumerSettings } from './settings.js';

const MONGODB_TIMEOUT_MS = 5_000;
const KAFKA_TIMEOUT_MS = 10_000;

export interface Servers {
  readonly kafka: Kafka;
  readonly database: Db;
  readonly close: () => Promise<void>;
}

export function servers({ name, brokers, mongodbUrl }: ConsumerSettings): Servers {
  const mongo = new MongoClient(mongodbUrl, {
    // Without it a silent server would hang the caller.
    socketTimeoutMS: MONGODB_TIMEOUT_MS,
    connectTimeoutMS: MONGODB_TIMEOUT_MS,
    serverSelectionTimeoutMS: MONGODB_TIMEOUT_MS,
  });
  return { kafka: kafkaClient(name, brokers), database: mongo.db(name), close: () => mongo.close() };
}

/** What kafkajs logs as errors are retries that it masters; what it does not master is raised. */
export function kafkaClient(name: string, brokers: string[]): Kafka {
  return new Kafka({
    clientId: name,
    brokers,
    requestTimeout: KAFKA_TIMEOUT_MS,
    connectionTimeout: 3_000,
    logLevel: logLevel.NOTHING,
  });
}
