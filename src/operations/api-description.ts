import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { openApiDocument } from '../http/openapi/document.js';
import { type ServiceDependencies, ServiceModule } from './service.module.js';

/** The OpenAPI document that a running service serves. Nothing is started for it, so it needs no server. */
export async function apiDescription(): Promise<OpenAPIObject> {
  const module = ServiceModule.withApi({} as ServiceDependencies);
  const app = await NestFactory.create(module, new FastifyAdapter(), { preview: true, logger: false });
  return openApiDocument(app);
}
