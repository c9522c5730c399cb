import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RestAnswer, type RestRequest, startRestService } from './fixtures/rest-service.js';

const EMPTY = { revision: -1 };

describe('what the service reads over REST', () => {
  let rest: Awaited<ReturnType<typeof startRestService>>;
  beforeAll(async () => {
    rest = await startRestService();
  });
  afterAll(() => rest.stop());

  const newClient = () => `c-${randomUUID()}`;
  const get = (path: string, headers: Record<string, string> = {}) => rest.call('GET', path, { headers });
  const post = (path: string, body: unknown, request: RestRequest = {}) =>
    rest.call('POST', path, { ...request, body });
  async function addContact(
    clientId: string,
    fields: object,
  ): Promise<{ contactId: string; revision: number }> {
    const headers = { 'idempotency-key': randomUUID() };
    const { status, body } = await post(`clients/${clientId}/contacts`, fields, { headers });
    expect(status).toBe(201);
    return body;
  }
  async function put(clientId: string, path: string, body: object): Promise<number> {
    const answer = await rest.call('PUT', `clients/${clientId}/${path}`, { body });
    expect(answer.status).toBe(200);
    return answer.body.revision;
  }
  const refused = ({ status, body }: RestAnswer) => [status, body.code, body.errors];

  /** Ann at revision 1 (the first append holds two events), Bob at 2, the primary moved to Bob at 3, a billing email at 4. */
  async function fourAppends() {
    const clientId = newClient();
    const ann = await addContact(clientId, { email: 'ann@lefevre.example', name: 'Ann', primary: true });
    const bob = await addContact(clientId, { email: 'bob@lefevre.example' });
    await put(clientId, 'primary', { contactId: bob.contactId });
    expect(await put(clientId, 'billing-email', { email: 'bob@LEFEVRE.example' })).toBe(4);
    return { clientId, ann: ann.contactId, bob: bob.contactId };
  }

  describe('of one client', () => {
    it('a contact, with its flags and the revision of the book', async () => {
      const { clientId, bob } = await fourAppends();
      const { status, headers, body } = await get(`clients/${clientId}/contacts/${bob}?minRevision=4`);
      expect([status, headers.get('etag')]).toEqual([200, '"4"']);
      expect(body).toEqual({
        contactId: bob,
        email: 'bob@lefevre.example',
        name: null,
        title: null,
        phone: null,
        primary: true,
        billingDefault: false,
        portalEnabled: true,
        revision: 4,
        source: 'read_model',
      });
    });

    it('404 for a contact of nobody, and for one of another client', async () => {
      const { clientId } = await fourAppends();
      const { contactId } = await addContact(newClient(), { email: 'ann@lefevre.example' });
      for (const id of ['nobody', contactId]) {
        expect(await get(`clients/${clientId}/contacts/${id}?minRevision=4`)).toMatchObject({
          status: 404,
          body: { code: 'contact_not_found', contactId: id },
        });
      }
    });

    it('an empty book, route and history of a client nobody has written to', async () => {
      const clientId = newClient();
      for (const path of ['contacts', 'billing-route', 'history']) {
        const { status, headers, body } = await get(`clients/${clientId}/${path}`);
        expect([status, headers.get('etag')]).toEqual([200, '"-1"']);
        expect(body).toMatchObject(EMPTY);
      }
      expect((await get(`clients/${clientId}/billing-route`)).body).toMatchObject({
        status: 'unroutable',
        rule: 'none',
        since: null,
      });
    });

    it('who receives the invoices, why, since when, and which contact has the billing email', async () => {
      const { clientId, bob } = await fourAppends();
      const { body } = await get(`clients/${clientId}/billing-route?minRevision=4`);
      expect(body).toEqual({
        clientId,
        status: 'routed',
        rule: 'billing_email',
        email: 'bob@LEFEVRE.example',
        contactId: bob,
        passedOver: [
          { rule: 'billing_default', reason: 'not_set' },
          { rule: 'primary', contactId: bob, reason: 'outranked' },
        ],
        since: { revision: 4, at: expect.stringMatching(/^\d{4}-.*Z$/) },
        warnings: [{ code: 'no_billing_default' }],
        revision: 4,
        source: 'read_model',
      });
    });

    it('304 where the caller has the current state, and never for a past one', async () => {
      const { clientId } = await fourAppends();
      const status = async (path: string, tag: string) => {
        const answer = await get(`clients/${clientId}/${path}`, { 'if-none-match': tag });
        if (answer.status === 304) expect([answer.text, answer.headers.get('etag')]).toEqual(['', '"4"']);
        return answer.status;
      };
      for (const path of ['contacts', 'billing-route', 'history']) {
        expect(await status(`${path}?minRevision=4`, '"4"')).toBe(304);
        expect(await status(`${path}?minRevision=4`, 'W/"3", W/"4"')).toBe(304);
        expect(await status(path, '*')).toBe(304);
        expect(await status(path, '"3"')).toBe(200);
        expect(await status(`${path}?revision=4`, '"4"')).toBe(200);
      }
      const unwritten = await get(`clients/${newClient()}/contacts`, { 'if-none-match': '*' });
      expect(unwritten.status).toBe(200);
    });

    it('404 for a revision that the book has not come to, with the one that it has', async () => {
      const { clientId } = await fourAppends();
      for (const point of ['minRevision=5', 'revision=5']) {
        for (const path of ['contacts', 'billing-route', 'history']) {
          expect(await get(`clients/${clientId}/${path}?${point}`)).toMatchObject({
            status: 404,
            body: { code: 'revision_not_reached', revision: 4 },
          });
        }
      }
    });

    it('its state as of a revision, in whole appends', async () => {
      const { clientId, ann, bob } = await fourAppends();
      const at = async (revision: number) =>
        (await get(`clients/${clientId}/contacts?revision=${revision}`)).body;
      expect(await at(-1)).toMatchObject({ ...EMPTY, contacts: [], source: 'log' });
      expect(await at(0)).toMatchObject({ ...EMPTY, contacts: [] });
      expect(await at(1)).toMatchObject({ revision: 1, contacts: [{ contactId: ann, primary: true }] });
      expect((await at(4)).contacts).toMatchObject([{ primary: false }, { contactId: bob, primary: true }]);
      const route = await get(`clients/${clientId}/billing-route?revision=2`);
      expect(route.headers.get('etag')).toBe('"2"');
      expect(route.body).toMatchObject({
        rule: 'primary',
        contactId: ann,
        since: { revision: 1 },
        source: 'log',
      });
      expect((await get(`clients/${clientId}/contacts/${bob}?revision=1`)).status).toBe(404);
      expect((await get(`clients/${clientId}/contacts/${bob}?revision=2`)).body).toMatchObject({
        primary: false,
      });
    });

    it('its state as of a moment, with any offset', async () => {
      const clientId = newClient();
      await addContact(clientId, { email: 'ann@lefevre.example' });
      await sleep(5);
      await addContact(clientId, { email: 'bob@lefevre.example' });
      const { entries } = (await get(`clients/${clientId}/history`)).body;
      const moments: string[] = entries.map(({ at }: { at: string }) => at);
      const revisionAt = async (moment: string) => {
        const answer = await get(`clients/${clientId}/contacts?at=${encodeURIComponent(moment)}`);
        return answer.body.revision;
      };
      const inKolkata = (moment: string) =>
        new Date(Date.parse(moment) + 5.5 * 3600_000).toISOString().replace('Z', '+05:30');
      const [second, first] = moments as [string, string];
      expect(await revisionAt(second)).toBe(1);
      expect(await revisionAt(first)).toBe(0);
      expect(await revisionAt(inKolkata(first))).toBe(0);
      expect(await revisionAt(new Date(Date.parse(first) - 1).toISOString())).toBe(-1);
    });

    it.each([
      ['minRevision=1&revision=1', ['minRevision', 'revision']],
      ['revision=1&at=2026-01-01T00:00:00Z', ['revision', 'at']],
      ['revision=1.5', ['revision']],
      ['revision=-2', ['revision']],
      ['revision=1&revision=2', ['revision']],
      ['at=2026-01-01T00:00:00', ['at']],
      ['at=2026-02-30T00:00:00Z', ['at']],
      ['at=2026-01-01T00:00:00+02:00', ['at']],
      ['at=yesterday', ['at']],
      ['email=ann@lefevre.example', ['email']],
    ])('422 that names the parameters for %s', async (query, names) => {
      for (const path of ['contacts', 'contacts/x', 'billing-route', 'history']) {
        const answer = await get(`clients/c/${path}?${query}`);
        expect(answer).toMatchObject({ status: 422, body: { code: 'validation_failed' } });
        const parameters = answer.body.errors.map(({ parameter }: { parameter: string }) => parameter);
        expect([...new Set(parameters)]).toEqual(names);
        expect(answer.text).not.toContain('lefevre');
      }
    });
  });

  describe('of a client’s history', () => {
    it('who did what, when and why, with each change before and after, the newest first', async () => {
      const { clientId, ann, bob } = await fourAppends();
      const removal = await rest.call('DELETE', `clients/${clientId}/contacts/${bob}`, {
        headers: { 'x-correlation-id': 'tidy-up' },
      });
      expect(removal.body.revision).toBe(6);
      const { body, headers } = await get(`clients/${clientId}/history`);
      expect(headers.get('etag')).toBe('"6"');
      expect(body).toMatchObject({ revision: 6, nextCursor: null });
      expect(body.entries.map(({ revision }: { revision: number }) => revision)).toEqual([6, 4, 3, 2, 1]);
      expect(body.entries[0]).toEqual({
        firstRevision: 5,
        revision: 6,
        at: expect.stringMatching(/^\d{4}-.*Z$/),
        actor: { kind: 'user', id: 'u-1', role: 'owner' },
        reason: null,
        commandId: expect.any(String),
        correlationId: 'tidy-up',
        changes: {
          contacts: [
            {
              contactId: bob,
              change: 'removed',
              fields: {
                email: { before: 'bob@lefevre.example', after: null },
                portalEnabled: { before: true, after: null },
              },
            },
          ],
          primary: { before: bob, after: null },
        },
      });
      expect(body.entries.at(-1).changes).toEqual({
        contacts: [
          {
            contactId: ann,
            change: 'added',
            fields: {
              email: { before: null, after: 'ann@lefevre.example' },
              name: { before: null, after: 'Ann' },
              portalEnabled: { before: null, after: true },
            },
          },
        ],
        primary: { before: null, after: ann },
      });
    });

    it('page by page, which appends in between do not move; and as of a point', async () => {
      const { clientId } = await fourAppends();
      const seen: number[] = [];
      let query = 'limit=1';
      for (let pages = 0; pages < 10 && query !== ''; pages += 1) {
        const { body } = await get(`clients/${clientId}/history?${query}`);
        seen.push(...body.entries.map(({ revision }: { revision: number }) => revision));
        query = body.nextCursor === null ? '' : `limit=1&cursor=${body.nextCursor}`;
        await addContact(clientId, { email: `${randomUUID()}@lefevre.example` });
      }
      expect(seen).toEqual([4, 3, 2, 1]);
      const past = await get(`clients/${clientId}/history?revision=3&limit=1`);
      expect(past.body).toMatchObject({ revision: 3, entries: [{ revision: 3 }] });
    });

    it('no page for a cursor that is none, or with another point', async () => {
      const cursor = [{ parameter: 'cursor', detail: expect.any(String) }];
      for (const bad of ['x', '', Buffer.from('["history",-1]').toString('base64url')]) {
        const answer = await get(`clients/c/history?cursor=${bad}`);
        expect(refused(answer)).toEqual([422, 'invalid_cursor', cursor]);
      }
      const good = Buffer.from('["history",7]').toString('base64url');
      const both = await get(`clients/c/history?cursor=${good}&revision=1`);
      expect(refused(both)).toMatchObject([422, 'validation_failed', [{ parameter: 'revision' }]]);
    });
  });
});
