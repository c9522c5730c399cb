import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { tokenIssuer } from '../../../test/fixtures/tokens.js';
import { createHttpServer } from '../http-server.js';
import { importPublicKey } from '../tokens.js';
import { HTTP_LIMITS } from './http-limits.js';

@Module({})
class Nothing {}

/** Each address may ask once; nothing is there, so nobody is let in and all are counted by address. */
const ONCE = { ...HTTP_LIMITS, addressRate: 1, rateWindowMs: 60_000 };

describe('X-Forwarded-For', () => {
  const apps: NestFastifyApplication[] = [];
  afterAll(() => Promise.all(apps.map((app) => app.close())));

  /** Asks once for each pair of the connection's address and the header, in their order. */
  async function statuses(trustedProxies: string[], asked: readonly (readonly [string, string?])[]) {
    const app = await createHttpServer(
      { module: Nothing },
      {
        key: await importPublicKey((await tokenIssuer()).publicKey),
        issuer: 'client-contacts',
        audience: 'client-contacts',
      },
      pino({ level: 'silent' }),
      { limits: { ...ONCE, trustedProxies } },
    );
    apps.push(app);
    await app.init();
    const all: number[] = [];
    for (const [remoteAddress, forwardedFor] of asked) {
      const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor };
      all.push((await app.inject({ url: '/v2', remoteAddress, headers })).statusCode);
    }
    return all;
  }

  it('of a trusted proxy tells one caller from another', async () => {
    const asked = [
      ['10.1.2.3', '203.0.113.1'],
      ['10.1.2.3', '203.0.113.2'],
      ['10.9.9.9', '203.0.113.1'],
    ] as const;
    expect(await statuses(['10.0.0.0/8'], asked)).toEqual([404, 404, 429]);
  });

  it('is passed over where no proxy is trusted, and from an address that is none of them', async () => {
    const asked = [
      ['192.0.2.7', '203.0.113.1'],
      ['192.0.2.7', '203.0.113.2'],
    ] as const;
    expect(await statuses([], asked)).toEqual([404, 429]);
    expect(await statuses(['10.0.0.0/8', '192.0.2.8'], asked)).toEqual([404, 429]);
  });

  it('gives a caller no other address by what they wrote before the proxy did', async () => {
    const asked = [
      ['10.1.2.3', '198.51.100.1, 203.0.113.1'],
      ['10.1.2.3', '198.51.100.2, 203.0.113.1'],
    ] as const;
    expect(await statuses(['10.1.2.3'], asked)).toEqual([404, 429]);
  });
});
