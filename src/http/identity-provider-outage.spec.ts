import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Controller, Get, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { pino } from 'pino';
import { HTTP_LIMITS } from './edge/http-limits.js';
import { createHttpServer } from './http-server.js';
import { remoteKeys } from './tokens.js';

@Controller('workspaces/:workspaceId')
class Endpoints {
  @Get()
  workspace(): object {
    return {};
  }
}

@Module({})
class Endpoint {}

const MINUTES = 60_000;
const ADDRESS_RATE = 10;
/** Only the clocks are set by hand; what waits for a server goes on as ever. */
const REAL = [
  'nextTick',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
  'hrtime',
] as const;

describe('while the identity provider is away', () => {
  let provider: Server;
  let isAway = false;
  let asked = 0;
  let keys: Awaited<ReturnType<typeof generateKeyPair>>;
  let app: NestFastifyApplication;
  const apps: NestFastifyApplication[] = [];

  beforeEach(async () => {
    jest.useFakeTimers({ doNotFake: [...REAL] });
    keys = await generateKeyPair('ES256');
    const set = JSON.stringify({
      keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k-1', alg: 'ES256' }],
    });
    [isAway, asked] = [false, 0];
    provider = createServer((_, response) => {
      asked += 1;
      if (isAway) response.writeHead(503).end();
      else response.end(set);
    });
    await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
    app = await createHttpServer(
      { module: Endpoint, controllers: [Endpoints] },
      {
        key: remoteKeys(`http://127.0.0.1:${(provider.address() as AddressInfo).port}/jwks`),
        issuer: 'client-contacts',
        audience: 'client-contacts',
      },
      pino({ level: 'silent' }),
      {
        limits: { ...HTTP_LIMITS, addressRate: ADDRESS_RATE },
        accessTable: {
          'GET /workspaces/:workspaceId': { people: ['owner'], services: 'contacts:read' },
        },
      },
    );
    apps.push(app);
    await app.init();
  });
  afterEach(() => {
    jest.useRealTimers();
    provider.closeAllConnections();
    provider.close();
  });
  afterAll(() => Promise.all(apps.map((each) => each.close())));

  const tokenOf = (subject: string, kid = 'k-1') =>
    new SignJWT({ scope: 'contacts:read', client_id: subject })
      .setProtectedHeader({ alg: 'ES256', kid })
      .setIssuer('client-contacts')
      .setAudience('client-contacts')
      .setSubject(subject)
      .setExpirationTime('2h')
      .sign(keys.privateKey);
  const answerTo = async (token: string) =>
    app.inject({ url: '/workspaces/ws', headers: { authorization: `Bearer ${token}` } });
  /** With a token that was not seen before, so that its key is looked up. */
  const status = async (subject: string, kid?: string) =>
    (await answerTo(await tokenOf(subject, kid))).statusCode;

  it('callers are let in by the known keys for ten minutes, then answered 503, until it is back', async () => {
    expect(await status('s-1')).toBe(200);
    isAway = true;
    jest.advanceTimersByTime(10 * MINUTES - 1);
    const seenJustBefore = await tokenOf('s-2');
    expect((await answerTo(seenJustBefore)).statusCode).toBe(200);
    expect(asked).toBe(1);

    jest.advanceTimersByTime(1);
    const refused = await answerTo(await tokenOf('s-3'));
    expect(refused.statusCode).toBe(503);
    expect(refused.headers['retry-after']).toBe('1');
    expect(refused.json()).toMatchObject({ code: 'dependency_unavailable' });
    expect((await answerTo(seenJustBefore)).statusCode).toBe(200);
    // Whatever the keys are, this is no token.
    expect((await answerTo('nonsense')).statusCode).toBe(401);

    isAway = false;
    expect(await status('s-4')).toBe(503);
    expect(asked).toBe(2);
    jest.advanceTimersByTime(1_000);
    expect(await status('s-4')).toBe(200);
    expect(asked).toBe(3);
  });

  it('a key that is not known is no reason to turn its caller away, nor to shut out the others', async () => {
    expect(await status('s-1')).toBe(200);
    isAway = true;
    jest.advanceTimersByTime(MINUTES);
    expect(await status('s-2', 'k-2')).toBe(503);
    expect(await status('s-3')).toBe(200);
    isAway = false;
    jest.advanceTimersByTime(MINUTES);
    expect(await status('s-2', 'k-2')).toBe(401);
  });

  it('is asked no more often than before by those who come with keys that nobody knows', async () => {
    expect(await status('s-1')).toBe(200);
    isAway = true;
    jest.advanceTimersByTime(MINUTES);
    for (const kid of ['k-2', 'k-3', 'k-4']) expect(await status(`s-${kid}`, kid)).toBe(503);
    expect(await status('s-2')).toBe(200);
    expect(asked).toBe(2);
    jest.advanceTimersByTime(1_000);
    expect(await status('s-3', 'k-3')).toBe(503);
    expect(asked).toBe(3);
  });

  it('an address from which too many come who can not be told apart is refused, and nobody who was let in', async () => {
    expect(await status('s-1')).toBe(200);
    isAway = true;
    jest.advanceTimersByTime(10 * MINUTES - 1);
    const known = await tokenOf('s-1');
    expect((await answerTo(known)).statusCode).toBe(200);
    jest.advanceTimersByTime(1);
    const answers: number[] = [];
    for (let request = 0; request <= ADDRESS_RATE; request++) answers.push(await status('s-2'));
    expect(answers).toEqual([...Array<number>(ADDRESS_RATE).fill(503), 429]);
    expect((await answerTo(known)).statusCode).toBe(200);
  });
});
