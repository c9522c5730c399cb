import fastifyRateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../problem.js';
import type { HttpLimits } from './http-limits.js';

/** How many callers' counts are kept; the one that was not seen for longest is forgotten first. */
const MAX_COUNTS = 10_000;

/** Raises Problem `rate_limited` where the request is one too many of its caller's, or else of its address's. */
export type RateLimit = (request: FastifyRequest) => Promise<void>;

/**
 * A caller is who was let in, in one workspace. Whoever was not is counted by address, and refused as "too many" in
 * place of 401 or 403; somebody with a good token is never shut out by what else comes from the same address.
 */
export async function rateLimitOf(server: FastifyInstance, limits: HttpLimits): Promise<RateLimit> {
  await server.register(fastifyRateLimit, { global: false, cache: MAX_COUNTS, keyGenerator });
  const check = server.createRateLimit({
    timeWindow: limits.rateWindowMs,
    max: (request: FastifyRequest) => (request.actor ? limits.callerRate : limits.addressRate),
  });
  return async (request) => {
    const count = await check(request);
    if (count.isAllowed || !count.isExceeded) return;
    throw new Problem(
      'rate_limited',
      {},
      {
        'retry-after': String(count.ttlInSeconds),
        'ratelimit-limit': String(count.max),
        'ratelimit-remaining': '0',
        'ratelimit-reset': String(count.ttlInSeconds),
      },
    );
  };
}

function keyGenerator({ actor, params, ip }: FastifyRequest): string {
  if (!actor) return `address ${ip}`;
  const { workspaceId = '' } = params as { workspaceId?: string };
  return `${workspaceId} ${actor.kind} ${actor.id}`;
}
