import { decodeJwt } from 'jose';
import { authenticate, type Claims, type TokenSettings } from './tokens.js';

/** How long a token that was verified is taken without another look at its key: so long a withdrawn key goes on. */
const LIFE_MS = 30_000;
const MAX_TOKENS = 1_000;

/** Verifies bearer tokens, each once in a while: a caller sends the same one again and again, and each check costs. */
export class VerifiedTokens {
  private readonly held = new Map<string, { readonly claims: Claims; readonly until: number }>();

  /** `now` gives the time in milliseconds since 1970. */
  constructor(
    private readonly settings: TokenSettings,
    private readonly now: () => number = Date.now,
  ) {}

  /** The claims of the token in an Authorization header. Raises what `authenticate` raises; a refusal is not kept. */
  async claimsOf(authorization: string | undefined): Promise<Claims> {
    const held = this.held.get(authorization ?? '');
    if (held && this.now() < held.until) return held.claims;
    const claims = await authenticate(authorization, this.settings);
    this.hold(authorization!, claims);
    return claims;
  }

  private hold(authorization: string, claims: Claims): void {
    const { exp = 0 } = decodeJwt(authorization.slice('Bearer '.length));
    this.held.delete(authorization);
    this.held.set(authorization, { claims, until: Math.min(this.now() + LIFE_MS, exp * 1000) });
    if (this.held.size > MAX_TOKENS) this.held.delete(this.held.keys().next().value!);
  }
}
