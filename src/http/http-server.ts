import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest, FastifyHttpOptions } from 'fastify';
import type { Logger } from 'pino';
import { ACCESS_TABLE, type AccessTable } from './access-table.js';
import { ConnectionErrors } from './connection-errors.js';
import { DeclaredRoutes } from './edge/declared-routes.js';
import {
  HTTP_LIMITS,
  type HttpLimits,
  LATENESS_CHECK_MS,
  MAX_BODY_BYTES,
  MAX_HEAD_BYTES,
  MAX_URL_LENGTH,
} from './edge/http-limits.js';
import { rateLimitOf } from './edge/rate-limit.js';
import { requireClearHead } from './edge/request-head.js';
import { logWhenAnswered } from './edge/request-log.js';
import { RequestsInFlight } from './edge/requests-in-flight.js';
import { setSecurityHeaders } from './edge/security-headers.js';
import { readJsonBodiesOnly, requirePlainUtf8 } from './json-body.js';
import { openApiDocument } from './openapi/document.js';
import { ProblemFilter } from './problem-filter.js';
import { RequestValidation } from './request-validation.js';
import type { TokenSettings } from './tokens.js';
import { WhoMay } from './who-may.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a body of this route may weigh, where it is not what any may. */
    maxBodyBytes?: number;
  }
}

const CORRELATION_ID_PATTERN = /^[A-Za-z0-9._-]{1,64}$/;
/** An orchestrator asks for the health of a server that is full, too. */
const HEALTH = /^\/health\//;

export interface HttpServerOptions {
  readonly accessTable?: AccessTable;
  readonly limits?: HttpLimits;
}

/** Builds the HTTP server over the module, with its documentation at `/docs`. It doesn't listen yet. */
export async function createHttpServer(
  module: DynamicModule,
  tokenSettings: TokenSettings,
  log: Logger,
  { accessTable = ACCESS_TABLE, limits = HTTP_LIMITS }: HttpServerOptions = {},
): Promise<NestFastifyApplication> {
  const whoMay = new WhoMay(tokenSettings, accessTable);
  const filter = new ProblemFilter(log);
  const routes = new DeclaredRoutes();
  const inFlight = new RequestsInFlight(limits.maxRequestsInFlight);
  const connectionErrors = new ConnectionErrors(log);
  const begin = (request: FastifyRequest, reply: FastifyReply) => {
    void reply.header('x-correlation-id', request.id);
    setSecurityHeaders(request, reply);
    logWhenAnswered(log, request, reply);
    connectionErrors.begun(reply.raw);
  };
  const options: FastifyHttpOptions<Server> = {
    ...serverOptions(limits),
    clientErrorHandler: (error, socket) => connectionErrors.answer(error, socket),
    frameworkErrors: (error, request, reply) => {
      begin(request, reply);
      filter.answer(error, request, reply);
    },
  };
  const adapter = new FastifyAdapter(options);
  const server = adapter.getInstance();
  const limitRate = await rateLimitOf(server, limits);
  server.server.maxConnections = limits.maxConnections;
  // Node would drop what is beyond its own limit in silence.
  server.server.maxHeadersCount = 0;
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: false,
    abortOnError: false,
    bodyParser: false,
  });
  app.useGlobalPipes(new RequestValidation());
  app.useGlobalFilters(filter);
  readJsonBodiesOnly(server);
  server.addHook('onRoute', (route) => {
    whoMay.declare(route);
    routes.declare(route);
    const { maxBodyBytes } = route.config ?? {};
    if (maxBodyBytes !== undefined) route.bodyLimit = maxBodyBytes;
  });
  server.addHook('onRequest', async (request, reply) => {
    begin(request, reply);
    if (HEALTH.test(request.url)) return;
    inFlight.enter(reply);
    requireClearHead(request.raw, limits.maxHeaders);
    try {
      await whoMay.admit(request);
    } catch (error) {
      // Whoever can't be told apart while the identity provider is away is not let in either.
      await limitRate(request);
      throw error;
    }
    await limitRate(request);
    if (request.is404) return routes.refuse(request, reply);
    requirePlainUtf8(request.headers);
  });
  SwaggerModule.setup('docs', app, () => openApiDocument(app));
  return app;
}

function serverOptions(limits: HttpLimits): FastifyHttpOptions<Server> {
  return {
    bodyLimit: MAX_BODY_BYTES,
    // So that an id that is too long is told as such, not as an unknown address.
    routerOptions: { maxParamLength: MAX_URL_LENGTH },
    requestIdHeader: false,
    genReqId: ({ headers }) => correlationIdOf(headers['x-correlation-id']),
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    // For whoever does not fetch the answer; later than the others, which tell why.
    connectionTimeout: limits.requestTimeoutMs + limits.keepAliveTimeoutMs + 2 * LATENESS_CHECK_MS,
    ...(limits.trustedProxies.length > 0 && { trustProxy: [...limits.trustedProxies] }),
    http: {
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      connectionsCheckingInterval: LATENESS_CHECK_MS,
      maxHeaderSize: MAX_HEAD_BYTES,
    },
  };
}

/** The caller's correlation id where it has the allowed form, else a new one. */
function correlationIdOf(header: string | string[] | undefined): string {
  return typeof header === 'string' && CORRELATION_ID_PATTERN.test(header) ? header : randomUUID();
}
