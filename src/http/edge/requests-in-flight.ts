import type { FastifyReply } from 'fastify';
import { Problem } from '../problem.js';

/** Counts the requests under way, so that there are never more than can be served. */
export class RequestsInFlight {
  private count = 0;

  constructor(private readonly max: number) {}

  /** Counts the request until its connection is done with it. Raises Problem `too_busy`. */
  enter(reply: FastifyReply): void {
    if (this.count >= this.max) throw new Problem('too_busy');
    this.count += 1;
    reply.raw.once('close', () => {
      this.count -= 1;
    });
  }
}
