import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { exportJWK, exportSPKI, generateKeyPair, type JWTHeaderParameters, SignJWT } from 'jose';
import { authenticate, importPublicKey, remoteKeys, TokenKeysUnavailable } from './tokens.js';

const ISSUER = 'https://id.example';
const AUDIENCE = 'client-contacts';
const seconds = () => Math.floor(Date.now() / 1000);
const unauthenticated = expect.objectContaining({ code: 'unauthenticated' });

describe('a bearer token', () => {
  let keys: Awaited<ReturnType<typeof generateKeyPair>>;
  let pem: string;
  beforeAll(async () => {
    keys = await generateKeyPair('ES256');
    pem = await exportSPKI(keys.publicKey);
  });

  const claims = () => ({
    iss: ISSUER,
    aud: AUDIENCE,
    sub: 'u-1',
    exp: seconds() + 600,
    scope: 'contacts:read',
  });
  const signed = (changes: object = {}, header: Partial<JWTHeaderParameters> = {}) =>
    new SignJWT({ ...claims(), ...changes })
      .setProtectedHeader({ alg: 'ES256', ...header })
      .sign(keys.privateKey);
  const checked = async (token: string, scheme = 'Bearer') =>
    authenticate(`${scheme} ${token}`, {
      key: await importPublicKey(pem),
      issuer: ISSUER,
      audience: AUDIENCE,
    });

  it('that is in order says who calls', async () => {
    expect(await checked(await signed(), 'bearer')).toEqual({ sub: 'u-1', scope: 'contacts:read' });
    expect(await checked(await signed({ aud: ['other', AUDIENCE] }))).toMatchObject({ sub: 'u-1' });
  });

  it.each([
    ['that has expired', () => ({ exp: seconds() - 60 })],
    ['that never expires', () => ({ exp: undefined })],
    ['that is not valid yet', () => ({ nbf: seconds() + 60 })],
    ['of another issuer', () => ({ iss: 'https://else.example' })],
    ['of no issuer', () => ({ iss: undefined })],
    ['for another audience', () => ({ aud: 'invoicing' })],
    ['for no audience', () => ({ aud: undefined })],
    ['without a subject', () => ({ sub: undefined })],
    ['whose subject is an address', () => ({ sub: 'ann@client.example' })],
    ['whose subject has spaces', () => ({ sub: 'u 1' })],
    ['whose subject is beyond ASCII', () => ({ sub: 'ünal' })],
    ['whose subject is too long', () => ({ sub: 'u'.repeat(129) })],
    ['whose workspaces are a list', () => ({ workspaces: ['ws'] })],
    ['whose scope is a list', () => ({ scope: ['contacts:read'] })],
  ])('%s is refused', async (_, changes) => {
    await expect(checked(await signed(changes()))).rejects.toEqual(unauthenticated);
  });

  it('of a clock that is a little ahead is taken', async () => {
    expect(await checked(await signed({ nbf: seconds() + 2 }))).toMatchObject({ sub: 'u-1' });
  });

  it('is refused in another scheme, or when it is none', async () => {
    await expect(checked(await signed(), 'Basic')).rejects.toEqual(unauthenticated);
    await expect(checked('a.b.c')).rejects.toEqual(unauthenticated);
    await expect(
      authenticate(undefined, { key: keys.publicKey, issuer: ISSUER, audience: AUDIENCE }),
    ).rejects.toEqual(unauthenticated);
  });

  it('is refused when it is signed with nothing, or with the public key as a secret', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    await expect(checked(`${part({ alg: 'none' })}.${part(claims())}.`)).rejects.toEqual(unauthenticated);
    const symmetric = new SignJWT(claims())
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(pem));
    await expect(checked(await symmetric)).rejects.toEqual(unauthenticated);
  });

  it('is checked with a key whatever text stands before it, and with no key that is none', async () => {
    pem = `some text\n${pem}`;
    expect(await checked(await signed())).toMatchObject({ sub: 'u-1' });
    await expect(importPublicKey('nonsense')).rejects.toThrow(
      'AUTH_PUBLIC_KEY is no public key in PEM (SPKI) for ES256, RS256 or EdDSA',
    );
  });
});

describe('the key set of an identity provider', () => {
  let server: Server;
  let url: string;
  let asked = 0;
  let answer: (response: ServerResponse) => void;
  let current: Awaited<ReturnType<typeof generateKeyPair>>;

  beforeAll(async () => {
    current = await generateKeyPair('ES256');
    server = createServer((_, response) => {
      asked += 1;
      answer(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  afterEach(() => {
    asked = 0;
  });

  const inOrder = async () => {
    const key = { ...(await exportJWK(current.publicKey)), kid: 'k-1', alg: 'ES256' };
    return (response: ServerResponse) => response.end(JSON.stringify({ keys: [key] }));
  };
  const token = (kid = 'k-1') =>
    new SignJWT({ scope: 'contacts:read' })
      .setProtectedHeader({ alg: 'ES256', kid })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject('u-1')
      .setExpirationTime('10m')
      .sign(current.privateKey);
  const check = async (key: ReturnType<typeof remoteKeys>, kid?: string) =>
    authenticate(`Bearer ${await token(kid)}`, { key, issuer: ISSUER, audience: AUDIENCE });

  it('is fetched once for many tokens, and an unknown key does not have it fetched again at once', async () => {
    answer = await inOrder();
    const keys = remoteKeys(url);
    expect(await Promise.all([check(keys), check(keys)])).toHaveLength(2);
    await expect(check(keys, 'unknown')).rejects.toEqual(unauthenticated);
    expect(asked).toBe(1);
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['fails', (response) => response.writeHead(500).end()],
    ['sends the caller elsewhere', (response) => response.writeHead(302, { location: '/jwks' }).end()],
    ['answers nonsense', (response) => response.end('nonsense')],
    ['hangs up', (response) => response.destroy()],
    ['answers without end', (response) => response.end(`"${'x'.repeat(1024 * 1024)}"`)],
  ])('that %s lets nobody in and turns nobody away, and is not asked again at once', async (_, wrong) => {
    answer = wrong;
    const keys = remoteKeys(url);
    await expect(check(keys)).rejects.toBeInstanceOf(TokenKeysUnavailable);
    await expect(check(keys)).rejects.toBeInstanceOf(TokenKeysUnavailable);
    expect(asked).toBe(1);
  });
});
