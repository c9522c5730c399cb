import { connect } from 'node:net';
import { Body, Controller, Get, Module, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { tokenIssuer } from '../../test/fixtures/tokens.js';
import { ReadModelUnavailable } from '../read-models/served-documents.js';
import { AddContactRequest } from './contact-requests.js';
import { createHttpServer } from './http-server.js';
import { importPublicKey } from './tokens.js';

let handled = 0;

@Controller('workspaces/:workspaceId')
class Endpoints {
  @Get('undeclared')
  undeclared(): object {
    handled += 1;
    return {};
  }

  @Get('open')
  open(): object {
    return {};
  }

  @Get('lost')
  lost(): object {
    throw new ReadModelUnavailable('the read models can not be read');
  }

  @Post('contacts')
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
  let port: number;

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
      {
        accessTable: {
          'GET /workspaces/:workspaceId/open': 'anyone',
          'GET /workspaces/:workspaceId/lost': 'anyone',
          'POST /workspaces/:workspaceId/contacts': {
            people: ['owner', 'admin', 'manager'],
            services: 'contacts:write',
          },
        },
      },
    );
    await app.listen(0, '127.0.0.1');
    port = Number(new URL(await app.getUrl()).port);
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
    it('nobody to a route that is not in the table of who may', async () => {
      handled = 0;
      const url = '/workspaces/ws/undeclared';
      const unknown = await get(url);
      expect(unknown.statusCode).toBe(401);
      expect(unknown.headers['www-authenticate']).toBe('Bearer');
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
  });

  describe('refuses', () => {
    const deep = (open: string, close: string, levels: number) => open.repeat(levels) + close.repeat(levels);
    const status = async (payload: string, headers = {}) => {
      const answer = await post(payload, owner, headers);
      expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
      return answer.statusCode;
    };

    it.each([
      ['arrays', `{"email":"a@x.example","name":${deep('[', ']', 25_000)}}`],
      ['objects', `{"email":"a@x.example","zzz":${deep('{"a":', '}', 9_000).replace(':}', ':1}')}}`],
      ['arrays that do not end', '['.repeat(60_000)],
    ])('deeply nested %s', async (_, payload) => {
      expect(await status(payload)).toBe(400);
    });

    it('the 17th level of a body and its byte behind 64 KiB, and none before', async () => {
      const ofLevels = (levels: number) => `{"zzz":${deep('[', ']', levels - 1)}}`;
      expect(await status(ofLevels(16))).toBe(422);
      expect(await status(ofLevels(17))).toBe(400);
      const ofBytes = (bytes: number) => `{"zzz":"${'x'.repeat(bytes - '{"zzz":""}'.length)}"}`;
      expect(await status(ofBytes(64 * 1024))).toBe(422);
      expect(await status(ofBytes(64 * 1024 + 1))).toBe(413);
    });

    it('no brackets within a text', async () => {
      const name = `\\"${'[{'.repeat(50)}`;
      const answer = await post(JSON.stringify({ email: 'a@x.example', name }), owner);
      expect(answer.json()).toMatchObject({ name });
    });

    it.each(['toString', 'hasOwnProperty', 'constructor', 'n'.repeat(64)])(
      'an unknown field %s, and names it',
      async (name) => {
        const answer = await post(`{"email":"a@x.example","${name}":1}`, owner);
        expect(answer.statusCode).toBe(422);
        expect(answer.json()).toMatchObject({ errors: [{ pointer: `/${name}` }] });
      },
    );

    it.each(['ann@x.example', 'Ann Lee', '__proto__', 'a/b', '33123456789', 'n'.repeat(65), ''])(
      'an unknown field %j, and does not repeat it: it does not look like the name of one',
      async (name) => {
        const answer = await post(`{"email":"a@x.example","${name}":1,"+":1}`, owner);
        expect(answer.statusCode).toBe(422);
        expect(answer.json().errors).toEqual([{ pointer: '', detail: 'must have no unknown fields' }]);
      },
    );

    it.each(['[]', '7', 'null', '"text"', '[{"email":"a@x.example"}]'])(
      'the body %s, which is no object',
      async (payload) => {
        expect(await status(payload)).toBe(422);
      },
    );

    it('a body that is compressed or in another charset than UTF-8', async () => {
      const body = '{"email":"a@x.example"}';
      expect(await status(body, { 'content-encoding': 'gzip' })).toBe(415);
      expect(await status(body, { 'content-type': 'application/json; charset=iso-8859-1' })).toBe(415);
      expect(await status(body, { 'content-type': 'application/json; charset="latin1"' })).toBe(415);
      const plain = { 'content-type': 'application/json; charset=UTF-8', 'content-encoding': 'identity' };
      expect((await post(body, owner, plain)).statusCode).toBe(201);
    });
  });

  describe('answers with a problem document', () => {
    /** Sends the text as it is, and gives what comes back until the connection ends. */
    const raw = async (text: string) => {
      const socket = connect(port, '127.0.0.1');
      socket.end(text);
      const chunks: Buffer[] = [];
      for await (const chunk of socket) chunks.push(chunk as Buffer);
      const [head = '', body = ''] = Buffer.concat(chunks).toString().split('\r\n\r\n');
      expect(head.toLowerCase()).toContain('content-type: application/problem+json');
      return JSON.parse(body) as { status: number };
    };
    const HOST = 'Host: x\r\nConnection: close\r\n';

    it('what is no HTTP', async () => {
      expect(await raw('nonsense\r\n\r\n')).toMatchObject({ status: 400, code: 'malformed_request' });
    });

    it('headers that are too large', async () => {
      const large = `GET /docs HTTP/1.1\r\n${HOST}X-Large: ${'x'.repeat(20_000)}\r\n\r\n`;
      expect(await raw(large)).toMatchObject({ status: 431, code: 'headers_too_large' });
    });

    it('the loss of the read models, as what may be tried again', async () => {
      const answer = await get('/workspaces/ws/lost');
      expect(answer.statusCode).toBe(503);
      expect(answer.headers['retry-after']).toBe('1');
      expect(answer.json()).toMatchObject({ code: 'dependency_unavailable' });
    });

    it('a way out of the documentation', async () => {
      for (const path of ['/docs/../../package.json', '/docs/%2e%2e/%2e%2e/package.json']) {
        expect(await raw(`GET ${path} HTTP/1.1\r\n${HOST}\r\n`)).toMatchObject({ status: 404 });
      }
    });
  });
});
