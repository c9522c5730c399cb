import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type EmbeddedServer, startEventStore, startKafka, startMongodb } from '@client-contacts/embedded';

export interface EmbeddedServers {
  /** The addresses, as the variables that the service reads. */
  readonly addresses: {
    readonly EVENTSTORE_URL: string;
    readonly MONGODB_URL: string;
    readonly KAFKA_BROKERS: string;
  };
  stop(): Promise<void>;
}

export interface EmbeddedPorts {
  readonly eventStore: number;
  readonly mongodb: number;
  readonly kafka: number;
}

/**
 * Starts the three servers on what `directory` holds; `fresh` forgets that first. Raises the system's error for
 * a port in use.
 */
export async function startEmbeddedServers(
  directory: string,
  ports: EmbeddedPorts,
  fresh: boolean,
): Promise<EmbeddedServers> {
  const started: EmbeddedServer[] = [];
  const start = async (name: string, port: number, starter: typeof startEventStore) => {
    const dataDir = join(directory, name);
    if (fresh) await rm(dataDir, { recursive: true, force: true });
    const server = await starter({ dataDir, port });
    started.push(server);
    return server.url;
  };
  const stop = async () => {
    await Promise.all(started.map((server) => server.stop()));
  };
  try {
    const addresses = {
      EVENTSTORE_URL: await start('event-store', ports.eventStore, startEventStore),
      MONGODB_URL: await start('mongodb', ports.mongodb, startMongodb),
      KAFKA_BROKERS: await start('kafka', ports.kafka, startKafka),
    };
    return { addresses, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
