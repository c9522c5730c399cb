import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RestAnswer, startRestService } from './fixtures/rest-service.js';

interface Found {
  readonly clientId: string;
  readonly contactId: string;
}

/** Numbers between 0 and 1 that are the same in each run (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('what the service reads of a workspace over REST', () => {
  let rest: Awaited<ReturnType<typeof startRestService>>;
  beforeAll(async () => {
    rest = await startRestService();
    await load();
  });
  afterAll(() => rest.stop());

  const post = (path: string, body: unknown) => rest.call('POST', path, { body });
  async function addContact(clientId: string, fields: object): Promise<string> {
    const headers = { 'idempotency-key': randomUUID() };
    const answer = await rest.call('POST', `clients/${clientId}/contacts`, { body: fields, headers });
    expect(answer.status).toBe(201);
    return answer.body.contactId;
  }
  const search = async (body: object) => (await post('contacts/search', body)).body;
  const ids = (items: readonly Found[]) => items.map(({ contactId }) => contactId);

  let margaux: string;
  let assistant: string;
  let portalOff: string;

  /** Garnier has a primary and one who may not sign in, Kestrel no route, Lagoon a billing email that is nobody’s. */
  async function load() {
    margaux = await addContact('garnier', {
      email: 'Margaux@Mönch.example',
      name: 'Margaux Le Fèvre',
      title: 'Head of Accounts',
      primary: true,
    });
    portalOff = await addContact('garnier', { email: 'post@garnier.example', portalEnabled: false });
    assistant = await addContact('kestrel', {
      email: 'margaux@xn--mnch-5qa.example',
      name: 'MARGAUX (assistant)',
    });
    await addContact('lagoon', { email: 'info@lagoon.example' });
    const set = await rest.call('PUT', 'clients/lagoon/billing-email', {
      body: { email: 'bills@lagoon.example' },
    });
    await Promise.all(
      ['contacts', 'billing-route'].flatMap((view) =>
        Object.entries({ garnier: 2, kestrel: 0, lagoon: set.body.revision }).map(([clientId, revision]) =>
          rest.call('GET', `clients/${clientId}/${view}?minRevision=${revision}`),
        ),
      ),
    );
  }

  describe('the search', () => {
    it('finds by name, title, address and flag, whatever the case, and shows the contact', async () => {
      expect(ids((await search({ name: 'marg' })).contacts)).toEqual([margaux, assistant]);
      expect(ids((await search({ name: 'fÈV le' })).contacts)).toEqual([margaux]);
      expect(ids((await search({ email: 'MARGAUX@mön' })).contacts)).toEqual([margaux, assistant]);
      expect(ids((await search({ portalEnabled: false })).contacts)).toEqual([portalOff]);
      expect(ids((await search({ email: '.*' })).contacts)).toEqual([]);
      expect(await search({ title: 'acc', primary: true })).toEqual({
        contacts: [
          {
            clientId: 'garnier',
            revision: 2,
            contactId: margaux,
            email: 'Margaux@Mönch.example',
            name: 'Margaux Le Fèvre',
            title: 'Head of Accounts',
            phone: null,
            primary: true,
            billingDefault: false,
            portalEnabled: true,
          },
        ],
        nextCursor: null,
        heldBack: [],
      });
    });

    it.each([
      [{ name: null }, '/name'],
      [{ email: 7 }, '/email'],
      [{ primary: 'true' }, '/primary'],
      [{ limit: 201 }, '/limit'],
      [{ limit: 0 }, '/limit'],
      [{ phone: '1' }, '/phone'],
      [{ cursor: ['x'] }, '/cursor'],
    ])('names the fault of %j', async (body, pointer) => {
      const answer = await post('contacts/search', body);
      expect(answer).toMatchObject({ status: 422, body: { code: 'validation_failed' } });
      for (const error of answer.body.errors) expect(error).toMatchObject({ pointer });
    });

    it('sees nothing of another workspace', async () => {
      const stranger = await rest.issuer.person('owner', 'another');
      const elsewhere = await rest.call('POST', 'contacts/search', { body: {}, token: stranger });
      expect(elsewhere.status).toBe(403);
      expect(await search({ name: 'nobody-of-this-workspace' })).toEqual({
        contacts: [],
        nextCursor: null,
        heldBack: [],
      });
    });
  });

  it('the clients at a glance', async () => {
    const { body } = await rest.call('GET', 'clients?limit=1');
    expect(body).toEqual({
      clients: [
        {
          clientId: 'garnier',
          revision: 2,
          changedAt: expect.stringMatching(/^\d{4}-.*Z$/),
          contacts: 2,
          portalEnabled: 1,
          primary: margaux,
          billingDefault: null,
          hasBillingEmail: false,
          billingRoute: { status: 'routed', rule: 'primary' },
          warnings: [{ code: 'no_billing_default' }],
        },
      ],
      nextCursor: expect.any(String),
      heldBack: [],
    });
    const others = await rest.call('GET', `clients?cursor=${body.nextCursor}`);
    expect(others.body).toMatchObject({
      clients: [{ clientId: 'kestrel' }, { clientId: 'lagoon' }],
      nextCursor: null,
    });
  });

  it('the billing routes that reach nobody, and those with a warning', async () => {
    const clientsOf = async (query: string) =>
      (await rest.call('GET', `billing-routes?${query}`)).body.routes.map(({ clientId }: Found) => clientId);
    expect(await clientsOf('status=unroutable')).toEqual(['kestrel']);
    expect(await clientsOf('status=routed')).toEqual(['garnier', 'lagoon']);
    expect(await clientsOf('warning=billing_email_cannot_sign_in')).toEqual(['lagoon']);
    expect(await clientsOf('status=routed&warning=no_primary')).toEqual(['lagoon']);
    expect(await clientsOf('')).toEqual(['garnier', 'kestrel', 'lagoon']);
    const wrong = await rest.call('GET', 'billing-routes?status=lost');
    expect(wrong).toMatchObject({ status: 422, body: { errors: [{ parameter: 'status' }] } });
  });

  describe('the routes of many clients', () => {
    it('come in the order that was asked for, each with what tells why', async () => {
      const { status, body } = await post('billing-routes/batch', {
        clientIds: ['lagoon', 'nobody', 'garnier'],
      });
      expect(status).toBe(200);
      expect(body.routes).toMatchObject([
        {
          clientId: 'lagoon',
          revision: 1,
          rule: 'billing_email',
          email: 'bills@lagoon.example',
          contactId: null,
        },
        { clientId: 'nobody', revision: -1, status: 'unroutable', since: null },
        { clientId: 'garnier', revision: 2, rule: 'primary', contactId: margaux, since: { revision: 1 } },
      ]);
    });

    it('up to 500, and no more, none of them malformed', async () => {
      const asked = (count: number) =>
        post('billing-routes/batch', { clientIds: Array.from({ length: count }, (_, n) => `c-${n}`) });
      const most = await asked(500);
      expect([most.status, most.body.routes.length]).toEqual([200, 500]);
      for (const bad of [
        await asked(501),
        await asked(0),
        await post('billing-routes/batch', { clientIds: ['a.b'] }),
      ]) {
        expect(bad).toMatchObject({ status: 422, body: { errors: [{ pointer: '/clientIds' }] } });
      }
    });
  });

  describe('the portal’s look-up', () => {
    const lookUp = (email: string) => post('portal-access/look-up', { email });

    it('gives all matches of the workspace, in any spelling of the address, and says that it is complete', async () => {
      const { status, body } = await lookUp(' MARGAUX@mönch.example ');
      expect(status).toBe(200);
      expect(body).toEqual({
        matches: [
          { clientId: 'garnier', contactId: margaux, maySignIn: true, generation: 1 },
          { clientId: 'kestrel', contactId: assistant, maySignIn: true, generation: 1 },
        ],
        complete: true,
      });
    });

    it('has one shape whether the address is known, may sign in, or neither', async () => {
      const closed = await lookUp('post@garnier.example');
      expect(closed.body.matches).toEqual([
        { clientId: 'garnier', contactId: portalOff, maySignIn: false, generation: 1 },
      ]);
      // A billing email that is nobody's can't sign in.
      for (const email of ['who@ever.example', 'bills@lagoon.example']) {
        expect((await lookUp(email)).body).toEqual({ matches: [], complete: true });
      }
    });

    it('shows a withdrawal that was answered before the question came, at once', async () => {
      const contactId = await addContact('portal', { email: 'eve@portal.example' });
      for (let generation = 1; generation <= 4; generation += 1) {
        const enabled = generation % 2 === 0;
        const path = `clients/portal/contacts/${contactId}/portal-access`;
        await rest.call('PUT', path, { body: { enabled } });
        const { body } = await lookUp('eve@portal.example');
        if (body.complete) expect(body.matches).toMatchObject([{ contactId, maySignIn: enabled }]);
        expect(body.complete).toBe(true);
      }
    });

    it('does not repeat an address that is none', async () => {
      const answer = await lookUp('ann@x.example, bob@x.example');
      expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/email' }] } });
      expect(answer.text).not.toContain('x.example');
    });
  });

  it('nothing that may be kept on its way: it is personal data', async () => {
    const clientReads = ['contacts', `contacts/${margaux}`, 'billing-route', 'history'];
    const answers = [
      ...clientReads.map((path) => rest.call('GET', `clients/garnier/${path}`)),
      rest.call('GET', 'clients/garnier/contacts', { headers: { 'if-none-match': '"2"' } }),
      rest.call('GET', 'clients'),
      rest.call('GET', 'billing-routes'),
      post('contacts/search', {}),
      post('billing-routes/batch', { clientIds: ['garnier'] }),
      post('portal-access/look-up', { email: 'margaux@mönch.example' }),
      post('portal-access/look-up', {}),
    ];
    const seen = (await Promise.all(answers)).map(({ status, headers }) => [
      status,
      headers.get('cache-control'),
    ]);
    expect(seen.map(([status]) => status)).toEqual([200, 200, 200, 200, 304, 200, 200, 200, 200, 200, 422]);
    expect(new Set(seen.map(([, cached]) => cached))).toEqual(new Set(['no-store']));
  });

  describe('cursors', () => {
    const cursor = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');
    const lists: [string, string, unknown[], (cursor: string) => Promise<RestAnswer>][] = [
      ['clients', 'parameter', ['garnier'], (cursor) => rest.call('GET', `clients?cursor=${cursor}`)],
      [
        'billing-routes',
        'parameter',
        ['garnier'],
        (cursor) => rest.call('GET', `billing-routes?cursor=${cursor}`),
      ],
      ['contacts', 'pointer', ['garnier', 'x'], (cursor) => post('contacts/search', { cursor })],
    ];

    it.each(lists)('of the list %s: one that is none is named', async (list, place, behind, page) => {
      const at = place === 'pointer' ? '/cursor' : 'cursor';
      const others = lists.flatMap(([other]) => (other === list ? [] : [cursor(other, 1, ...behind)]));
      const bad = ['', 'nonsense', cursor(list), cursor(list, 1, 'a.b', 'x'), cursor(list, 0, ...behind)];
      for (const text of [...bad, ...others, `${cursor(list, 1, ...behind)}AAAA`]) {
        const { status, body } = await page(text);
        expect([status, body.code, body.errors[0][place]]).toEqual([422, 'invalid_cursor', at]);
      }
      expect((await page(cursor(list, 1, ...behind))).status).toBe(200);
    });

    it.each(lists)(
      'of the list %s: one of another version of the read model is outdated',
      async (list, _, behind, page) => {
        expect(await page(cursor(list, 99, ...behind))).toMatchObject({
          status: 410,
          body: { code: 'cursor_outdated' },
        });
      },
    );
  });

  describe('pages while others write', () => {
    const CLIENTS = 12;
    const title = 'Steadfast';
    const clientIds = Array.from({ length: CLIENTS }, (_, n) => `busy-${String(n).padStart(2, '0')}`);

    it('neither miss nor double a contact or client that is there throughout', async () => {
      const random = randomNumbers(20_261_124);
      const upTo = (most: number) => 1 + Math.floor(random() * most);
      const steadfast: Found[] = [];
      for (const clientId of clientIds) {
        for (let n = upTo(3); n > 0; n -= 1) {
          const contactId = await addContact(clientId, { email: `${n}@${clientId}.example`, title });
          steadfast.push({ clientId, contactId });
        }
      }
      const there = ids(steadfast);
      await until(async () => (await walkSearch(() => 200)).length === there.length);

      let isOver = false;
      let [writes, writesMeanwhile] = [0, 0];
      const writer = async () => {
        const passing: Found[] = [];
        const email = () => `${randomUUID()}@passing.example`;
        for (let n = 0; !isOver && n < 2_000; n += 1) {
          const clientId = clientIds[upTo(CLIENTS) - 1]!;
          const kind = upTo(4);
          if (kind === 1) {
            const { clientId: of, contactId } = steadfast[upTo(steadfast.length) - 1]!;
            const path = `clients/${of}/contacts/${contactId}/portal-access`;
            await rest.call('PUT', path, { body: { enabled: upTo(2) === 1 } });
          } else if (kind === 2 && passing.length > 0) {
            const { clientId: of, contactId } = passing.shift()!;
            await rest.call('DELETE', `clients/${of}/contacts/${contactId}`);
          } else if (kind === 3) {
            // A client who comes in the middle of the list, and stays.
            await addContact(`busy-${String(upTo(CLIENTS)).padStart(2, '0')}-${upTo(99)}`, {
              email: email(),
            });
          } else {
            passing.push({ clientId, contactId: await addContact(clientId, { email: email(), title }) });
          }
          writes += 1;
        }
      };
      const writing = Promise.all([writer(), writer()]);
      try {
        for (let walk = 0; walk < 5; walk += 1) {
          const before = writes;
          const found = await walkSearch(() => upTo(5));
          expect(found).toHaveLength(new Set(found).size);
          expect(found.filter((contactId) => there.includes(contactId)).toSorted()).toEqual(there.toSorted());
          const clients = await walkClients(() => upTo(5));
          expect(clients).toHaveLength(new Set(clients).size);
          expect(clients.filter((clientId) => clientIds.includes(clientId))).toEqual(clientIds);
          writesMeanwhile += writes - before;
        }
        // It tells nothing unless someone wrote meanwhile; on a fast machine one walk alone may fall between two writes.
        expect(writesMeanwhile).toBeGreaterThan(0);
      } finally {
        isOver = true;
        await writing;
      }
    });

    async function walkSearch(limit: () => number): Promise<string[]> {
      return walk(async (cursor) => {
        const page = await search({ title, limit: limit(), ...(cursor !== null && { cursor }) });
        return [ids(page.contacts), page.nextCursor];
      });
    }

    async function walkClients(limit: () => number): Promise<string[]> {
      return walk(async (cursor) => {
        const { body } = await rest.call(
          'GET',
          `clients?limit=${limit()}${cursor === null ? '' : `&cursor=${cursor}`}`,
        );
        return [body.clients.map(({ clientId }: Found) => clientId), body.nextCursor];
      });
    }

    async function walk(
      page: (cursor: string | null) => Promise<readonly [string[], string | null]>,
    ): Promise<string[]> {
      const found: string[] = [];
      let cursor: string | null = null;
      for (let pages = 0; pages < 1_000; pages += 1) {
        const [more, next] = await page(cursor);
        found.push(...more);
        if (next === null) return found;
        cursor = next;
      }
      throw new Error('the pages do not end');
    }

    async function until(isTrue: () => Promise<boolean>): Promise<void> {
      for (let looks = 0; looks < 100; looks += 1) {
        if (await isTrue()) return;
        await sleep(50);
      }
      throw new Error('it has not become true in time');
    }
  });
});
