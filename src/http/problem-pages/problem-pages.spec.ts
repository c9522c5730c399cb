import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { tokenIssuer } from '../../../test/fixtures/tokens.js';
import { ServiceModule } from '../../operations/service.module.js';
import { createHttpServer } from '../http-server.js';
import { Problem, type ProblemCode, problemCatalogue } from '../problem.js';
import { importPublicKey } from '../tokens.js';
import { explanations } from './explanations.js';

const codes = Object.keys(problemCatalogue) as ProblemCode[];

describe('the pages of the problems', () => {
  let app: NestFastifyApplication;

  beforeAll(async () => {
    const key = await importPublicKey((await tokenIssuer()).publicKey);
    app = await createHttpServer(
      ServiceModule.withHealthOnly(),
      { key, issuer: 'client-contacts', audience: 'client-contacts' },
      pino({ level: 'silent' }),
    );
    await app.init();
  });
  afterAll(() => app.close());

  const get = (url: string, accept?: string) => app.inject({ url, headers: accept ? { accept } : {} });

  it.each(codes)('explain %s where its type leads', async (code) => {
    const { type, status, title } = new Problem(code).toDocument();
    const page = await get(type, 'text/html,*/*;q=0.8');
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-type']).toMatch(/^text\/html/);
    expect(page.body).toContain(`<h1>${status} <code>${code}</code></h1>`);
    const { when, remedy } = explanations[code];
    const described = await get(type, 'application/json');
    expect(described.json()).toMatchObject({ type, code, status, title, when, remedy });
    expect(described.json()).toMatchObject({ example: { type, status, title, code } });
  });

  it('are HTML for who takes both, and a cache is told that it depends', async () => {
    const page = await get('/problems/forbidden', 'text/html,application/json;q=0.9');
    expect(page.headers['content-type']).toMatch(/^text\/html/);
    expect(page.headers['vary']).toBe('Accept');
  });

  it('are listed, for people and for programs', async () => {
    const page = await get('/problems');
    for (const code of codes) expect(page.body).toContain(`href="/problems/${code}"`);
    const list = (await get('/problems', 'application/json')).json() as { code: string }[];
    expect(list.map(({ code }) => code)).toEqual(codes);
  });

  it.each(['toString', '__proto__', 'constructor', 'none', '<script>'])('do not know %s', async (code) => {
    const answer = await get(`/problems/${encodeURIComponent(code)}`);
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ type: '/problems/not_found' });
  });

  it('tell a retry after a wait exactly where the answer says how long', () => {
    const waiting = codes.filter((code) => explanations[code].retry === 'after Retry-After');
    const answered = codes.filter((code) => [429, 503].includes(problemCatalogue[code].status));
    expect(waiting).toEqual(answered);
  });
});
