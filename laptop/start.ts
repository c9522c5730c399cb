import { parseArgs } from 'node:util';
import { ConfigurationError, readConfiguration } from '../src/operations/configuration.js';
import { createLog } from '../src/operations/log.js';
import { runUntilSignalled } from '../src/operations/process.js';
import { startService } from '../src/operations/service.js';
import { developmentMasterKey } from './development-master-key.js';
import { developmentKeys } from './development-token.js';
import { type EmbeddedPorts, startEmbeddedServers } from './embedded-servers.js';
import { greeting } from './greeting.js';
import { writeRunningFile } from './running-file.js';

const ADDRESSES = ['EVENTSTORE_URL', 'MONGODB_URL', 'KAFKA_BROKERS'] as const;

/** Everything on one machine: the embedded servers where the environment names no others, and the service in all its roles. */
await runUntilSignalled(async () => {
  const fresh = readArguments();
  const given = ADDRESSES.filter((variable) => process.env[variable]);
  const missing = ADDRESSES.filter((variable) => !process.env[variable]);
  if (given.length > 0 && missing.length > 0) {
    throw new ConfigurationError(
      `${missing.join(' and ')} missing beside ${given.join(' and ')}: set all three, or none to use the embedded servers`,
    );
  }
  return given.length > 0 ? startOnGivenServers(fresh) : startOnEmbeddedServers(fresh);
});

async function startOnGivenServers(fresh: boolean) {
  if (fresh) throw new ConfigurationError('--fresh forgets the data of the embedded servers only');
  const configuration = readConfiguration(process.env);
  const service = await startService(configuration, createLog(configuration.LOG_LEVEL));
  process.stdout.write(`\nAPI                ${service.url}\nAPI documentation  ${service.url}/docs\n`);
  return service;
}

async function startOnEmbeddedServers(fresh: boolean) {
  const directory = process.env['DATA_DIR'] ?? 'data';
  const { AUTH_ISSUER = 'client-contacts', AUTH_AUDIENCE = 'client-contacts' } = process.env;
  const keys = await developmentKeys(`${directory}/keys`, AUTH_ISSUER, AUTH_AUDIENCE);
  const servers = await startEmbeddedServers(directory, embeddedPorts(), fresh);
  try {
    const configuration = readConfiguration({
      LOG_LEVEL: 'warn',
      MASTER_KEY: await developmentMasterKey(`${directory}/keys`),
      ...process.env,
      ...servers.addresses,
      AUTH_PUBLIC_KEY: keys.publicKey,
    });
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
    const value = process.env[variable] ?? String(standard);
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
