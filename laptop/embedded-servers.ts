import { join } from 'node:path';
import { type EmbeddedServer, startEventStore, startKafka, startMongodb } from '@client-contacts/embedded';
import { SERVER_DIRECTORIES } from './data-directory.js';

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

/** Starts the three servers on what the directory holds. Raises the system's error for a port in use. */
export async function startEmbeddedServers(
  directory: string,
  ports: EmbeddedPorts,
): Promise<EmbeddedServers> {
  const started: EmbeddedServer[] = [];
  const start = async (starter: typeof startEventStore, name: string, port: number) => {
    const server = await starter({ dataDir: join(directory, name), port });
    started.push(server);
    return server.url;
  };
  const stop = async () => {
    await Promise.all(started.map((server) => server.stop()));
  };
  const [eventStore, mongodb, kafka] = SERVER_DIRECTORIES;
  try {
    const addresses = {
      EVENTSTORE_URL: await start(startEventStore, eventStore, ports.eventStore),
      MONGODB_URL: await start(startMongodb, mongodb, ports.mongodb),
      KAFKA_BROKERS: await start(startKafka, kafka, ports.kafka),
    };
    return { addresses, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
