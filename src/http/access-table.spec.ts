import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { InjectOptions } from 'fastify';
import { pino } from 'pino';
import { tokenIssuer } from '../../test/fixtures/tokens.js';
import { COMMAND_DEFAULTS } from '../commands/command-settings.js';
import { type ServiceDependencies, ServiceModule } from '../operations/service.module.js';
import { ACCESS_TABLE } from './access-table.js';
import { createHttpServer } from './http-server.js';
import { importPublicKey } from './tokens.js';

const ROLES = ['owner', 'admin', 'manager', 'member', 'guest', ''];
const SCOPES = ['contacts:write', 'contacts:read', 'routing:read', 'portal:read'];

/** Who is to be let in, by what an endpoint is for: said here again, so that a slip in the table is seen. */
const admitted: Record<string, readonly string[]> = {
  'contacts:write': ['owner', 'admin', 'manager', 'contacts:write'],
  'contacts:read': ['owner', 'admin', 'manager', 'contacts:read'],
  'routing:read': ['owner', 'admin', 'manager', 'routing:read'],
  'portal:read': ['owner', 'admin', 'manager', 'portal:read'],
};

const rows = Object.entries(ACCESS_TABLE).flatMap(([endpoint, access]) =>
  access === 'anyone' ? [] : [[endpoint, access.services] as const],
);

describe('who may do what', () => {
  let issuer: Awaited<ReturnType<typeof tokenIssuer>>;
  let app: NestFastifyApplication;
  const routes: string[] = [];

  beforeAll(async () => {
    issuer = await tokenIssuer();
    // No command and no query gets past the edge here: an admitted request fails behind it.
    const dependencies = { commandSettings: COMMAND_DEFAULTS } as unknown as ServiceDependencies;
    app = await createHttpServer(
      ServiceModule.withApi(dependencies),
      {
        key: await importPublicKey(issuer.publicKey),
        issuer: 'client-contacts',
        audience: 'client-contacts',
      },
      pino({ level: 'silent' }),
    );
    app
      .getHttpAdapter()
      .getInstance()
      .addHook('onRoute', ({ method, url }) => {
        if (method !== 'HEAD') routes.push(`${String(method)} ${url}`);
      });
    await app.init();
  });
  afterAll(() => app.close());

  const statusOf = async (endpoint: string, token: string | undefined, workspaceId = 'ws') => {
    const [method, path = ''] = endpoint.split(' ');
    const url = path.replace(':workspaceId', workspaceId).replaceAll(/:\w+/g, 'x');
    const answer = await app.inject({
      method: method as NonNullable<InjectOptions['method']>,
      url,
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    });
    return answer.statusCode;
  };

  it('is told of every route, and of nothing else', () => {
    const served = routes.filter((route) => !/ \/docs/.test(route));
    expect(served.toSorted()).toEqual(Object.keys(ACCESS_TABLE).toSorted());
  });

  describe.each(rows)('%s', (endpoint, scope) => {
    it.each(ROLES)('for the role "%s" in the workspace', async (role) => {
      const status = await statusOf(endpoint, await issuer.person(role, 'ws'));
      if (admitted[scope]!.includes(role)) expect([401, 403]).not.toContain(status);
      else expect(status).toBe(403);
    });

    it.each(SCOPES)('for the scope %s', async (granted) => {
      const status = await statusOf(endpoint, await issuer.service(granted));
      if (admitted[scope]!.includes(granted)) expect([401, 403]).not.toContain(status);
      else expect(status).toBe(403);
    });

    it('for nobody without a token, of another workspace, or with neither role nor scope', async () => {
      expect(await statusOf(endpoint, undefined)).toBe(401);
      expect(await statusOf(endpoint, await issuer.person('owner', 'another'))).toBe(403);
      expect(await statusOf(endpoint, await issuer.sign({ workspaces: {} }, 'u-1'))).toBe(403);
      expect(await statusOf(endpoint, await issuer.sign({}, 'u-1'))).toBe(403);
      expect(await statusOf(endpoint, await issuer.service(SCOPES.join(',')))).toBe(403);
    });

    it('for no person by the scopes of the client that they came with', async () => {
      const claims = { scope: SCOPES.join(' '), client_id: 'web-app' };
      expect(await statusOf(endpoint, await issuer.sign(claims, 'u-1'))).toBe(403);
      expect(await statusOf(endpoint, await issuer.sign({ scope: claims.scope }, 'u-1'))).toBe(403);
    });

    it.each(['__proto__', 'constructor', 'toString'])('for nobody by the workspace %s', async (word) => {
      expect(await statusOf(endpoint, await issuer.person('owner', 'ws'), word)).toBe(403);
    });
  });
});
