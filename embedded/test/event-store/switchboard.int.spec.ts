import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDBClient, type AppendToStreamOptions } from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startEventStore } from '../../src/event-store/index.js';
import type { EmbeddedServer } from '../../src/server.js';
import { event, events, numbers, rejection, take } from './client.js';

const unary: AppendToStreamOptions = { credentials: { username: 'admin', password: 'changeit' } };
const only = (wanted: string) => (operation: string) => operation === wanted;

describe('a fault switched on in the event store', () => {
  let dataDir: string;
  let server: EmbeddedServer;
  let client: EventStoreDBClient;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'event-store-'));
    server = await startEventStore({ dataDir });
    client = EventStoreDBClient.connectionString(server.url);
    await client.appendToStream('s', event(0));
  });
  afterEach(async () => {
    await client.dispose();
    await server.stop();
    await rm(dataDir, { recursive: true });
  });

  async function reconnect() {
    await client.dispose();
    client = EventStoreDBClient.connectionString(server.url);
  }

  it.each([
    ['BatchAppend', {}],
    ['Append', unary],
  ])(
    'loses the answer to %s, whose events are stored: sent again it is answered, and not stored twice',
    async (method, options) => {
      server.switchboard.loseNextAnswers(1, only(method));
      const sent = events(2, 1);
      const lost = client.appendToStream('s', sent, { ...options, expectedRevision: 0n });
      expect(await rejection(lost)).toHaveProperty('type');
      await reconnect();
      expect(await numbers(client.readStream('s'))).toEqual([0, 1, 2]);
      const again = await client.appendToStream('s', sent, { ...options, expectedRevision: 0n });
      expect(again.nextExpectedRevision).toBe(2n);
      expect(await numbers(client.readStream('s'))).toEqual([0, 1, 2]);
    },
  );

  it('lets it die before it answers; what it had stored is there when it is started again', async () => {
    server.switchboard.dieBeforeNextAnswer();
    expect(await rejection(client.appendToStream('s', event(1)))).toHaveProperty('type');
    await server.stop();
    server = await startEventStore({ dataDir, port: server.port });
    await reconnect();
    expect(await numbers(client.readStream('s'))).toEqual([0, 1]);
  });

  it('refuses the next append with the error that it was given, and stores nothing', async () => {
    server.switchboard.refuseNext(1, { code: 14, details: 'Server Is Too Busy' }, only('Append'));
    const refused = client.appendToStream('s', event(1), unary);
    expect(await rejection(refused)).toMatchObject({ type: 'unavailable' });
    expect(await numbers(client.readStream('s'))).toEqual([0]);
  });

  it('refuses the next batched append by ending its call', async () => {
    server.switchboard.refuseNext(1, { code: 14, details: 'Server Is Too Busy' }, only('BatchAppend'));
    expect(await rejection(client.appendToStream('s', event(1)))).toMatchObject({ type: 'unavailable' });
    await reconnect();
    expect(await numbers(client.readStream('s'))).toEqual([0]);
    await client.appendToStream('s', event(1));
  });

  it('keeps it silent until it speaks again', async () => {
    server.switchboard.staySilent();
    const reading = numbers(client.readStream('s'));
    const appending = client.appendToStream('s', event(1), { expectedRevision: 0n });
    server.switchboard.speak();
    expect((await appending).nextExpectedRevision).toBe(1n);
    expect((await reading)[0]).toBe(0);
  });

  it('silences a subscription that runs, without ending it', async () => {
    const subscription = client.subscribeToAll();
    const iterator = subscription[Symbol.asyncIterator]();
    const caughtUp = once(subscription, 'caughtUp');
    expect(await take(iterator, 1)).toHaveLength(1);
    await caughtUp;
    server.switchboard.staySilent(only('SubscriptionEvents'));
    let given = false;
    const next = iterator.next().then((result) => {
      given = true;
      return result;
    });
    await client.appendToStream('s', event(1));
    expect(await numbers(client.readStream('s'))).toEqual([0, 1]);
    expect(given).toBe(false);
    server.switchboard.speak();
    expect((await next).value).toMatchObject({ event: { revision: 1n } });
    subscription.destroy();
  });

  it('cuts the connections: a subscription ends with an error', async () => {
    const subscription = client.subscribeToAll();
    const ended = rejection(take(subscription[Symbol.asyncIterator](), 2));
    await once(subscription, 'caughtUp');
    server.switchboard.dropConnections();
    expect(await ended).toHaveProperty('type');
  });

  it('delays an append beyond its deadline: it is answered as failed, and is not stored then', async () => {
    server.switchboard.delay(100);
    const late = client.appendToStream('s', event(1), { deadline: 20 });
    expect(await rejection(late)).toMatchObject({ type: 'deadline-exceeded' });
    server.switchboard.reset();
    await client.appendToStream('s', event(2));
    expect(await numbers(client.readStream('s'))).toEqual([0, 2]);
  });

  it('holds an append until its client has given it up: it is not stored then', async () => {
    server.switchboard.staySilent(only('Append'));
    const late = client.appendToStream('s', event(1), { ...unary, deadline: 20 });
    expect(await rejection(late)).toMatchObject({ type: 'deadline-exceeded' });
    // The answer to a later request on the same connection shows that the server knows.
    expect(await numbers(client.readStream('s'))).toEqual([0]);
    server.switchboard.speak();
    await client.appendToStream('s', event(2), unary);
    expect(await numbers(client.readStream('s'))).toEqual([0, 2]);
  });
});
