import { randomUUID } from 'node:crypto';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import type { FastifyServerOptions } from 'fastify';
import type { Logger } from 'pino';
import { ACCESS_TABLE, type AccessTable } from './access-table.js';
import { answerConnectionError } from './connection-errors.js';
import { readJsonBodiesOnly, requirePlainUtf8 } from './json-body.js';
import { openApiDocument } from './openapi/document.js';
import { ProblemFilter } from './problem-filter.js';
import { RequestValidation } from './request-validation.js';
import type { TokenSettings } from './tokens.js';
import { WhoMay } from './who-may.js';

const BODY_LIMIT_BYTES = 64 * 1024;
const CORRELATION_ID_PATTERN = /^[A-Za-z0-9._-]{1,64}$/;

/** Builds the HTTP server over the module, with its documentation at `/docs`. It doesn't listen yet. */
export async function createHttpServer(
  module: DynamicModule,
  tokenSettings: TokenSettings,
  log: Logger,
  accessTable: AccessTable = ACCESS_TABLE,
): Promise<NestFastifyApplication> {
  const whoMay = new WhoMay(tokenSettings, accessTable);
  const filter = new ProblemFilter(log);
  const options: FastifyServerOptions = {
    bodyLimit: BODY_LIMIT_BYTES,
    requestIdHeader: false,
    genReqId: ({ headers }) => correlationIdOf(headers['x-correlation-id']),
    clientErrorHandler: answerConnectionError,
    frameworkErrors: (error, request, reply) => {
      filter.answer(error, request, reply);
    },
  };
  const adapter = new FastifyAdapter(options);
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: false,
    abortOnError: false,
    bodyParser: false,
  });
  app.useGlobalPipes(new RequestValidation());
  app.useGlobalFilters(filter);
  const server = adapter.getInstance();
  readJsonBodiesOnly(server);
  server.addHook('onRoute', (route) => whoMay.declare(route));
  server.addHook('onRequest', async (request, reply) => {
    void reply.header('x-correlation-id', request.id);
    await whoMay.admit(request);
    requirePlainUtf8(request.headers);
  });
  SwaggerModule.setup('docs', app, () => openApiDocument(app));
  return app;
}

/** The caller's correlation id where it has the allowed form, else a new one. */
function correlationIdOf(header: string | string[] | undefined): string {
  return typeof header === 'string' && CORRELATION_ID_PATTERN.test(header) ? header : randomUUID();
}
