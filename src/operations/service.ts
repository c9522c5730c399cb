import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Kafka } from 'kafkajs';
import { type Db, MongoClient } from 'mongodb';
import type { Logger } from 'pino';
import { COMMAND_DEFAULTS } from '../commands/command-settings.js';
import { EncryptedCodec } from '../event-log/encrypted-codec.js';
import { EventStoreDb } from '../event-log/eventstoredb.js';
import { CachedDataKeys } from '../event-log/personal-data/cached-data-keys.js';
import { MasterKeyWrapping } from '../event-log/personal-data/key-wrapping.js';
import { MongodbDataKeys } from '../event-log/personal-data/mongodb-data-keys.js';
import { createHttpServer } from '../http/http-server.js';
import { importPublicKey } from '../http/who-may.js';
import { Publication } from '../publishing/publication.js';
import { billingRouting } from '../read-models/billing-routing/billing-routing.js';
import { BillingRoutingReader } from '../read-models/billing-routing/get-billing-route.js';
import { contacts } from '../read-models/contacts/contacts.js';
import { ContactsReader } from '../read-models/contacts/get-contact-book.js';
import { Projection } from '../read-models/projection.js';
import { collectionName, type ReadModel, type ReadModelDocument } from '../read-models/read-model.js';
import { CheckpointStore } from '../subscriptions/checkpoint-store.js';
import { type BatchHandler, Subscriber, type SubscriberSettings } from '../subscriptions/subscriber.js';
import { type Configuration, ConfigurationError } from './configuration.js';
import { kafkaLogCreator } from './log.js';
import { requireEventStore, requireKafka, requireMongodb } from './reachability.js';
import { ServiceModule } from './service.module.js';

const EVENT_STORE_DEADLINE_MS = 5_000;
const MONGODB_TIMEOUT_MS = 5_000;
/** How long requests in hand may take once the service is told to stop. */
const REQUESTS_END_LIMIT_MS = 5_000;
const SUBSCRIBER: SubscriberSettings = {
  batchSize: 200,
  readAhead: 1000,
  retryDelayMs: 100,
  maxRetryDelayMs: 5_000,
};
const READS = { waitMs: 1_000, pollMs: 5 };

export interface RunningService {
  /** Where the API listens. */
  readonly url: string;
  /** Ends requests and subscribers, then connections; what is in hand is finished first, within limits. */
  stop(): Promise<void>;
}

/**
 * Starts the roles that the configuration names and waits until the API listens. Raises ServerUnreachable, and
 * the system's error for a port in use.
 */
export async function startService(configuration: Configuration, log: Logger): Promise<RunningService> {
  const { ROLES: roles } = configuration;
  const tokenSettings = {
    key: await importPublicKey(configuration.AUTH_PUBLIC_KEY),
    issuer: configuration.AUTH_ISSUER,
    audience: configuration.AUTH_AUDIENCE,
  };
  const eventStore = connected('EVENTSTORE_URL', () => {
    return new EventStoreDb({ url: configuration.EVENTSTORE_URL, deadlineMs: EVENT_STORE_DEADLINE_MS });
  });
  const mongo = connected('MONGODB_URL', () => mongoClient(configuration.MONGODB_URL));
  const keysMongo = connected('KEYS_MONGODB_URL', () => mongoClient(configuration.KEYS_MONGODB_URL));
  const database = mongo.db(configuration.MONGODB_DATABASE);
  const keys = new MongodbDataKeys(
    keysMongo.db(configuration.KEYS_MONGODB_DATABASE).collection('keys'),
    new MasterKeyWrapping(configuration.MASTER_KEY),
  );
  const codec = new EncryptedCodec(
    new CachedDataKeys(keys, {
      maxKeys: configuration.KEY_CACHE_SIZE,
      lifeMs: configuration.KEY_CACHE_LIFE_MS,
    }),
  );
  // A subscriber has not read to the log's end: only the key store tells it who has been erased since.
  const subscribersCodec = new EncryptedCodec(keys);
  const kafka = new Kafka({
    clientId: 'client-contacts',
    brokers: configuration.KAFKA_BROKERS,
    logCreator: kafkaLogCreator(log),
  });
  await Promise.all([
    requireEventStore(eventStore, configuration.EVENTSTORE_URL),
    requireMongodb(mongo, 'MONGODB_URL', configuration.MONGODB_URL),
    requireMongodb(keysMongo, 'KEYS_MONGODB_URL', configuration.KEYS_MONGODB_URL),
    roles.includes('publisher') && requireKafka(kafka, configuration.KAFKA_BROKERS),
  ]);
  const subscribers: Subscriber[] = [];
  const publications: Publication[] = [];

  const subscribe = (name: string, handler: BatchHandler) =>
    subscribers.push(new Subscriber(name, eventStore, subscribersCodec, handler, SUBSCRIBER, log));

  if (roles.includes('projector')) {
    const checkpoints = new CheckpointStore(database.collection('checkpoints'));
    for (const readModel of [contacts, billingRouting]) {
      const projection = new Projection(readModel, documentsOf(database, readModel), checkpoints);
      subscribe(projection.subscriber, projection);
    }
  }
  if (roles.includes('publisher')) {
    const publication = new Publication('live', kafka, {
      prefix: configuration.TOPIC_PREFIX,
      partitions: configuration.TOPIC_PARTITIONS,
      replicationFactor: configuration.TOPIC_REPLICATION_FACTOR,
      eventsRetentionMs: configuration.EVENTS_RETENTION_MS,
    });
    publications.push(publication);
    subscribe('publisher', publication);
  }

  const module = roles.includes('api')
    ? ServiceModule.withApi({
        eventStore,
        codec,
        contactsReader: new ContactsReader(
          contacts,
          documentsOf(database, contacts),
          eventStore,
          codec,
          READS,
        ),
        billingRoutingReader: new BillingRoutingReader(
          billingRouting,
          documentsOf(database, billingRouting),
          eventStore,
          codec,
          READS,
        ),
        commandSettings: {
          ...COMMAND_DEFAULTS,
          maxContacts: configuration.MAX_CONTACTS,
          portalAccessByAdminsOnly: configuration.PORTAL_ACCESS_BY_ADMINS_ONLY,
        },
      })
    : ServiceModule.withHealthOnly();
  const http = await createHttpServer(module, tokenSettings, log);
  await listen(http, configuration);
  for (const subscriber of subscribers) subscriber.start();
  const url = await http.getUrl();
  log.info({ url, roles }, 'started');

  return {
    url,
    async stop() {
      const late = setTimeout(() => http.getHttpServer().closeAllConnections(), REQUESTS_END_LIMIT_MS);
      await Promise.all([http.close(), ...subscribers.map((subscriber) => subscriber.stop())]);
      clearTimeout(late);
      await Promise.all(publications.map((publication) => publication.close()));
      await Promise.all([eventStore.close(), mongo.close(), keysMongo.close()]);
      log.info('stopped');
    },
  };
}

/** Raises ConfigurationError where the client can't make anything of the address. */
function connected<T>(variable: string, connect: () => T): T {
  try {
    return connect();
  } catch {
    throw new ConfigurationError(`${variable}: is no address that its client understands`);
  }
}

async function listen(http: NestFastifyApplication, configuration: Configuration): Promise<void> {
  const { HTTP_HOST: host, HTTP_PORT: port } = configuration;
  try {
    await http.listen(port, host);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') throw error;
    throw new ConfigurationError(`HTTP_HOST, HTTP_PORT: can't listen on ${host}:${port} (${code})`);
  }
}

function mongoClient(url: string): MongoClient {
  return new MongoClient(url, {
    // Without it a silent server would hang the caller.
    socketTimeoutMS: MONGODB_TIMEOUT_MS,
    connectTimeoutMS: MONGODB_TIMEOUT_MS,
    serverSelectionTimeoutMS: MONGODB_TIMEOUT_MS,
  });
}

function documentsOf(database: Db, readModel: ReadModel<object>) {
  return database.collection<ReadModelDocument>(collectionName(readModel));
}
