import { Body, Controller, Get, Module, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { tokenIssuer } from '../../test/fixtures/tokens.js';
import { AddContactRequest } from './contact-requests.js';
import { createHttpServer } from './http-server.js';
import { importPublicKey, Public, Requires } from './who-may.js';

let handled = 0;

@Controller('workspaces/:workspaceId')
class Endpoints {
  @Get('undeclared')
  undeclared(): object {
    handled += 1;
    return {};
  }

  @Get('open')
  @Public()
  open(): object {
    return {};
  }

  @Post('contacts')
  @Requires('contacts:write')
  contacts(@Body() fields: AddContactRequest): object {
    handled += 1;
    return { ...fields };
  }
}

@Module({})
class Endpoint {}

describe('the HTTP server', () => {
  let issuer: Awaited<ReturnType<typeof tokenIssuer>>;
  let app: NestFastifyApplication;
  let owner: string;

  beforeAll(async () => {
    issuer = await tokenIssuer();
    owner = await issuer.person('owner', 'ws');
    const settings = {
      key: await importPublicKey(issuer.publicKey),
      issuer: 'client-contacts',
      audience: 'client-contacts',
    };
    app = await createHttpServer(
      { module: Endpoint, controllers: [Endpoints] },
      settings,
      pino({ level: 'silent' }),
    );
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
  });
  afterAll(() => app.close());

  const get = (url: string, token?: string) =>
    app.inject({ url, headers: token ? { authorization: `Bearer ${token}` } : {} });
  const post = (payload: string, token: string | undefined, headers: Record<string, string> = {}) =>
    app.inject({
      method: 'POST',
      url: '/workspaces/ws/contacts',
      payload,
      headers: {
        'content-type': 'application/json',
        ...(token && { authorization: `Bearer ${token}` }),
        ...headers,
      },
    });

  describe('lets in', () => {
    it('nobody to a handler that does not say who may', async () => {
      handled = 0;
      const url = '/workspaces/ws/undeclared';
      expect((await get(url)).statusCode).toBe(401);
      expect((await get(url, owner)).statusCode).toBe(403);
      expect((await get(url, await issuer.service('contacts:write contacts:read'))).statusCode).toBe(403);
      expect((await app.inject({ method: 'HEAD', url })).statusCode).toBe(401);
      expect(handled).toBe(0);
    });

    it('everybody to a public handler and to the documentation', async () => {
      expect((await get('/workspaces/ws/open')).statusCode).toBe(200);
      expect((await get('/docs')).statusCode).toBe(200);
      expect((await get('/docs-json')).statusCode).toBe(200);
    });

    it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
      'nobody by the role or the workspace %s',
      async (word) => {
        const asRole = await issuer.person(word, 'ws');
        expect((await post('{"email":"a@x.example"}', asRole)).statusCode).toBe(403);
        const elsewhere = await app.inject({
          method: 'POST',
          url: `/workspaces/${word}/contacts`,
          payload: { email: 'a@x.example' },
          headers: { authorization: `Bearer ${owner}` },
        });
        expect(elsewhere.statusCode).toBe(403);
      },
    );

    it('nobody before it asks who calls, whatever the body', async () => {
      const member = await issuer.person('member', 'ws');
      expect((await post('{"email":', member)).statusCode).toBe(403);
      const large = JSON.stringify({ email: 'x'.repeat(70_000) });
      expect((await post(large, undefined)).statusCode).toBe(401);
      expect((await post(large, member)).statusCode).toBe(403);
      expect((await post('email=a', undefined, { 'content-type': 'text/plain' })).statusCode).toBe(401);
    });

    it('no key that is none, and says which variable holds it', async () => {
      await expect(importPublicKey('nonsense')).rejects.toThrow(
        'AUTH_PUBLIC_KEY is no public key in PEM (SPKI) for ES256, RS256 or EdDSA',
      );
    });
  });
});
