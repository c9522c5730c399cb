import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEventStore } from './event-store/index.js';
import { startKafka } from './kafka/index.js';
import { startMongodb } from './mongodb/index.js';
import type { EmbeddedServer, EmbeddedServerOptions } from './server.js';

const USAGE = `Starts the embedded servers, all three or those named, on 127.0.0.1. For development and tests only.

  main.js [event-store] [mongodb] [kafka] [--data DIR]
          [--event-store-port N] [--mongodb-port N] [--kafka-port N]

Files are kept in DIR (default: data). The default ports are 2113, 27017 and 9092; 0 takes a free one.`;

interface Service {
  start: (options: EmbeddedServerOptions) => Promise<EmbeddedServer>;
  defaultPort: string;
}

const SERVICES = new Map<string, Service>([
  ['event-store', { start: startEventStore, defaultPort: '2113' }],
  ['mongodb', { start: startMongodb, defaultPort: '27017' }],
  ['kafka', { start: startKafka, defaultPort: '9092' }],
]);

const running: EmbeddedServer[] = [];
let stopping = false;

async function main(): Promise<void> {
  const { data, help, chosen } = readArguments();
  if (help) return console.log(USAGE);
  process.once('SIGINT', () => void stopAll());
  process.once('SIGTERM', () => void stopAll());
  for (const { name, service, port } of chosen) {
    const server = await service
      .start({ dataDir: join(data, name), port })
      .catch((error: unknown) => fail(describe(error, name, port)));
    running.push(server);
    if (stopping) return stopAll();
    console.log(`${name} ${server.url}`);
  }
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        data: { type: 'string', default: 'data' },
        help: { type: 'boolean', default: false },
        ...Object.fromEntries(
          [...SERVICES].map(([name, { defaultPort }]) => [
            `${name}-port`,
            { type: 'string' as const, default: defaultPort },
          ]),
        ),
      },
    });
    const unknown = positionals.find((name) => !SERVICES.has(name));
    if (unknown !== undefined) throw new Error(`there is no server '${unknown}'`);
    const names = positionals.length > 0 ? new Set(positionals) : SERVICES.keys();
    const chosen = [...names].map((name) => ({
      name,
      service: SERVICES.get(name)!,
      port: readPort(String(values[`${name}-port` as keyof typeof values])),
    }));
    return { data: values.data, help: values.help, chosen };
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) throw new Error(`'${text}' is not a port`);
  return port;
}

function describe(error: unknown, name: string, port: number): string {
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return `${name}: port ${port} is in use; choose another with --${name}-port`;
  }
  return `${name}: ${error instanceof Error ? error.message : String(error)}`;
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

async function stopAll(): Promise<void> {
  stopping = true;
  await Promise.all(running.map((server) => server.stop()));
}

await main();
