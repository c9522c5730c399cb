import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { type FaultProxy, startFaultProxy } from '../../embedded/src/fault-proxy/index.js';
import { readSampleClients, type SampleClient } from '../../samples/sample-clients.js';
import { type RestRequest, startRestService } from '../fixtures/rest-service.js';

/** Whoever is asked for, and is nobody's sample. */
const STRANGER = 'solveig.unfindable@stranger.example';

describe('the log of a service that was used and maltreated', () => {
  const lines: string[] = [];
  let clients: SampleClient[];
  let mongodb: FaultProxy;
  let eventStore: FaultProxy;
  let service: Awaited<ReturnType<typeof startRestService>>;

  beforeAll(async () => {
    clients = await readSampleClients('samples/studio-nord');
    const [mongodbUrl, eventStoreUrl] = [process.env['MONGODB_URL']!, process.env['EVENTSTORE_URL']!];
    mongodb = await proxyOf(mongodbUrl);
    eventStore = await proxyOf(eventStoreUrl);
    const log = pino({ level: 'trace', base: null }, { write: (line: string) => void lines.push(line) });
    service = await startRestService({
      log,
      environment: {
        // A replica set would tell its own address, past the proxy.
        MONGODB_URL: `mongodb://127.0.0.1:${mongodb.port}/?directConnection=true`,
        KEYS_MONGODB_URL: mongodbUrl,
        EVENTSTORE_URL: eventStoreUrl.replace(/\/\/[^?/]+/, `//127.0.0.1:${eventStore.port}`),
      },
    });
  }, 120_000);
  afterAll(async () => {
    await service.stop();
    await Promise.all([mongodb.stop(), eventStore.stop()]);
  });

  it('names nobody and no address, whatever came and whatever was lost', async () => {
    await use();
    await provoke();
    await loseServers();
    const log = lines.join('');
    expect(lines.length).toBeGreaterThan(200);
    for (const status of [200, 201, 400, 401, 404, 409, 422, 503])
      expect(log).toContain(`"status":${status},`);
    expect(personalData(clients).filter((text) => log.toLowerCase().includes(text.toLowerCase()))).toEqual(
      [],
    );
  }, 120_000);

  it('would be found out: a line that names one of them is seen', () => {
    const { email } = populated()[0]!.contacts[0]!;
    const line = JSON.stringify({ level: 30, msg: `could not add ${email.toUpperCase()}` });
    expect(personalData(clients).some((text) => line.toLowerCase().includes(text.toLowerCase()))).toBe(true);
  });

  /** A POST that writes: with a key, unless the request brings its own. */
  const write = (path: string, { headers = {}, ...more }: RestRequest) =>
    service.call('POST', path, { ...more, headers: { 'idempotency-key': randomUUID(), ...headers } });

  const populated = () => clients.filter(({ contacts }) => contacts.length > 0);

  async function use(): Promise<void> {
    await Promise.all(
      clients.map(async ({ clientId, contacts, billingEmail }) => {
        const path = `clients/${clientId}`;
        for (const contact of contacts) await write(`${path}/contacts`, { body: contact });
        if (billingEmail)
          await service.call('PUT', `${path}/billing-email`, { body: { email: billingEmail } });
        for (const read of ['contacts', 'billing-route', 'history'])
          await service.call('GET', `${path}/${read}`);
      }),
    );
  }

  /** Everything wrong that a caller may do with an address, in each place that a request has. */
  async function provoke(): Promise<void> {
    for (const { clientId, contacts } of populated().slice(0, 5)) {
      const { email, name = 'Nobody' } = contacts[0]!;
      const path = `clients/${clientId}/contacts`;
      const place = encodeURIComponent(email);
      await write(path, { body: { email } });
      await write(path, { body: { email: `${email}, ${STRANGER}` } });
      await write(path, { body: { email: STRANGER, [email]: name, name: 7 } });
      await write(path, { body: { email: STRANGER, name: email.repeat(20) } });
      await write(path, { body: email });
      await service.call('GET', `${path}/${place}`);
      await service.call('GET', `clients/${place}/contacts`);
      await service.call('GET', `${path}?minRevision=${place}`);
      await service.call('GET', `${place}?q=${encodeURIComponent(name)}`);
      await service.call('PATCH', `${path}/${place}`);
      await service.call('POST', 'contacts/search', { body: { email, q: name } });
      await service.call('POST', 'portal-access/look-up', { body: { email } });
      const inHeaders = [
        'x-correlation-id',
        'if-match',
        'idempotency-key',
        'authorization',
        'content-type',
        'accept',
      ];
      for (const header of inHeaders)
        await write(path, {
          body: { email: STRANGER },
          headers: { [header]: Buffer.from(email).toString('latin1') },
        });
      await raw(`GET /v1/${place}%ff?q=${email} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      await raw(`${email} ${email}\r\n\r\n`);
      await raw(`GET / HTTP/1.1\r\nHost: x\r\n${email}\r\n\r\n`);
    }
  }

  /** A stored contact and one not stored yet, while one server is away and while the other is. */
  async function loseServers(): Promise<void> {
    for (const lost of [mongodb, eventStore]) {
      lost.refuseConnections();
      lost.cutConnections();
      for (const { clientId, contacts } of populated().slice(0, 1)) {
        const { email } = contacts[0]!;
        await Promise.all([
          write(`clients/${clientId}/contacts`, { body: { email: STRANGER } }),
          service.call('GET', `clients/${clientId}/contacts`),
          service.call('POST', 'portal-access/look-up', { body: { email } }),
          service.call('POST', 'contacts/search', { body: { q: email } }),
        ]);
      }
      lost.pass();
    }
  }

  async function raw(text: string): Promise<void> {
    const { hostname, port } = new URL(service.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {}).resume();
    socket.end(text);
    await once(socket, 'close');
  }
});

/** Addresses, their local parts where those name a person, names and telephone numbers. */
function personalData(clients: readonly SampleClient[]): string[] {
  const contacts = clients.flatMap((client) => client.contacts);
  const emails = [
    STRANGER,
    ...contacts.map(({ email }) => email),
    ...clients.flatMap((each) => each.billingEmail ?? []),
  ];
  const names = contacts.flatMap(({ name }) => name ?? []);
  const phones = contacts.flatMap(({ phone }) => phone ?? []);
  const encoded = emails.map((email) => encodeURIComponent(email));
  const domains = emails.map((email) => email.slice(email.indexOf('@')));
  // "Sam" stands in many a word; three letters name nobody.
  return [
    ...new Set([...emails, ...encoded, ...domains, ...names.filter((name) => name.length > 3), ...phones]),
  ];
}

function proxyOf(url: string): Promise<FaultProxy> {
  const [, host = '', port] = /\/\/([^:/?]+):(\d+)/.exec(url)!;
  return startFaultProxy({ target: { host, port: Number(port) } });
}
