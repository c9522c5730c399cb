import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { keyOfContact } from '../src/event-log/personal-data/key-ids.js';
import type { KeyDocument } from '../src/event-log/personal-data/mongodb-data-keys.js';
import { RecordedExchanges } from './fixtures/recorded-exchanges.js';
import { type RestAnswer, type RestRequest, startRestService } from './fixtures/rest-service.js';

const PAGE = 'docs/rest.md';
const BEGIN = '<!-- as executed: written by UPDATE_DOCS=1 npm run jest -- test/rest-writes -->\n';
const END = '<!-- end of what was executed -->\n';

const ANN = 'ann@lefevre.example';
const BOB = 'bob@lefevre.example';

describe('what the service writes over REST', () => {
  let rest: Awaited<ReturnType<typeof startRestService>>;
  const recorded = new RecordedExchanges();
  beforeAll(async () => {
    rest = await startRestService();
  });
  afterAll(() => rest.stop());

  type Send = (
    method: string,
    path: string,
    shows: readonly string[],
    request?: RestRequest,
  ) => Promise<RestAnswer>;

  /** A test of one row of the edge cases: what it sends to its client stands on the page, as it was answered. */
  function row(number: number, title: string, test: (send: Send, clientId: string) => Promise<void>): void {
    it(`${number}. ${title}`, async () => {
      recorded.begin(number, title);
      const clientId = `client-${number}`;
      let keys = 0;
      await test(async (method, path, shows, { body, headers = {}, ...more } = {}) => {
        const key = method === 'POST' ? { 'idempotency-key': `key-${(keys += 1)}` } : {};
        const request = { ...more, ...(body !== undefined && { body }), headers: { ...key, ...headers } };
        const answer = await rest.call(method, `clients/${path}`, request);
        recorded.add(number, { method, path, request, answer, shows });
        return answer;
      }, clientId);
    });
  }

  /** Whether there is a key that the contact's personal data is encrypted with. */
  async function hasKey(clientId: string, contactId: string): Promise<boolean> {
    const { KEYS_MONGODB_URL, KEYS_MONGODB_DATABASE } = rest.configuration;
    const mongo = new MongoClient(KEYS_MONGODB_URL);
    try {
      const keys = mongo.db(KEYS_MONGODB_DATABASE).collection<KeyDocument>('keys');
      const _id = keyOfContact({ workspaceId: rest.workspaceId, clientId }, contactId);
      return (await keys.findOne({ _id })) !== null;
    } finally {
      await mongo.close();
    }
  }

  const bookOf = ({ body }: RestAnswer) => [body.revision, body.contacts.length];
  const codesOf = ({ body }: RestAnswer) => body.warnings.map(({ code }: { code: string }) => code);

  row(1, 'The first contact, no flags given: none is set, and warnings say so', async (send, client) => {
    const added = await send('POST', `${client}/contacts`, ['revision', 'contacts', 'warnings'], {
      body: { email: ANN },
    });
    expect([added.status, added.headers.get('etag')]).toEqual([201, '"0"']);
    expect(added.body.contacts).toMatchObject([
      { primary: false, billingDefault: false, portalEnabled: true },
    ]);
    expect(codesOf(added)).toEqual(['no_primary', 'no_billing_default', 'unroutable']);
  });

  row(2, 'Primary is set on Bob while Ann holds it: one event', async (send, client) => {
    await send('POST', `${client}/contacts`, ['revision'], { body: { email: ANN, primary: true } });
    const { contactId } = (
      await send('POST', `${client}/contacts`, ['revision', 'contacts'], { body: { email: BOB } })
    ).body;
    const tried = await send('PUT', `${client}/primary?dryRun=true`, ['revision', 'events'], {
      body: { contactId },
    });
    expect(tried.body.events).toMatchObject([{ type: 'PrimaryContactChanged', data: { to: contactId } }]);
    const moved = await send('PUT', `${client}/primary`, ['revision', 'effects'], { body: { contactId } });
    expect(bookOf(moved)).toEqual([3, 2]);
    expect(moved.body.effects.billingRoute).toMatchObject({ before: { email: ANN }, after: { email: BOB } });
  });

  row(3, 'Two rows of one save with one flag, or one email: both are named', async (send, client) => {
    const put = (contacts: object[]) =>
      send('PUT', `${client}/contacts`, ['code', 'field', 'rows'], {
        body: { contacts },
        headers: { 'if-match': '"-1"' },
      });
    const flags = await put([
      { email: ANN, primary: true },
      { email: BOB, primary: true },
    ]);
    expect(flags).toMatchObject({
      status: 422,
      body: { code: 'conflicting_rows', field: 'primary', rows: [0, 1] },
    });
    const emails = await put([{ email: ANN }, { email: BOB }, { email: 'ANN@lefevre.example' }]);
    expect(emails.body).toMatchObject({ code: 'conflicting_rows', field: 'email', rows: [0, 2] });
  });

  row(4, 'What is so already: no event, the same revision', async (send, client) => {
    const { contactId } = (
      await send('POST', `${client}/contacts`, ['revision', 'contacts'], {
        body: { email: ANN, primary: true },
      })
    ).body;
    const again = await send('PUT', `${client}/primary`, ['revision'], { body: { contactId } });
    expect([again.status, again.body.revision]).toEqual([200, 1]);
    const same = await send('PATCH', `${client}/contacts/${contactId}`, ['revision'], {
      body: { email: ANN },
    });
    expect([same.status, same.body.revision]).toEqual([200, 1]);
  });

  row(5, 'A flag is cleared: the slot is vacant', async (send, client) => {
    await send('POST', `${client}/contacts`, ['revision'], { body: { email: ANN, billingDefault: true } });
    const cleared = await send('PUT', `${client}/billing-default`, ['revision', 'contacts', 'warnings'], {
      body: { contactId: null },
    });
    expect(cleared).toMatchObject({
      status: 200,
      body: { revision: 2, contacts: [{ billingDefault: false }] },
    });
  });

  row(
    6,
    'The holder of a flag is removed: vacated in the same append, or a successor has it',
    async (send, client) => {
      const ann = (
        await send('POST', `${client}/contacts`, ['contacts'], { body: { email: ANN, primary: true } })
      ).body.contactId;
      const bob = (await send('POST', `${client}/contacts`, ['revision'], { body: { email: BOB } })).body
        .contactId;
      const tried = await send('DELETE', `${client}/contacts/${ann}?dryRun=true`, ['revision', 'events'], {});
      expect(tried.body.events.map(({ type }: { type: string }) => type)).toEqual([
        'PrimaryContactChanged',
        'ContactRemoved',
      ]);
      const removed = await send('DELETE', `${client}/contacts/${ann}?successorId=${bob}`, [
        'revision',
        'contacts',
      ]);
      expect(removed.body.contacts).toMatchObject([{ contactId: bob, primary: true }]);
    },
  );

  row(7, 'The last contact is removed: allowed, with a warning', async (send, client) => {
    const { contactId } = (await send('POST', `${client}/contacts`, ['contacts'], { body: { email: ANN } }))
      .body;
    const removed = await send('DELETE', `${client}/contacts/${contactId}`, [
      'revision',
      'contacts',
      'warnings',
    ]);
    expect(bookOf(removed)).toEqual([1, 0]);
    expect(codesOf(removed)).toEqual(['unroutable']);
  });

  row(8, 'One email twice in one client: refused, with the id of who has it', async (send, client) => {
    const { contactId } = (await send('POST', `${client}/contacts`, ['contacts'], { body: { email: ANN } }))
      .body;
    const again = await send('POST', `${client}/contacts`, ['code', 'contactId'], {
      body: { email: ' ANN@Lefevre.example' },
    });
    expect(again).toMatchObject({ status: 409, body: { code: 'duplicate_email', contactId } });
  });

  row(9, 'One email at two clients: allowed', async (send, client) => {
    for (const one of [client, `${client}-other`]) {
      const { status } = await send('POST', `${one}/contacts`, ['revision'], { body: { email: ANN } });
      expect(status).toBe(201);
    }
  });

  row(
    11,
    'A change: absent keeps, null and "" clear a text; a null email or flag, and an unknown field, are refused',
    async (send, client) => {
      const { contactId } = (
        await send('POST', `${client}/contacts`, ['contacts'], {
          body: { email: ANN, name: 'Ann', title: 'CFO', phone: '1' },
        })
      ).body;
      const patch = (body: object) =>
        send('PATCH', `${client}/contacts/${contactId}`, ['contacts', 'code', 'errors'], { body });
      expect((await patch({ name: null, title: '' })).body.contacts).toMatchObject([
        { email: ANN, name: null, title: null, phone: '1' },
      ]);
      expect(await patch({ email: null })).toMatchObject({
        status: 422,
        body: { errors: expect.arrayContaining([expect.objectContaining({ pointer: '/email' })]) },
      });
      expect(await patch({ nickname: 'A' })).toMatchObject({
        status: 422,
        body: { errors: expect.arrayContaining([expect.objectContaining({ pointer: '/nickname' })]) },
      });
      const flag = await send('PUT', `${client}/contacts/${contactId}/portal-access`, ['code', 'errors'], {
        body: { enabled: null },
      });
      expect(flag).toMatchObject({
        status: 422,
        body: { errors: expect.arrayContaining([expect.objectContaining({ pointer: '/enabled' })]) },
      });
    },
  );

  row(12, 'The whole list is replaced, at the revision that was seen', async (send, client) => {
    const ann = (await send('POST', `${client}/contacts`, ['contacts'], { body: { email: ANN } })).body
      .contactId;
    const bob = (await send('POST', `${client}/contacts`, ['contacts'], { body: { email: BOB } })).body
      .contactId;
    const put = (body: object, ifMatch?: string) =>
      send(
        'PUT',
        `${client}/contacts`,
        ['revision', 'added', 'changed', 'removed', 'unchanged', 'code', 'errors'],
        {
          body,
          headers: ifMatch === undefined ? {} : { 'if-match': ifMatch },
        },
      );
    const contacts = [{ email: ANN }];
    expect(await put({}, '"1"')).toMatchObject({
      status: 422,
      body: { errors: expect.arrayContaining([expect.objectContaining({ pointer: '/contacts' })]) },
    });
    expect(await put({ contacts })).toMatchObject({ status: 428, body: { code: 'precondition_required' } });
    expect((await put({ contacts }, '*')).status).toBe(428);
    expect(await put({ contacts }, '"0"')).toMatchObject({ status: 412, body: { revision: 1 } });
    expect(await put({ contacts: [{ email: ANN, contactId: 'nobody' }] }, '"1"')).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/contacts/0/contactId', detail: 'unknown_contacts' }] },
    });
    expect(await put({ contacts: [{ email: ANN, flag: 1 }, { email: 7 }] }, '"1"')).toMatchObject({
      status: 422,
      body: {
        errors: expect.arrayContaining([
          expect.objectContaining({ pointer: '/contacts/0/flag' }),
          expect.objectContaining({ pointer: '/contacts/1/email' }),
        ]),
      },
    });
    expect(await put({ contacts: [] }, '"1"')).toMatchObject({
      status: 422,
      body: { errors: expect.arrayContaining([expect.objectContaining({ pointer: '/allowEmpty' })]) },
    });
    const swapped = await put(
      {
        contacts: [
          { contactId: ann, email: BOB },
          { contactId: bob, email: ANN },
        ],
      },
      '"1"',
    );
    expect(swapped.body).toMatchObject({ changed: [ann, bob], added: [], removed: [], unchanged: [] });
    const replaced = await put({ contacts: [{ email: ANN }, { email: 'cy@lefevre.example' }] }, 'W/"3"');
    expect(replaced.body).toMatchObject({ unchanged: [bob], removed: [ann], changed: [] });
    expect(replaced.body.added).toHaveLength(1);
    const emptied = await put({ contacts: [], allowEmpty: true }, '"5"');
    expect(emptied.body).toMatchObject({ added: [], unchanged: [], revision: 7 });
  });

  row(
    13,
    'Two people set primary, neither insists on a revision: both succeed, the last one holds',
    async (send, client) => {
      const ann = (await send('POST', `${client}/contacts`, ['contacts'], { body: { email: ANN } })).body
        .contactId;
      const bob = (await send('POST', `${client}/contacts`, ['contacts'], { body: { email: BOB } })).body
        .contactId;
      for (const contactId of [ann, bob]) {
        expect(
          (await send('PUT', `${client}/primary`, ['revision', 'contacts'], { body: { contactId } })).status,
        ).toBe(200);
      }
      const both = await Promise.all(
        [ann, bob].map((contactId) => rest.call('PUT', `clients/${client}/primary`, { body: { contactId } })),
      );
      expect(both.map(({ status }) => status)).toEqual([200, 200]);
    },
  );

  row(
    14,
    'A retry gets the first answer again; the key with another body is refused',
    async (send, client) => {
      const headers = { 'idempotency-key': 'k' };
      const shows = ['revision', 'contacts', 'effects'];
      const first = await send('POST', `${client}/contacts`, shows, {
        body: { email: ANN },
        headers: { ...headers, 'if-match': '"-1"' },
      });
      await send('POST', `${client}/contacts`, ['revision'], { body: { email: BOB } });
      // The replay comes before the precondition, which is stale by now.
      const again = await send('POST', `${client}/contacts`, shows, {
        body: { email: ANN },
        headers: { ...headers, 'if-match': '"-1"' },
      });
      expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, 'true']);
      expect(again.body).toEqual(first.body);
      const other = await send('POST', `${client}/contacts`, ['code'], {
        body: { email: 'cy@lefevre.example' },
        headers,
      });
      expect(other).toMatchObject({ status: 409, body: { code: 'idempotency_key_reused' } });
    },
  );

  row(16, "An id that is not in this client's book: 404, whosever it is", async (send, client) => {
    const theirs = (await send('POST', `${client}-other/contacts`, ['contacts'], { body: { email: ANN } }))
      .body.contactId;
    for (const contactId of ['nobody', theirs]) {
      const answer = await send('PUT', `${client}/primary`, ['code', 'contactId', 'pointer'], {
        body: { contactId },
      });
      expect(answer).toMatchObject({ status: 404, body: { code: 'contact_not_found', contactId } });
    }
    const removed = await send('DELETE', `${client}/contacts/${theirs}`, ['code', 'parameter']);
    expect(removed).toMatchObject({ status: 404, body: { parameter: 'contactId' } });
  });

  row(
    17,
    "The billing email is a contact's: the route says so, and names the contact",
    async (send, client) => {
      const { contactId } = (await send('POST', `${client}/contacts`, ['contacts'], { body: { email: ANN } }))
        .body;
      const set = await send('PUT', `${client}/billing-email`, ['warnings', 'effects'], {
        body: { email: ANN },
      });
      expect(set.body.effects.billingRoute.after).toMatchObject({ rule: 'billing_email', contactId });
    },
  );

  row(18, "The billing email is nobody's: routed, with a warning", async (send, client) => {
    const set = await send('PUT', `${client}/billing-email`, ['revision', 'warnings', 'effects'], {
      body: { email: 'invoices@lefevre.example' },
    });
    expect(codesOf(set)).toEqual(['billing_email_cannot_sign_in']);
  });

  row(19, "The billing default's portal is off: fine, no warning", async (send, client) => {
    const added = await send('POST', `${client}/contacts`, ['warnings', 'contacts'], {
      body: { email: ANN, primary: true, billingDefault: true, portalEnabled: false },
    });
    expect(codesOf(added)).toEqual([]);
  });

  row(20, 'Removed, then added again: a new contact with a new id', async (send, client) => {
    const first = (await send('POST', `${client}/contacts`, ['contacts'], { body: { email: ANN } })).body
      .contactId;
    await send('DELETE', `${client}/contacts/${first}`, ['revision', 'effects']);
    const second = (await send('POST', `${client}/contacts`, ['contacts'], { body: { email: ANN } })).body
      .contactId;
    expect(second).not.toBe(first);
  });

  row(21, 'More contacts than a client may have', async (send, client) => {
    const contacts = Array.from({ length: 200 }, (_, n) => ({ email: `n${n}@lefevre.example` }));
    const full = await rest.call('PUT', `clients/${client}/contacts`, {
      body: { contacts },
      headers: { 'if-none-match': '*' },
    });
    expect([full.status, full.body.added.length]).toEqual([200, 200]);
    const more = await send('POST', `${client}/contacts`, ['code', 'max'], { body: { email: ANN } });
    expect(more).toMatchObject({ status: 422, body: { code: 'too_many_contacts', max: 200 } });
  });

  row(23, 'A client nobody has written to, and a write that insists on it', async (send, client) => {
    const read = await send('GET', `${client}/contacts`, ['revision', 'contacts']);
    expect([read.status, read.headers.get('etag')]).toEqual([200, '"-1"']);
    const body = { email: 'invoices@lefevre.example' };
    const put = (headers: Record<string, string>) =>
      send('PUT', `${client}/billing-email`, ['revision', 'code'], { body, headers });
    expect((await put({ 'if-match': '"-1"' })).status).toBe(200);
    expect(await put({ 'if-none-match': '*' })).toMatchObject({ status: 412, body: { revision: 0 } });
  });

  it(`stands in ${PAGE} as it was executed: where it doesn't, UPDATE_DOCS=1 writes it`, async () => {
    const page = await readFile(PAGE, 'utf8');
    const [before = '', rest = ''] = page.split(BEGIN);
    const whole = `${before}${BEGIN}\n${recorded.toMarkdown()}\n${END}${rest.split(END)[1] ?? ''}`;
    if (process.env['UPDATE_DOCS']) await writeFile(PAGE, whole);
    else expect(page).toBe(whole);
  });

  it('a POST without a key is refused, and what to do about it is said', async () => {
    const answer = await rest.call('POST', `clients/${randomUUID()}/contacts`, { body: { email: ANN } });
    expect(answer).toMatchObject({ status: 422, body: { code: 'idempotency_key_required' } });
  });

  it('a dry run stores nothing, needs no key, and has the tag of the book that it was tried on', async () => {
    const clientId = randomUUID();
    const path = `clients/${clientId}/contacts`;
    const { status, headers, body } = await rest.call('POST', `${path}?dryRun=true`, {
      body: { email: ANN },
    });
    expect([status, headers.get('etag'), body.revision]).toEqual([200, '"-1"', 0]);
    expect(body.events).toMatchObject([{ type: 'ContactAdded', data: { email: ANN } }]);
    // Read from the log where the read model has nothing: a read of the latter might only be behind.
    expect(await rest.call('GET', `${path}?minRevision=0`)).toMatchObject({
      status: 404,
      body: { code: 'revision_not_reached', revision: -1 },
    });
    // With the key of the write to come, the contact is the one whom that will add.
    const request = { body: { email: ANN }, headers: { 'idempotency-key': 'key' } };
    const { contactId } = (await rest.call('POST', `${path}?dryRun=true`, request)).body;
    expect(await hasKey(clientId, contactId)).toBe(false);
    expect((await rest.call('POST', path, request)).body.contactId).toBe(contactId);
    expect(await hasKey(clientId, contactId)).toBe(true);
    expect(
      (
        await rest.call('POST', `${path}?dryRun=yes`, {
          body: { email: ANN },
          headers: { 'idempotency-key': 'k' },
        })
      ).body,
    ).toMatchObject({
      code: 'validation_failed',
      errors: [{ parameter: 'dryRun' }],
    });
  });

  it('a list may weigh 256 KB, another body 64', async () => {
    const path = `clients/${randomUUID()}`;
    const padding = ' '.repeat(200 * 1024);
    const headers = { 'idempotency-key': 'k', 'if-match': '"-1"' };
    const list = await rest.call('PUT', `${path}/contacts`, {
      body: { contacts: [{ email: ANN, name: padding }] },
      headers,
    });
    expect(list.body.code).toBe('validation_failed');
    expect(
      (
        await rest.call('PUT', `${path}/contacts`, {
          body: { contacts: [{ email: padding + padding }] },
          headers,
        })
      ).status,
    ).toBe(413);
    expect((await rest.call('POST', `${path}/contacts`, { body: { email: padding }, headers })).status).toBe(
      413,
    );
  });

  it('the reason stands in the history; one that is no percent-encoded UTF-8, or too long, is refused', async () => {
    const path = `clients/${randomUUID()}`;
    const put = (reason: string) =>
      rest.call('PUT', `${path}/billing-email`, {
        body: { email: ANN },
        headers: { 'x-reason': reason, traceparent: 'nonsense' },
      });
    expect((await put('%ff')).body.code).toBe('malformed_request');
    expect((await put('x'.repeat(501))).body.code).toBe('malformed_request');
    expect((await put(encodeURIComponent('Zoë said so'))).status).toBe(200);
    const { body } = await rest.call('GET', `${path}/history?minRevision=0`);
    expect(body.entries).toMatchObject([{ reason: 'Zoë said so' }]);
  });
});
