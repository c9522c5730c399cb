import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { Problem } from '../problem.js';

/** Which methods each path takes: what tells "nothing is here" from "not like this". */
export class DeclaredRoutes {
  private readonly methods = new Map<string, Set<string>>();

  /** Notes a route as it is declared. */
  declare({ url, method }: Pick<RouteOptions, 'url' | 'method'>): void {
    const methods = this.methods.get(url) ?? new Set();
    for (const each of [method].flat()) methods.add(each);
    this.methods.set(url, methods);
  }

  /** Answers OPTIONS where the path is served; raises Problem `method_not_allowed` or `not_found` for the rest. */
  refuse({ method, url }: FastifyRequest, reply: FastifyReply): FastifyReply {
    const allowed = this.methodsAt(url.split('?', 1)[0]!);
    if (allowed.length === 0) throw new Problem('not_found');
    const allow = [...allowed, 'OPTIONS'].join(', ');
    if (method !== 'OPTIONS') throw new Problem('method_not_allowed', {}, { allow });
    return reply.status(204).header('allow', allow).send();
  }

  private methodsAt(path: string): string[] {
    const matching = [...this.methods].filter(([pattern]) => matches(pattern.split('/'), path.split('/')));
    return [...new Set(matching.flatMap(([, methods]) => [...methods]))].toSorted();
  }
}

/** Whether a path has the form of a route: `:name` stands for one step, `*` for all that follow. */
function matches(pattern: readonly string[], path: readonly string[]): boolean {
  const rest = pattern.indexOf('*');
  if (rest < 0 ? pattern.length !== path.length : path.length <= rest) return false;
  return pattern.every((step, at) => {
    if (step === '*') return true;
    return step.startsWith(':') ? path[at] !== '' : step === path[at];
  });
}
