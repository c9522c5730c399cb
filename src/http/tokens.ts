import {
  createRemoteJWKSet,
  type CryptoKey,
  customFetch,
  errors,
  importSPKI,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose';
import { z } from 'zod';
import { Problem } from './problem.js';

/** No symmetric one: whoever checks tokens must not be able to sign them. */
const ALGORITHMS = ['ES256', 'RS256', 'EdDSA'];

/** How far the identity provider's clock and ours may be apart. */
const CLOCK_TOLERANCE_SECONDS = 5;

const JWKS_TIMEOUT_MS = 3_000;
const JWKS_MAX_BYTES = 256 * 1024;
/** A key that is taken out of the set is refused after so long; a new one is looked up at once, though not more often than each `cooldown`. */
const JWKS_CACHE_MS = 10 * 60_000;
const JWKS_COOLDOWN_MS = 30_000;
/** After a failure the set is not asked for again for so long. */
const JWKS_RETRY_MS = 1_000;

export interface TokenSettings {
  /** See `importPublicKey` and `remoteKeys`. */
  readonly key: CryptoKey | JWTVerifyGetKey;
  readonly issuer: string;
  readonly audience: string;
}

/** Who did something. Ids only, in visible ASCII: an address would be kept for ever. */
export const SUBJECT_PATTERN = /^[\x21-\x3f\x41-\x7e]{1,128}$/;

const claimsSchema = z.object({
  sub: z.string().regex(SUBJECT_PATTERN),
  /** A person's role by workspace. */
  workspaces: z.record(z.string(), z.string()).optional(),
  /** Who asked for the token: a service where that is the subject itself (RFC 9068, section 2.2). */
  client_id: z.string().optional(),
  /** A service's scopes, parted by spaces; they hold in every workspace, since services are the suite's own. */
  scope: z.string().optional(),
});

export type Claims = z.infer<typeof claimsSchema>;

/** The key set of the identity provider can't be had, so nobody can be let in or turned away. */
export class TokenKeysUnavailable extends Error {
  override readonly name = 'TokenKeysUnavailable';
}

/**
 * The claims of the bearer token in an Authorization header. Raises Problem `unauthenticated`, and TokenKeysUnavailable.
 */
export async function authenticate(
  authorization: string | undefined,
  { key, issuer, audience }: TokenSettings,
): Promise<Claims> {
  const token = /^Bearer ([^\s]+)$/i.exec(authorization ?? '')?.[1];
  if (!token) throw new Problem('unauthenticated');
  const options = {
    issuer,
    audience,
    algorithms: ALGORITHMS,
    requiredClaims: ['exp', 'sub'],
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
  };
  let payload: JWTPayload;
  try {
    ({ payload } = await (typeof key === 'function'
      ? jwtVerify(token, key, options)
      : jwtVerify(token, key, options)));
  } catch (error) {
    if (error instanceof TokenKeysUnavailable) throw error;
    throw new Problem('unauthenticated');
  }
  const claims = claimsSchema.safeParse(payload);
  if (!claims.success) throw new Problem('unauthenticated');
  return claims.data;
}

/**
 * The public key that tokens are verified with, of a PEM (SPKI), whatever text stands before it; the key's own kind
 * decides which of the allowed algorithms it can verify. Raises an Error where it is no such key.
 */
export async function importPublicKey(pem: string): Promise<CryptoKey> {
  const block = pem.slice(Math.max(0, pem.indexOf('-----BEGIN PUBLIC KEY-----'))).trim();
  for (const algorithm of ALGORITHMS) {
    const key = await importSPKI(block, algorithm).catch(() => undefined);
    if (key) return key;
  }
  throw new Error('AUTH_PUBLIC_KEY is no public key in PEM (SPKI) for ES256, RS256 or EdDSA');
}

/**
 * The identity provider's key set (JWKS), fetched when a token needs it and then kept for a time. After a failure it is
 * left alone for a while, whoever asks for whichever key: those that are known are given all the same.
 */
export function remoteKeys(url: string): JWTVerifyGetKey {
  let failedAt = -Infinity;
  const keySet = createRemoteJWKSet(new URL(url), {
    timeoutDuration: JWKS_TIMEOUT_MS,
    cacheMaxAge: JWKS_CACHE_MS,
    cooldownDuration: JWKS_COOLDOWN_MS,
    [customFetch]: async (...request) => {
      if (performance.now() - failedAt < JWKS_RETRY_MS) throw new TokenKeysUnavailable();
      return boundedFetch(...request);
    },
  });
  return async (header, token) => {
    try {
      return await keySet(header, token);
    } catch (error) {
      if (isAboutTheToken(error) || error instanceof TokenKeysUnavailable) throw error;
      failedAt = performance.now();
      throw new TokenKeysUnavailable('the key set can not be had', { cause: error });
    }
  };
}

function isAboutTheToken(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}

const boundedFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += (chunk as Uint8Array).length;
    if (size > JWKS_MAX_BYTES) throw new Error('the key set is too large');
    chunks.push(chunk as Uint8Array);
  }
  return new Response(Buffer.concat(chunks), { status: response.status });
};
