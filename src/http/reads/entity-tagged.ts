import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import { ApiHeader, ApiNotModifiedResponse } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import type { Revision } from '../../event-log/event-store.js';
import { entityTag, isKnownTo } from '../entity-tag.js';

interface ReadRequest {
  Querystring: Readonly<Record<string, unknown>>;
}

/**
 * Gives an answer about one client its entity tag, and 304 in its place to a caller who has it already. A past state has
 * no 304: who is erased later is erased in it too, and its revision stays.
 */
@Injectable()
class EntityTagInterceptor implements NestInterceptor<{ readonly revision: Revision }> {
  intercept(
    context: ExecutionContext,
    next: CallHandler<{ readonly revision: Revision }>,
  ): Observable<unknown> {
    const http = context.switchToHttp();
    const { headers, query } = http.getRequest<FastifyRequest<ReadRequest>>();
    const reply = http.getResponse<FastifyReply>();
    const isCurrent = !('revision' in query || 'at' in query || 'cursor' in query);
    return next.handle().pipe(
      map((answer) => {
        void reply.header('etag', entityTag(answer.revision));
        if (!isCurrent || !isKnownTo(headers, answer.revision)) return answer;
        void reply.status(304);
        return undefined;
      }),
    );
  }
}

/** The route answers about one client, at a revision which is its entity tag. */
export function EntityTagged(): MethodDecorator {
  return applyDecorators(
    UseInterceptors(EntityTagInterceptor),
    ApiHeader({
      name: 'If-None-Match',
      required: false,
      description:
        'Entity tags that the caller has; 304 where the current one is among them. Only for the current state.',
      schema: { type: 'string', example: '"6"' },
    }),
    ApiNotModifiedResponse({ description: 'The caller has it already' }),
  );
}
