import { EventEmitter, once } from 'node:events';
import { connect } from 'node:net';
import { Body, Controller, Get, Module, Param, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { tokenIssuer } from '../../../test/fixtures/tokens.js';
import { AddContactRequest } from '../contact-requests.js';
import { createHttpServer } from '../http-server.js';
import { ContactId } from '../request-context.js';
import { importPublicKey } from '../tokens.js';
import { HTTP_LIMITS } from './http-limits.js';

/** A request arrives there, and waits here. */
const arrived = new EventEmitter();

@Controller('v1/workspaces/:workspaceId')
class Endpoints {
  @Get('held')
  async held(): Promise<object> {
    arrived.emit('request');
    await once(arrived, 'release');
    return {};
  }

  @Get('contacts/:contactId')
  contact(@ContactId() contactId: string, @Param('workspaceId') workspaceId: string): object {
    return { contactId, workspaceId };
  }

  @Post('contacts')
  add(@Body() fields: AddContactRequest): object {
    return { ...fields };
  }
}

@Controller('health')
class Health {
  @Get('live')
  live(): object {
    return {};
  }
}

@Module({})
class Endpoint {}

const managing = { people: ['owner', 'admin', 'manager'], services: 'contacts:write' } as const;
const log: string[] = [];

describe('the edge of the HTTP server', () => {
  let issuer: Awaited<ReturnType<typeof tokenIssuer>>;
  let owner: string;
  const apps: NestFastifyApplication[] = [];

  async function start(limits: Partial<typeof HTTP_LIMITS> = {}) {
    const app = await createHttpServer(
      { module: Endpoint, controllers: [Endpoints, Health] },
      {
        key: await importPublicKey(issuer.publicKey),
        issuer: 'client-contacts',
        audience: 'client-contacts',
      },
      pino({ level: 'debug', base: null }, { write: (line) => void log.push(line) }),
      {
        accessTable: {
          'GET /v1/workspaces/:workspaceId/held': managing,
          'GET /v1/workspaces/:workspaceId/contacts/:contactId': managing,
          'POST /v1/workspaces/:workspaceId/contacts': managing,
          'GET /health/live': 'anyone',
        },
        limits: { ...HTTP_LIMITS, ...limits },
      },
    );
    await app.listen(0, '127.0.0.1');
    apps.push(app);
    return { url: await app.getUrl(), port: Number(new URL(await app.getUrl()).port) };
  }

  beforeAll(async () => {
    issuer = await tokenIssuer();
    owner = await issuer.person('owner', 'ws');
  });
  afterAll(async () => {
    await Promise.all(apps.map((app) => app.close()));
  });

  /** Sends the bytes as they are, and gives head and body of what comes back until the connection ends. */
  async function raw(port: number, bytes: string | Buffer) {
    const socket = connect(port, '127.0.0.1');
    socket.write(bytes);
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    const [head = '', body = ''] = Buffer.concat(chunks).toString().split('\r\n\r\n');
    return { status: Number(head.split(' ')[1]), head: head.toLowerCase(), body };
  }

  describe('answers what it can not take, each with a problem of its own', () => {
    let port: number;
    beforeAll(async () => {
      ({ port } = await start());
    });

    const CONTACTS = '/v1/workspaces/ws/contacts';
    const json = 'content-type: application/json';
    const post = (body: string | Buffer, ...headers: string[]) => ({
      line: `POST ${CONTACTS}`,
      headers: [...(headers.length > 0 ? headers : [json]), `content-length: ${Buffer.byteLength(body)}`],
      body,
    });
    const get = (path: string, ...headers: string[]) => ({ line: `GET ${path}`, headers, body: '' });
    const many = Array.from({ length: 101 }, (_, index) => `x-${index}: 1`);

    it.each([
      ['an unknown field', post('{"email":"a@x.example","nick":"a"}'), 422, 'validation_failed'],
      ['a field of the wrong type', post('{"email":7}'), 422, 'validation_failed'],
      ['a field named __proto__', post('{"email":"a@x.example","__proto__":{}}'), 422, 'validation_failed'],
      ['no object', post('[]'), 422, 'validation_failed'],
      ['no body', post(''), 400, 'malformed_request'],
      ['a body that is no JSON', post('{"email":'), 400, 'malformed_request'],
      [
        'a body that is no UTF-8',
        post(Buffer.from('7b226e616d65223a22ff227d', 'hex')),
        400,
        'malformed_request',
      ],
      ['a body deeper than any', post('['.repeat(99) + ']'.repeat(99)), 400, 'malformed_request'],
      ['a body that is too large', post(`{"email":"${'x'.repeat(70_000)}"}`), 413, 'payload_too_large'],
      ['another kind of body', post('email=a', 'content-type: text/plain'), 415, 'unsupported_media_type'],
      ['a body of no kind', post('{}', 'x-none: 1'), 415, 'unsupported_media_type'],
      ['a kind that is no kind', post('{}', 'content-type: ;;'), 415, 'unsupported_media_type'],
      ['a compressed body', post('{}', json, 'content-encoding: gzip'), 415, 'unsupported_media_type'],
      ['two kinds of body', post('{}', json, 'content-type: text/plain'), 400, 'malformed_request'],
      ['two tokens', get(`${CONTACTS}/c`, 'authorization: Bearer x'), 400, 'malformed_request'],
      ['an address that can not be decoded', get('/v1/%ff'), 400, 'malformed_request'],
      ['an id that is none', get(`${CONTACTS}/a%20b`), 400, 'invalid_id'],
      ['an id that is too long', get(`${CONTACTS}/${'x'.repeat(300)}`), 400, 'invalid_id'],
      ['an address that is too long', get(`/v1/${'x'.repeat(5_000)}`), 414, 'uri_too_long'],
      ['an address that is not there', get('/v2'), 404, 'not_found'],
      ['a body for what is not there', { ...post('{"email":'), line: 'POST /v2' }, 404, 'not_found'],
      ['a large header', get(CONTACTS, `x-large: ${'x'.repeat(20_000)}`), 431, 'headers_too_large'],
      ['too many headers', get(`${CONTACTS}/c`, ...many), 431, 'headers_too_large'],
      ['another method', { ...get(`${CONTACTS}/c`), line: `PATCH ${CONTACTS}/c` }, 405, 'method_not_allowed'],
    ])('%s', async (_, { line, headers, body }, status, code) => {
      const head = [
        `${line} HTTP/1.1`,
        'Host: x',
        'Connection: close',
        `authorization: Bearer ${owner}`,
        ...headers,
      ];
      const answer = await raw(
        port,
        Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), Buffer.from(body)]),
      );
      expect(answer.status).toBe(status);
      expect(JSON.parse(answer.body)).toMatchObject({ status, code, type: `/problems/${code}` });
      expect(answer.head).toContain('content-type: application/problem+json');
      expect(answer.head).toContain('cache-control: no-store');
      expect(answer.head).toMatch(/x-correlation-id: [0-9a-f-]{36}/);
      expect(answer.head).not.toMatch(/^(server|x-powered-by):/m);
      if (status === 405) expect(answer.head).toContain('allow: get, head, options');
    });

    it('nothing but the methods to OPTIONS, and to HEAD what GET would get without its body', async () => {
      const options = await raw(port, `OPTIONS ${CONTACTS} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      expect(options).toMatchObject({ status: 204, body: '' });
      expect(options.head).toContain('allow: post, options');
      const head = await raw(port, 'HEAD /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
      expect(head).toMatchObject({ status: 200, body: '' });
    });

    it('counts the headers that Node would drop in silence, too', async () => {
      const { port: taking2000 } = await start({ maxHeaders: 2_000 });
      const head = `GET /v2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${'a:\r\n'.repeat(2_500)}\r\n`;
      expect((await raw(taking2000, head)).status).toBe(431);
    });

    it('keeps a correlation id of the allowed form and replaces any other, also where it refuses', async () => {
      const answered = async (id: string) => {
        const text = `GET /v2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Correlation-Id: ${id}\r\n\r\n`;
        return /x-correlation-id: (\S+)/.exec((await raw(port, text)).head)?.[1];
      };
      expect(await answered('import-7')).toBe('import-7');
      expect(await answered('ann@client.example')).toMatch(/^[0-9a-f-]{36}$/);
    });
  });

  describe('takes no more than its limits', () => {
    const authorized = () => ({ headers: { authorization: `Bearer ${owner}` } });

    it('of requests in flight, health apart', async () => {
      const { url } = await start({ maxRequestsInFlight: 1 });
      const arrival = once(arrived, 'request');
      const held = fetch(`${url}/v1/workspaces/ws/held`, authorized());
      await arrival;
      const refused = await fetch(`${url}/v1/workspaces/ws/contacts/c`, authorized());
      expect(refused.status).toBe(503);
      expect(refused.headers.get('retry-after')).toBe('1');
      expect(await refused.json()).toMatchObject({ code: 'too_busy' });
      expect((await fetch(`${url}/health/live`)).status).toBe(200);
      arrived.emit('release');
      expect((await held).status).toBe(200);
      expect((await fetch(`${url}/v1/workspaces/ws/contacts/c`, authorized())).status).toBe(200);
    });

    it('of one caller; others, and the same elsewhere, are served', async () => {
      const { url } = await start({ callerRate: 3, rateWindowMs: 60_000 });
      const statuses = async (count: number, token: string, workspace = 'ws') => {
        const all: number[] = [];
        for (let index = 0; index < count; index += 1) {
          const headers = { authorization: `Bearer ${token}` };
          all.push((await fetch(`${url}/v1/workspaces/${workspace}/contacts/c`, { headers })).status);
        }
        return all;
      };
      expect(await statuses(4, owner)).toEqual([200, 200, 200, 429]);
      expect(await statuses(1, await issuer.person('owner', 'ws', 'u-2'))).toEqual([200]);
      // Of the same id, but no person.
      const service = await issuer.service('contacts:write', 'u-1');
      expect(await statuses(4, service)).toEqual([200, 200, 200, 429]);
      expect(await statuses(1, service, 'elsewhere')).toEqual([200]);
      const refused = await fetch(`${url}/v1/workspaces/ws/contacts/c`, authorized());
      expect(await refused.json()).toMatchObject({ code: 'rate_limited' });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(refused.headers.get('ratelimit-limit')).toBe('3');
      expect(refused.headers.get('ratelimit-remaining')).toBe('0');
      expect(refused.headers.get('ratelimit-reset')).toBe(refused.headers.get('retry-after'));
    });

    it('of those who are not let in, by address, which shuts out nobody with a good token', async () => {
      const { url } = await start({ addressRate: 2 });
      const anonymous = async () => (await fetch(`${url}/v1/workspaces/ws/contacts/c`)).status;
      expect([await anonymous(), await anonymous(), await anonymous()]).toEqual([401, 401, 429]);
      expect((await fetch(`${url}/v2`)).status).toBe(429);
      expect((await fetch(`${url}/v1/workspaces/ws/contacts/c`, authorized())).status).toBe(200);
      expect((await fetch(`${url}/health/live`)).status).toBe(200);
    });
  });

  it('tells browsers to keep and to run nothing, and lets the documentation show itself', async () => {
    const { url } = await start();
    const answer = await fetch(`${url}/v1/workspaces/ws/contacts/c`);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('content-security-policy')).toBe(
      "default-src 'none';frame-ancestors 'none';base-uri 'none'",
    );
    expect(answer.headers.get('x-frame-options')).toBe('DENY');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    const docs = await fetch(`${url}/docs`);
    const policy = docs.headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(docs.headers.get('x-frame-options')).toBe('DENY');
    expect(policy).not.toContain('upgrade-insecure-requests');
    // What the page asks for stands on this server, and no script stands in the page.
    const page = await docs.text();
    const sources = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source!);
    expect(sources.length).toBeGreaterThan(2);
    for (const source of sources) expect(new URL(source, `${url}/docs`).origin).toBe(new URL(url).origin);
    expect(page).not.toMatch(/<script(?![^>]*\ssrc=)/);
  });

  it('logs a line a request: the pattern of the route, never what the caller wrote', async () => {
    const { url } = await start();
    log.length = 0;
    const headers = { authorization: `Bearer ${owner}`, 'x-correlation-id': 'ann@client.example' };
    await fetch(`${url}/v1/workspaces/ws/contacts/c-1?q=ann@client.example`, { headers });
    await fetch(`${url}/ann@client.example`, { headers });
    await fetch(`${url}/health/live`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const lines = log.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toEqual([
      expect.objectContaining({
        level: 30,
        method: 'GET',
        route: '/v1/workspaces/:workspaceId/contacts/:contactId',
        status: 200,
        durationMs: expect.any(Number),
        correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        actor: 'user',
      }),
      expect.objectContaining({ level: 30, route: 'none', status: 404, actor: 'none' }),
      expect.objectContaining({ level: 20, route: '/health/live', status: 200 }),
    ]);
    expect(log.join('')).not.toContain('client.example');
  });

  it('logs that a caller left before the answer, in the place of a status', async () => {
    const { url } = await start();
    log.length = 0;
    const leaving = new AbortController();
    const arrival = once(arrived, 'request');
    const headers = { authorization: `Bearer ${owner}` };
    const answer = fetch(`${url}/v1/workspaces/ws/held`, { headers, signal: leaving.signal });
    await arrival;
    leaving.abort();
    await expect(answer).rejects.toThrow('aborted');
    for (let waits = 0; log.length === 0 && waits < 500; waits += 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
    arrived.emit('release');
    expect(log.map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({ route: '/v1/workspaces/:workspaceId/held', aborted: true }),
    ]);
    expect(log[0]).not.toContain('status');
  });
});
