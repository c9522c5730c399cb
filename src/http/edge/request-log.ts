import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Level, Logger } from 'pino';

/**
 * Writes a line for a request once its answer is sent, or its caller gone. Of what came it tells nothing but the
 * method, the route's pattern and the correlation id: a URL, a header or a body may hold an address.
 */
export function logWhenAnswered(log: Logger, request: FastifyRequest, reply: FastifyReply): void {
  reply.raw.once('close', () => {
    const { url: route } = request.routeOptions;
    const isAnswered = reply.raw.writableFinished;
    log[levelOf(reply.statusCode, route)](
      {
        method: request.method,
        route: route ?? 'none',
        ...(isAnswered ? { status: reply.statusCode } : { aborted: true }),
        durationMs: Math.round(reply.elapsedTime * 100) / 100,
        correlationId: request.id,
        actor: request.actor?.kind ?? 'none',
      },
      'request',
    );
  });
}

function levelOf(status: number, route: string | undefined): Level {
  if (status === 500) return 'error';
  if (status > 500) return 'warn';
  return route?.startsWith('/health/') ? 'debug' : 'info';
}
