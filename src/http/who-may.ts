import { type CanActivate, type ExecutionContext, Inject, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { importSPKI, type JWTPayload, jwtVerify } from 'jose';
import { z } from 'zod';
import type { Actor } from '../event-log/stored-form.js';
import { Problem } from './problem.js';

/** What a service's token must carry for an endpoint. */
export type Scope = 'contacts:write' | 'contacts:read' | 'routing:read';

const MANAGING_ROLES: ReadonlySet<string> = new Set(['owner', 'admin', 'manager']);
const ALGORITHMS = ['ES256', 'RS256', 'EdDSA'];

const REQUIRED_SCOPE = 'requiredScope';
/** The scope that a service needs here; a person needs a managing role in the path's workspace, whatever the endpoint. */
export const Requires = (scope: Scope) => SetMetadata(REQUIRED_SCOPE, scope);

export interface TokenSettings {
  /** PEM (SPKI). */
  readonly publicKey: string;
  readonly issuer: string;
  readonly audience: string;
}

/** The injection token of the TokenSettings. */
export const TOKEN_SETTINGS = Symbol('TokenSettings');

const claimsSchema = z.object({
  /** Ids only: an address would end in the log for ever. */
  sub: z.string().regex(/^[^@\s]{1,128}$/),
  /** A person's role by workspace. */
  workspaces: z.record(z.string(), z.string()).optional(),
  /** A service's scopes, parted by spaces. */
  scope: z.string().optional(),
});

type Claims = z.infer<typeof claimsSchema>;

declare module 'fastify' {
  interface FastifyRequest {
    actor?: Actor;
  }
}

/** Authenticates the bearer token, then authorises: 401 and 403 come before anything is looked up. */
@Injectable()
export class WhoMay implements CanActivate {
  private readonly key: ReturnType<typeof importKey>;

  constructor(
    private readonly reflector: Reflector,
    @Inject(TOKEN_SETTINGS) private readonly settings: TokenSettings,
  ) {
    this.key = importKey(settings.publicKey);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const scope = this.reflector.get<Scope | undefined>(REQUIRED_SCOPE, context.getHandler());
    if (!scope) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const claims = await this.authenticate(request.headers.authorization);
    const { workspaceId = '' } = request.params as { workspaceId?: string };
    request.actor = authorise(claims, workspaceId, scope);
    return true;
  }

  private async authenticate(authorization: string | undefined): Promise<Claims> {
    const token = /^Bearer ([^\s]+)$/i.exec(authorization ?? '')?.[1];
    if (!token) throw new Problem('unauthenticated');
    const { issuer, audience } = this.settings;
    let payload: JWTPayload;
    try {
      ({ payload } = await jwtVerify(token, await this.key, {
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

/** The key's own algorithm decides which of the allowed ones it can verify. */
async function importKey(pem: string) {
  for (const algorithm of ALGORITHMS) {
    const key = await importSPKI(pem, algorithm).catch(() => undefined);
    if (key) return key;
  }
  throw new Error('AUTH_PUBLIC_KEY is no public key in PEM (SPKI) for ES256, RS256 or EdDSA');
}
