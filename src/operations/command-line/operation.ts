import type { Admin } from 'kafkajs';
import type { Logger } from 'pino';
import { EncryptedCodec } from '../../event-log/encrypted-codec.js';
import type { EventCodec } from '../../event-log/stored-form.js';
import type { EditionPlaces } from '../../read-models/editions/change-edition.js';
import { EditionStore } from '../../read-models/editions/editions.js';
import type { ReadModel } from '../../read-models/read-model.js';
import { READ_MODELS } from '../../read-models/read-models.js';
import { ANSWER_LIFE_MS } from '../../read-models/served-documents.js';
import { endsWithin } from '../../subscriptions/bounded-wait.js';
import { type Configuration, readConfiguration, type Role } from '../configuration.js';
import { connect, type Connections, kafkaClient } from '../connections.js';
import { createLog } from '../log.js';
import { requireKafka } from '../reachability.js';
import { LEASE_TTL_MS, leasesOf } from '../roles/subscribers.js';

/** How long an edition may take to pass the log's end, and a projector to let go of one. */
const LIMIT_MS = 60_000;
const CLOSE_LIMIT_MS = 500;

/** What each operation works with. */
export interface Operation {
  readonly configuration: Configuration;
  readonly connections: Connections;
  readonly places: EditionPlaces;
  readonly codec: EventCodec;
  readonly log: Logger;
}

/** Carries an operation out on the servers that the environment names, and leaves none of them connected. */
export async function onServers(
  operate: (operation: Operation) => Promise<void>,
  like: Role = 'projector',
): Promise<void> {
  // An operation plays none of a process's roles, but needs the servers of one: Kafka, only as a publisher.
  const configuration = readConfiguration({ ...process.env, ROLES: like });
  const log = createLog('silent');
  const connections = await connect(configuration, log);
  const { database, eventStore, keys } = connections;
  const places: EditionPlaces = {
    database,
    editions: new EditionStore(database.collection('aliases')),
    eventStore,
    checkpoints: database.collection('checkpoints'),
    replicas: database.collection('replicas'),
    leases: leasesOf(database),
    limitMs: LIMIT_MS,
    answersEndMs: ANSWER_LIFE_MS * 1.2,
    rebuildEndsMs: LEASE_TTL_MS * 1.6,
  };
  try {
    await operate({ configuration, connections, places, codec: new EncryptedCodec(keys), log });
  } finally {
    // Followed by the end of the process: nothing that is still under way is worth a wait.
    await endsWithin(CLOSE_LIMIT_MS, connections.close());
  }
}

/** Carries an operation out on Kafka alone. */
export async function onKafka(
  operate: (operation: { readonly admin: Admin; readonly configuration: Configuration }) => Promise<void>,
): Promise<void> {
  const configuration = readConfiguration(process.env);
  const kafka = kafkaClient(configuration, createLog('silent'));
  await requireKafka(kafka, configuration.KAFKA_BROKERS);
  const admin = kafka.admin();
  try {
    await admin.connect();
    await operate({ admin, configuration });
  } finally {
    await endsWithin(CLOSE_LIMIT_MS, admin.disconnect());
  }
}

/** The read models as the command line names them. */
export const READ_MODEL_NAMES = [...new Set(READ_MODELS.map(({ name }) => name.replace('_', '-')))];

/** The newest version of a read model that this build knows. Raises RangeError. */
export function readModelNamed(name: string): ReadModel<object> {
  const found = READ_MODELS.find((readModel) => readModel.name === name.replace('-', '_'));
  if (!found) throw new RangeError(`no read model ${name}: choose ${READ_MODEL_NAMES.join(', ')}`);
  return found;
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
