import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { type CryptoKey, importSPKI, type JWTPayload, jwtVerify } from 'jose';
import { z } from 'zod';
import type { Actor } from '../event-log/stored-form.js';
import { Problem } from './problem.js';

/** What a service's token must carry for an endpoint. */
export type Scope = 'contacts:write' | 'contacts:read' | 'routing:read';

const MANAGING_ROLES: ReadonlySet<string> = new Set(['owner', 'admin', 'manager']);
const ALGORITHMS = ['ES256', 'RS256', 'EdDSA'];
const DOCUMENTATION = /^\/docs(?:[-/]|$)/;

/**
 * The scope that a service needs here; a person needs a managing role in the path's workspace, whatever the endpoint.
 * A handler with neither this nor `Public` lets nobody in.
 */
export const Requires = (requiredScope: Scope) => RouteConfig({ requiredScope });

/** Lets everybody in, without a token. */
export const Public = () => RouteConfig({ isPublic: true });

export interface TokenSettings {
  /** See `importPublicKey`. */
  readonly key: CryptoKey;
  readonly issuer: string;
  readonly audience: string;
}

const claimsSchema = z.object({
  /** Ids only: an address would end in the log for ever. */
  sub: z.string().regex(/^[^@\s]{1,128}$/),
  /** A person's role by workspace. */
  workspaces: z.record(z.string(), z.string()).optional(),
  /** A service's scopes, parted by spaces; they hold in every workspace, since services are the suite's own. */
  scope: z.string().optional(),
});

type Claims = z.infer<typeof claimsSchema>;

declare module 'fastify' {
  interface FastifyRequest {
    actor?: Actor;
  }
  interface FastifyContextConfig {
    requiredScope?: Scope;
    isPublic?: boolean;
  }
}

/**
 * Authenticates the bearer token, then authorises. It is asked as soon as a request's head is there, so 401 and 403
 * come before the body is read and before anything is looked up.
 */
export class WhoMay {
  constructor(private readonly settings: TokenSettings) {}

  /** Notes the actor in the request, unless the route is public. Raises Problem `unauthenticated` and `forbidden`. */
  async admit(request: FastifyRequest): Promise<void> {
    const { config, url } = request.routeOptions;
    if (request.is404 || config.isPublic || DOCUMENTATION.test(url ?? '')) return;
    const claims = await this.authenticate(request.headers.authorization);
    if (!config.requiredScope) throw new Problem('forbidden');
    const { workspaceId = '' } = request.params as { workspaceId?: string };
    request.actor = authorise(claims, workspaceId, config.requiredScope);
  }

  private async authenticate(authorization: string | undefined): Promise<Claims> {
    const token = /^Bearer ([^\s]+)$/i.exec(authorization ?? '')?.[1];
    if (!token) throw new Problem('unauthenticated');
    const { key, issuer, audience } = this.settings;
    let payload: JWTPayload;
    try {
      ({ payload } = await jwtVerify(token, key, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        requiredClaims: ['exp', 'sub'],
      }));
    } catch {
      throw new Problem('unauthenticated');
    }
    const claims = claimsSchema.safeParse(payload);
    if (!claims.success) throw new Problem('unauthenticated');
    return claims.data;
  }
}

function authorise({ sub, workspaces, scope = '' }: Claims, workspaceId: string, required: Scope): Actor {
  if (workspaces) {
    const role = Object.hasOwn(workspaces, workspaceId) ? workspaces[workspaceId] : undefined;
    if (role === undefined || !MANAGING_ROLES.has(role)) throw new Problem('forbidden');
    return { kind: 'user', id: sub, role };
  }
  if (!scope.split(' ').includes(required)) throw new Problem('forbidden');
  return { kind: 'service', id: sub };
}

/**
 * The public key that tokens are verified with, of a PEM (SPKI); the key's own kind decides which of the allowed
 * algorithms it can verify. Raises an Error where it is no such key.
 */
export async function importPublicKey(pem: string): Promise<CryptoKey> {
  for (const algorithm of ALGORITHMS) {
    const key = await importSPKI(pem, algorithm).catch(() => undefined);
    if (key) return key;
  }
  throw new Error('AUTH_PUBLIC_KEY is no public key in PEM (SPKI) for ES256, RS256 or EdDSA');
}
