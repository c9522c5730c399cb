import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectSocket, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binaryEvent, EventStoreDBClient } from '@eventstore/db-client';
import { expect, it } from '@jest/globals';
import { startEventStore } from '../../src/event-store/index.js';
import { take } from './client.js';

const EVENTS = 100;
const EVENT_BYTES = 200_000;

it('a subscriber that does not take its events is held back, and gets them all when it does', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'event-store-'));
  const server = await startEventStore({ dataDir });
  let forwarded = 0;
  const proxy = createServer((socket) => {
    const upstream = connectSocket(server.port, '127.0.0.1');
    upstream.on('data', (chunk) => (forwarded += chunk.length));
    socket.pipe(upstream).pipe(socket);
    for (const end of [socket, upstream]) end.on('error', () => {});
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');

  const writer = EventStoreDBClient.connectionString(server.url);
  for (let at = 0; at < EVENTS; at += 1) {
    await writer.appendToStream('large', binaryEvent({ type: 'Blob', data: new Uint8Array(EVENT_BYTES) }));
  }
  const { port } = proxy.address() as AddressInfo;
  const subscriber = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${port}?tls=false`);
  const subscription = subscriber.subscribeToAll();
  await once(subscription, 'confirmation');
  // Another reader is served everything meanwhile: there was time enough to send it all.
  expect(await take(writer.readAll()[Symbol.asyncIterator](), EVENTS)).toHaveLength(EVENTS);
  expect(forwarded).toBeLessThan((EVENTS * EVENT_BYTES) / 2);
  expect(await take(subscription[Symbol.asyncIterator](), EVENTS)).toHaveLength(EVENTS);

  subscription.destroy();
  await Promise.all([subscriber.dispose(), writer.dispose()]);
  proxy.close();
  await server.stop();
  await rm(dataDir, { recursive: true });
});
