import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEventStore, startKafka, startMongodb } from '@client-contacts/embedded';

const servers = [
  ['EVENTSTORE_URL', 'event-store', startEventStore],
  ['MONGODB_URL', 'mongodb', startMongodb],
  ['KAFKA_BROKERS', 'kafka', startKafka],
];

/** Starts an embedded server for each address that the environment does not give, on a free port, on empty data. */
export default async function startServers() {
  const started = [];
  const directory = await mkdtemp(join(tmpdir(), 'client-contacts-test-'));
  for (const [variable, name, start] of servers) {
    if (process.env[variable]) continue;
    const server = await start({ dataDir: join(directory, name) });
    process.env[variable] = server.url;
    started.push(server);
  }
  globalThis.testServers = { directory, started };
}
