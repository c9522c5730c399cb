import { Kafka, logLevel } from 'kafkajs';
import { type Db, MongoClient } from 'mongodb';

const MONGODB_TIMEOUT_MS = 5_000;
const KAFKA_TIMEOUT_MS = 10_000;

export interface Servers {
  readonly kafka: Kafka;
  readonly database: Db;
  close(): Promise<void>;
}

/**
 * The servers that the environment names, else those of `npm start`. KAFKA_BROKERS is host:port, or several parted by
 * commas; MONGODB_URL leads to where the database of this name is kept.
 */
export function servers(name: string, environment: NodeJS.ProcessEnv): Servers {
  const { KAFKA_BROKERS, MONGODB_URL } = environment;
  const mongo = new MongoClient(MONGODB_URL || 'mongodb://127.0.0.1:27017/?replicaSet=embedded', {
    // Without it a silent server would hang the caller.
    socketTimeoutMS: MONGODB_TIMEOUT_MS,
    connectTimeoutMS: MONGODB_TIMEOUT_MS,
    serverSelectionTimeoutMS: MONGODB_TIMEOUT_MS,
  });
  return {
    kafka: kafkaClient(name, (KAFKA_BROKERS || '127.0.0.1:9092').split(',')),
    database: mongo.db(name),
    close: () => mongo.close(),
  };
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
