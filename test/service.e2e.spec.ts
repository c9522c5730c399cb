import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { MongoClient } from 'mongodb';
import {
  type Configuration,
  ConfigurationError,
  readConfiguration,
} from '../src/operations/configuration.js';
import { HEARTBEAT_KEY } from '../src/publishing/heartbeat.js';
import { createLog } from '../src/operations/log.js';
import { type RunningService, startService } from '../src/operations/service.js';
import { readTopic } from './fixtures/read-topic.js';
import { SHARED_KEYS } from './fixtures/shared-log-codec.js';
import { tokenIssuer } from './fixtures/tokens.js';

const run = randomUUID().slice(0, 8);
const workspaceId = `ws-${run}`;

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // Whatever the service answered: the tests say what they expect of it.
  readonly body: Record<string, unknown> & { contacts: Record<string, unknown>[]; contactId: string };
}

describe('the service', () => {
  let issuer: Awaited<ReturnType<typeof tokenIssuer>>;
  let configuration: Configuration;
  let service: RunningService;
  let owner: string;
  const kafka = new Kafka({ brokers: process.env['KAFKA_BROKERS']!.split(','), logLevel: logLevel.NOTHING });

  const start = () => startService(configuration, createLog('silent'));

  beforeAll(async () => {
    issuer = await tokenIssuer();
    configuration = readConfiguration({
      ...process.env,
      AUTH_PUBLIC_KEY: issuer.publicKey,
      HTTP_PORT: '0',
      MONGODB_DATABASE: `service_${run}`,
      ...SHARED_KEYS,
      TOPIC_PREFIX: `service-${run}`,
      TOPIC_PARTITIONS: '3',
      HEARTBEAT_INTERVAL_MS: '1000',
    });
    owner = await issuer.person('owner', workspaceId);
    service = await start();
  });

  afterAll(async () => {
    await service.stop();
    const mongo = new MongoClient(configuration.MONGODB_URL);
    await mongo.db(configuration.MONGODB_DATABASE).dropDatabase();
    await mongo.close();
  });

  async function call(
    method: string,
    path: string,
    {
      body,
      token = owner,
      headers = {},
    }: { body?: unknown; token?: string; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const response = await fetch(`${service.url}/v1/workspaces/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Answer['body'],
    };
  }

  const newClient = () => `${workspaceId}/clients/${randomUUID()}`;
  const newKey = () => ({ 'idempotency-key': randomUUID() });
  const addContact = (client: string, email: string, more: object = {}) =>
    call('POST', `${client}/contacts`, { body: { email, ...more }, headers: newKey() });

  describe('from a command to its read models', () => {
    it('adds a contact with the portal on, no flags and the warnings that follow', async () => {
      const client = newClient();
      const { status, headers, body } = await addContact(client, ' Margaux@Lefevre.example ', {
        name: 'Margaux',
      });
      expect(status).toBe(201);
      expect(headers.get('etag')).toBe('"0"');
      expect(body).toEqual({
        contactId: expect.any(String),
        revision: 0,
        contacts: [
          {
            contactId: body.contactId,
            email: 'Margaux@Lefevre.example',
            name: 'Margaux',
            title: null,
            phone: null,
            primary: false,
            billingDefault: false,
            portalEnabled: true,
          },
        ],
        billingEmail: null,
        warnings: [{ code: 'no_primary' }, { code: 'no_billing_default' }, { code: 'unroutable' }],
        effects: expect.any(Object),
      });
      const read = await call('GET', `${client}/contacts?minRevision=0`);
      expect(read.body).toEqual({ ...body, contactId: undefined, effects: undefined, source: 'read_model' });
    });

    it('moves the primary flag, and the route says which rule fired and what was passed over', async () => {
      const client = newClient();
      const ann = (await addContact(client, 'ann@client.example', { primary: true })).body.contactId;
      const bob = (await addContact(client, 'bob@client.example')).body.contactId;
      const moved = await call('PUT', `${client}/primary`, { body: { contactId: bob } });
      expect(moved.status).toBe(200);
      expect(moved.body.contacts.map(({ contactId, primary }) => [contactId, primary])).toEqual([
        [ann, false],
        [bob, true],
      ]);
      const { body } = await call('GET', `${client}/billing-route?minRevision=3`);
      expect(body).toEqual({
        clientId: client.split('/').at(-1),
        status: 'routed',
        rule: 'primary',
        email: 'bob@client.example',
        contactId: bob,
        passedOver: [
          { rule: 'billing_email', reason: 'not_set' },
          { rule: 'billing_default', reason: 'not_set' },
        ],
        since: { revision: 3, at: expect.any(String) },
        warnings: [{ code: 'no_billing_default' }],
        revision: 3,
        source: 'read_model',
      });
    });

    it('turns portal access off and on', async () => {
      const client = newClient();
      const { contactId } = (await addContact(client, 'ann@client.example')).body;
      const off = await call('PUT', `${client}/contacts/${contactId}/portal-access`, {
        body: { enabled: false },
      });
      expect(off.body.contacts).toMatchObject([{ contactId, portalEnabled: false }]);
      const again = await call('PUT', `${client}/contacts/${contactId}/portal-access`, {
        body: { enabled: false },
      });
      expect(again.body).toMatchObject({ revision: 1 });
    });

    it('gives the billing email, the billing default and the primary their turn', async () => {
      const client = newClient();
      const ann = (await addContact(client, 'ann@client.example', { primary: true })).body.contactId;
      const bob = (await addContact(client, 'bob@client.example', { billingDefault: true })).body.contactId;
      const set = await call('PUT', `${client}/billing-email`, {
        body: { email: 'invoices@client.example' },
      });
      expect(set.body['warnings']).toEqual([{ code: 'billing_email_cannot_sign_in' }]);
      const route = async (minRevision: unknown) =>
        (await call('GET', `${client}/billing-route?minRevision=${String(minRevision)}`)).body;
      expect(await route(set.body['revision'])).toMatchObject({ rule: 'billing_email', contactId: null });
      const cleared = await call('PUT', `${client}/billing-email`, { body: { email: null } });
      expect(await route(cleared.body['revision'])).toMatchObject({
        rule: 'billing_default',
        contactId: bob,
      });
      const removed = await call('DELETE', `${client}/contacts/${bob}`);
      expect(await route(removed.body['revision'])).toMatchObject({ rule: 'primary', contactId: ann });
      const last = await call('DELETE', `${client}/contacts/${ann}`);
      expect(last.body['warnings']).toEqual([{ code: 'unroutable' }]);
      expect(await route(last.body['revision'])).toMatchObject({
        status: 'unroutable',
        rule: 'none',
        email: null,
      });
    });

    it('answers for a client nobody has written to', async () => {
      const { status, headers, body } = await call('GET', `${newClient()}/contacts`);
      expect(status).toBe(200);
      expect(headers.get('etag')).toBe('"-1"');
      expect(body).toMatchObject({ revision: -1, contacts: [] });
    });

    it('writes every event to Kafka once, in order by client, and goes on after a restart', async () => {
      const client = newClient();
      const { contactId } = (await addContact(client, 'ann@client.example', { primary: true })).body;
      await service.stop();
      service = await start();
      await call('PUT', `${client}/contacts/${contactId}/portal-access`, { body: { enabled: false } });
      await call('GET', `${client}/billing-route?minRevision=2`);
      const key = client.replace('/clients/', '/');
      const published = async () =>
        (await readTopic(kafka, `${configuration.TOPIC_PREFIX}.events`))
          .filter((record) => record.key === key)
          .map(({ headers }) => `${Number(headers['ce_sequence'])} ${headers['ce_type']}`);
      const until = Date.now() + 15_000;
      while ((await published()).length < 3 && Date.now() < until) await sleep(100);
      expect(await published()).toEqual([
        '0 client-contacts.contact-added.v1',
        '1 client-contacts.primary-contact-changed.v1',
        '2 client-contacts.portal-access-toggled.v1',
      ]);
      const { body } = await call('GET', `${client}/contacts?minRevision=2`);
      expect(body).toMatchObject({ revision: 2, source: 'read_model' });
    });

    it('says on every partition of every topic, again and again, that it lives', async () => {
      for (const topic of ['events', 'billing-routes', 'portal-access']) {
        const beatsBy = async () => {
          const beats = new Map<number, number>();
          for (const { key, partition } of await readTopic(kafka, `${configuration.TOPIC_PREFIX}.${topic}`))
            if (key === HEARTBEAT_KEY) beats.set(partition, (beats.get(partition) ?? 0) + 1);
          return [0, 1, 2].map((partition) => beats.get(partition) ?? 0);
        };
        const before = await beatsBy();
        const hasBeaten = async () => (await beatsBy()).every((count, index) => count >= before[index]! + 2);
        const until = Date.now() + 15_000;
        while (!(await hasBeaten()) && Date.now() < until) await sleep(100);
        expect(await hasBeaten()).toBe(true);
      }
    });
  });

  describe('answers a retry', () => {
    it('under the same key with the first answer, marked as a replay', async () => {
      const client = newClient();
      const headers = { 'idempotency-key': 'k-1' };
      const first = await call('POST', `${client}/contacts`, {
        body: { email: 'ann@client.example' },
        headers,
      });
      await addContact(client, 'bob@client.example');
      const again = await call('POST', `${client}/contacts`, {
        body: { email: 'ann@client.example' },
        headers,
      });
      expect(first.headers.get('idempotent-replayed')).toBeNull();
      expect(again.headers.get('idempotent-replayed')).toBe('true');
      expect(again.status).toBe(201);
      expect(again.body).toEqual(first.body);
      const other = await call('POST', `${client}/contacts`, {
        body: { email: 'cy@client.example' },
        headers,
      });
      expect(other).toMatchObject({ status: 409, body: { code: 'idempotency_key_reused' } });
    });
  });

  describe('answers with a problem document', () => {
    const problem = async (answer: Promise<Answer>) => {
      const { status, headers, body } = await answer;
      expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(body).toMatchObject({
        status,
        type: `/problems/${String(body['code'])}`,
        title: expect.any(String),
      });
      expect(JSON.stringify(body)).not.toMatch(/ at .*\.js|node_modules/);
      return body;
    };
    const post = (body: unknown, headers = {}) =>
      call('POST', `${newClient()}/contacts`, { body, headers: { ...newKey(), ...headers } });

    it('that names each wrong field by a JSON pointer, all at once', async () => {
      const body = await problem(
        post({ email: 7, name: 'x'.repeat(201), portalEnabled: null, nickname: 'Annie' }),
      );
      expect(body).toMatchObject({ status: 422, code: 'validation_failed' });
      const pointers = (body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer);
      expect([...new Set(pointers)].toSorted()).toEqual(['/email', '/name', '/nickname', '/portalEnabled']);
    });

    it('for an address that is none, without repeating it', async () => {
      const body = await problem(post({ email: 'a@x.example, b@x.example' }));
      expect(body).toMatchObject({ status: 422, errors: [{ pointer: '/email', detail: 'invalid_email' }] });
      expect(JSON.stringify(body)).not.toContain('x.example');
    });

    it('for a second contact with the same address, with the id of the first', async () => {
      const client = newClient();
      const { contactId } = (await addContact(client, 'ann@client.example')).body;
      const body = await problem(addContact(client, 'ANN@client.example'));
      expect(body).toMatchObject({ status: 409, code: 'duplicate_email', contactId });
    });

    it('for a contact that is not in this book', async () => {
      expect(
        await problem(call('PUT', `${newClient()}/primary`, { body: { contactId: 'nobody' } })),
      ).toMatchObject({
        status: 404,
        code: 'contact_not_found',
      });
    });

    it('for a revision that has passed, with the one that stands', async () => {
      const client = newClient();
      await addContact(client, 'ann@client.example');
      const stale = call('POST', `${client}/contacts`, {
        body: { email: 'bob@client.example' },
        headers: { ...newKey(), 'if-match': 'W/"-1"' },
      });
      expect((await stale).headers.get('etag')).toBe('"0"');
      expect(await problem(stale)).toMatchObject({ status: 412, code: 'revision_mismatch', revision: 0 });
    });

    it('for a book that somebody has written to, where the request insists on a new one', async () => {
      const client = newClient();
      const add = (email: string) =>
        call('POST', `${client}/contacts`, {
          body: { email },
          headers: { ...newKey(), 'if-none-match': '*' },
        });
      expect((await add('ann@client.example')).status).toBe(201);
      expect(await problem(add('bob@client.example'))).toMatchObject({
        status: 412,
        code: 'revision_mismatch',
        revision: 0,
      });
    });

    it.each(['', '1e1', '-2', '0x1', '1.0', '9999999999999999', '1&minRevision=2', '1&__proto__=1'])(
      'for the query minRevision=%s',
      async (query) => {
        const answer = call('GET', `${newClient()}/contacts?minRevision=${query}`);
        expect(await problem(answer)).toMatchObject({ status: 422, code: 'validation_failed' });
      },
    );

    it.each([
      ['broken JSON', '{"email":', {}, 400],
      ['a body of another type', 'email=a', { 'content-type': 'text/plain' }, 415],
      ['a body that is too large', JSON.stringify({ email: 'x'.repeat(70_000) }), {}, 413],
      ['an If-Match that is no entity tag', { email: 'a@x.example' }, { 'if-match': 'latest' }, 400],
      ['an If-None-Match with a tag', { email: 'a@x.example' }, { 'if-none-match': '"7"' }, 400],
      ['an idempotency key with spaces', { email: 'a@x.example' }, { 'idempotency-key': 'two words' }, 400],
    ])('for %s', async (_, body, headers, status) => {
      expect(await problem(post(body, headers))).toMatchObject({ status });
    });

    it.each([
      ['an id of another form', 'GET', `${workspaceId}/clients/a.b/contacts`, 400],
      ['an address that is not served', 'GET', `${workspaceId}/clients/c/nothing`, 404],
      ['a path that can not be decoded', 'GET', `${workspaceId}/clients/%ff/contacts`, 400],
    ])('for %s', async (_, method, path, status) => {
      expect(await problem(call(method, path))).toMatchObject({ status });
    });
  });

  describe('lets in', () => {
    const reads = async (token: string) => (await call('GET', `${newClient()}/contacts`, { token })).status;
    const writes = async (token: string) =>
      (
        await call('POST', `${newClient()}/contacts`, {
          token,
          body: { email: 'a@x.example' },
          headers: newKey(),
        })
      ).status;

    it.each(['owner', 'admin', 'manager'])('an %s of the workspace', async (role) => {
      const token = await issuer.person(role, workspaceId);
      expect([await reads(token), await writes(token)]).toEqual([200, 201]);
    });

    it('no member, and nobody of another workspace', async () => {
      for (const token of [
        await issuer.person('member', workspaceId),
        await issuer.person('owner', 'another'),
        await issuer.sign({ workspaces: {} }, 'u-1'),
      ]) {
        expect([await reads(token), await writes(token)]).toEqual([403, 403]);
      }
    });

    it('a service as far as its scopes go', async () => {
      const reader = await issuer.service('contacts:read');
      expect([await reads(reader), await writes(reader)]).toEqual([200, 403]);
      const writer = await issuer.service('contacts:write');
      expect([await reads(writer), await writes(writer)]).toEqual([403, 201]);
      const router = await issuer.service('routing:read');
      expect((await call('GET', `${newClient()}/billing-route`, { token: router })).status).toBe(200);
      expect(await reads(router)).toBe(403);
    });

    it('to portal access owners and admins alone, where it is so configured', async () => {
      const client = newClient();
      const { contactId } = (await addContact(client, 'ann@client.example')).body;
      const strict = await startService(
        { ...configuration, ROLES: ['api'], PORTAL_ACCESS_BY_ADMINS_ONLY: true },
        createLog('silent'),
      );
      try {
        const turnOff = async (role: string) => {
          const answer = await fetch(
            `${strict.url}/v1/workspaces/${client}/contacts/${contactId}/portal-access`,
            {
              method: 'PUT',
              headers: {
                authorization: `Bearer ${await issuer.person(role, workspaceId)}`,
                'content-type': 'application/json',
              },
              body: '{"enabled":false}',
            },
          );
          return [answer.status, ((await answer.json()) as Answer['body'])['code']];
        };
        expect(await turnOff('manager')).toEqual([403, 'portal_access_denied']);
        expect(await turnOff('admin')).toEqual([200, undefined]);
      } finally {
        await strict.stop();
      }
    });

    it('to no route of the API anybody without a token', async () => {
      const api = (await (await fetch(`${service.url}/docs-json`)).json()) as {
        paths: Record<string, Record<string, unknown>>;
      };
      const routes = Object.entries(api.paths).flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => [method.toUpperCase(), path.replaceAll(/[{}]/g, '')] as const),
      );
      expect(routes.length).toBeGreaterThanOrEqual(8);
      for (const [method, path] of routes) {
        const { status } = await fetch(service.url + path, { method });
        expect([method, path, status]).toEqual([method, path, 401]);
      }
    });

    it('nobody without a valid token', async () => {
      const claims = { workspaces: { [workspaceId]: 'owner' } };
      const stranger = await tokenIssuer();
      for (const token of [
        'nonsense',
        await stranger.sign(claims, 'u-1'),
        await issuer.sign(claims, 'u-1', '-1m'),
        await issuer.sign(claims, 'ann@client.example'),
        await (await tokenIssuer('someone-else')).sign(claims, 'u-1'),
      ]) {
        const answer = await call('GET', `${newClient()}/contacts`, { token });
        expect(answer.status).toBe(401);
        expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      }
    });
  });

  it('gives back a correlation id that has the allowed form, and its own in place of any other', async () => {
    const correlation = async (id: string) =>
      (await call('GET', `${newClient()}/contacts`, { headers: { 'x-correlation-id': id } })).headers.get(
        'x-correlation-id',
      );
    expect(await correlation('order-77')).toBe('order-77');
    expect(await correlation('two words')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('refuses to start with another master key than that of the keys, and names the variable', async () => {
    const other = { ...configuration, MASTER_KEY: randomBytes(32) };
    const starting = startService(other, createLog('silent'));
    await expect(starting).rejects.toThrow(ConfigurationError);
    await expect(starting).rejects.toThrow(/^MASTER_KEY: is not the key that those in client_contacts_test_/);
  });

  it('serves its documentation, and says that it lives, without a token', async () => {
    expect((await fetch(`${service.url}/docs`)).status).toBe(200);
    expect(await (await fetch(`${service.url}/health/live`)).json()).toEqual({ status: 'ok' });
  });
});
