import type { FastifyRequest, RouteOptions } from 'fastify';
import type { Actor } from '../event-log/stored-form.js';
import type { Access, AccessTable } from './access-table.js';
import { Problem } from './problem.js';
import type { Claims, TokenSettings } from './tokens.js';
import { VerifiedTokens } from './verified-tokens.js';

const DOCUMENTATION = /^\/docs(?:[-/]|$)/;

declare module 'fastify' {
  interface FastifyRequest {
    actor?: Actor;
  }
  interface FastifyContextConfig {
    access?: Access | 'anyone' | undefined;
  }
}

/**
 * Authenticates the bearer token, then authorises. It is asked as soon as a request's head is there, so 401 and 403
 * come before the body is read and before anything is looked up.
 */
export class WhoMay {
  private readonly tokens: VerifiedTokens;

  constructor(
    settings: TokenSettings,
    private readonly table: AccessTable,
  ) {
    this.tokens = new VerifiedTokens(settings);
  }

  /** Notes at a route, as it is declared, who may use it. */
  declare(route: RouteOptions): void {
    const method = route.method === 'HEAD' ? 'GET' : String(route.method);
    const access = DOCUMENTATION.test(route.url) ? 'anyone' : this.table[`${method} ${route.url}`];
    route.config = { ...route.config, access };
  }

  /** Notes the actor in the request. Raises Problem `unauthenticated` and `forbidden`, and TokenKeysUnavailable. */
  async admit(request: FastifyRequest): Promise<void> {
    const { access } = request.routeOptions.config;
    if (request.is404 || access === 'anyone') return;
    const claims = await this.tokens.claimsOf(request.headers.authorization);
    if (!access) throw new Problem('forbidden');
    const { workspaceId = '' } = request.params as { workspaceId?: string };
    request.actor = authorise(claims, workspaceId, access);
  }
}

/** A person's token may carry scopes, too, and may lack its workspaces: only a client that speaks for itself is a service. */
function authorise(
  { sub, workspaces, client_id, scope = '' }: Claims,
  workspaceId: string,
  access: Access,
): Actor {
  if (workspaces) {
    const role = Object.hasOwn(workspaces, workspaceId) ? workspaces[workspaceId] : undefined;
    if (role === undefined || !access.people.some((allowed) => allowed === role)) {
      throw new Problem('forbidden');
    }
    return { kind: 'user', id: sub, role };
  }
  if (client_id !== sub || !scope.split(' ').includes(access.services)) throw new Problem('forbidden');
  return { kind: 'service', id: sub };
}
