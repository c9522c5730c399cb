import { parseArgs } from 'node:util';
import { ConfigurationError, readConfiguration } from '../src/operations/configuration.js';
import { DEVELOPMENT_ISSUER } from '../src/operations/development-key.js';
import { createLog } from '../src/operations/log.js';
import { runUntilSignalled } from '../src/operations/process.js';
import { startService } from '../src/operations/service.js';
import { takeDataDirectory } from './data-directory.js';
import { developmentMasterKey } from './development-master-key.js';
import { developmentKeys } from './development-token.js';
import { type EmbeddedPorts, startEmbeddedServers } from './embedded-servers.js';
import { greeting, whereEverythingIs } from './greeting.js';
import { writeRunningFile } from './running-file.js';

const ADDRESSES = ['EVENTSTORE_URL', 'MONGODB_URL', 'KAFKA_BROKERS'] as const;

/** An empty variable is none. */
const environment = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''));

/** Everything on one machine: the embedded servers where the environment names no others, and the service in all its roles. */
await runUntilSignalled(async () => {
  const fresh = readArguments();
  const given = ADDRESSES.filter((variable) => environment[variable] !== undefined);
  const missing = ADDRESSES.filter((variable) => environment[variable] === undefined);
  if (given.length > 0 && missing.length > 0) {
    throw new ConfigurationError(
      `${missing.join(' and ')} missing beside ${given.join(' and ')}: set all three, or none to use the embedded servers`,
    );
  }
  return given.length > 0 ? startOnGivenServers(fresh) : startOnEmbeddedServers(fresh);
});

async function startOnGivenServers(fresh: boolean) {
  if (fresh) throw new ConfigurationError('--fresh forgets the data of the embedded servers only');
  const configuration = readConfiguration(environment);
  const service = await startService(configuration, createLog(configuration.LOG_LEVEL));
  const addresses = Object.fromEntries(ADDRESSES.map((variable) => [variable, environment[variable] ?? '']));
  process.stdout.write(whereEverythingIs(service.url, addresses));
  return service;
}

async function startOnEmbeddedServers(fresh: boolean) {
  const { DATA_DIR: directory = 'data', AUTH_AUDIENCE = 'client-contacts' } = environment;
  const ports = embeddedPorts();
  await takeDataDirectory(directory, fresh);
  const keys = await developmentKeys(`${directory}/keys`, AUTH_AUDIENCE);
  const servers = await startEmbeddedServers(directory, ports);
  try {
    const development = {
      ...servers.addresses,
      KEYS_MONGODB_URL: servers.addresses.MONGODB_URL,
      MASTER_KEY: await developmentMasterKey(`${directory}/keys`),
      AUTH_PUBLIC_KEY: keys.publicKey,
      AUTH_ISSUER: DEVELOPMENT_ISSUER,
      AUTH_JWKS_URL: '',
    };
    const configuration = readConfiguration(
      { LOG_LEVEL: 'warn', ...environment, ...development },
      { withEmbeddedServers: true },
    );
    const service = await startService(configuration, createLog(configuration.LOG_LEVEL));
    await writeRunningFile(directory, { apiUrl: service.url, ...servers.addresses, token: keys.token });
    process.stdout.write(greeting(service.url, servers.addresses, keys.token));
    return {
      async stop() {
        await service.stop();
        await servers.stop();
      },
    };
  } catch (error) {
    await servers.stop();
    throw error;
  }
}

function readArguments(): boolean {
  try {
    return parseArgs({ options: { fresh: { type: 'boolean', default: false } } }).values.fresh;
  } catch {
    throw new ConfigurationError(
      'the only argument is --fresh, which forgets the data of the embedded servers',
    );
  }
}

function embeddedPorts(): EmbeddedPorts {
  const port = (variable: string, standard: number) => {
    const value = environment[variable] ?? String(standard);
    if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535) {
      throw new ConfigurationError(`${variable}: must be a port number`);
    }
    return Number(value);
  };
  return {
    eventStore: port('EMBEDDED_EVENTSTORE_PORT', 2113),
    mongodb: port('EMBEDDED_MONGODB_PORT', 27_017),
    kafka: port('EMBEDDED_KAFKA_PORT', 9092),
  };
}
