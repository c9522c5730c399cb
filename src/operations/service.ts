import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import type { HttpLimits } from '../http/edge/http-limits.js';
import { createHttpServer } from '../http/http-server.js';
import { importPublicKey, remoteKeys } from '../http/tokens.js';
import { ReplicaAnnouncement } from '../read-models/editions/replicas.js';
import { READ_MODELS } from '../read-models/read-models.js';
import { WrittenDocuments } from '../read-models/written-documents.js';
import { BUILD } from './build.js';
import { type Configuration, ConfigurationError } from './configuration.js';
import { connect } from './connections.js';
import { api } from './roles/api.js';
import { projector } from './roles/projector.js';
import { publisher } from './roles/publisher.js';
import type { RunningRole } from './roles/role.js';
import { ServiceModule } from './service.module.js';

/** How long requests in hand may take once the service is told to stop. */
const REQUESTS_END_LIMIT_MS = 5_000;

export interface RunningService {
  /** Where the API listens. */
  readonly url: string;
  /** Ends requests and subscribers, then connections; what is in hand is finished first, within limits. */
  stop(): Promise<void>;
}

/**
 * Starts the roles that the configuration names and waits until the API listens. Raises ConfigurationError,
 * ServerUnreachable, and the system's error for a port in use.
 */
export async function startService(configuration: Configuration, log: Logger): Promise<RunningService> {
  const { ROLES: names } = configuration;
  const tokenSettings = {
    key: configuration.AUTH_JWKS_URL
      ? remoteKeys(configuration.AUTH_JWKS_URL)
      : await importPublicKey(configuration.AUTH_PUBLIC_KEY ?? ''),
    issuer: configuration.AUTH_ISSUER,
    audience: configuration.AUTH_AUDIENCE,
  };
  const connections = await connect(configuration, log);
  const replica = new ReplicaAnnouncement(connections.database.collection('replicas'), READ_MODELS, BUILD);
  const written = new WrittenDocuments();
  const roles: RunningRole[] = [
    ...(names.includes('projector') ? [projector(connections, written, log)] : []),
    ...(names.includes('publisher') ? [publisher(connections, configuration, log)] : []),
  ];
  const module = names.includes('api')
    ? api(connections, configuration, written, log)
    : ServiceModule.withHealthOnly();
  const http = await createHttpServer(module, tokenSettings, log, { limits: httpLimits(configuration) });
  await listen(http, configuration);
  replica.start();
  for (const role of roles) role.start();
  const url = await http.getUrl();
  log.info({ url, roles: names }, 'started');

  return {
    url,
    async stop() {
      const late = setTimeout(() => http.getHttpServer().closeAllConnections(), REQUESTS_END_LIMIT_MS);
      await Promise.all([http.close(), ...roles.map((role) => role.stop())]);
      clearTimeout(late);
      await replica.stop();
      await connections.close();
      log.info('stopped');
    },
  };
}

function httpLimits(configuration: Configuration): HttpLimits {
  return {
    maxRequestsInFlight: configuration.HTTP_MAX_REQUESTS_IN_FLIGHT,
    maxConnections: configuration.HTTP_MAX_CONNECTIONS,
    callerRate: configuration.HTTP_CALLER_RATE,
    addressRate: configuration.HTTP_ADDRESS_RATE,
    rateWindowMs: configuration.HTTP_RATE_WINDOW_MS,
    headersTimeoutMs: configuration.HTTP_HEADERS_TIMEOUT_MS,
    requestTimeoutMs: configuration.HTTP_REQUEST_TIMEOUT_MS,
    keepAliveTimeoutMs: configuration.HTTP_KEEP_ALIVE_TIMEOUT_MS,
    maxHeaders: configuration.HTTP_MAX_HEADERS,
    trustedProxies: configuration.HTTP_TRUSTED_PROXIES,
  };
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
