import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDBClient, streamNameFilter, type Position } from '@eventstore/db-client';
import { expect, it } from '@jest/globals';
import { startEventStore } from '../../src/event-store/index.js';
import { events, take } from './client.js';

// Rests on the client's Subscription.js (fellBehind, caughtUp); how far behind is too far is the server's own choice.
it('a live subscriber that is left far behind is told so, gets everything, and is told when it has caught up', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'event-store-'));
  const server = await startEventStore({ dataDir });
  const client = EventStoreDBClient.connectionString(server.url);
  const checkpoints: Position[] = [];
  const subscription = client.subscribeToAll({
    filter: streamNameFilter({
      prefixes: ['s'],
      checkpointInterval: 1000,
      checkpointReached: (_subscription, position) => void checkpoints.push(position),
    }),
  });
  const told: string[] = [];
  subscription.on('fellBehind', () => told.push('fell behind'));
  subscription.on('caughtUp', () => told.push('caught up'));
  await once(subscription, 'caughtUp');

  const { position } = await client.appendToStream('s', events(1500));
  const caughtUp = once(subscription, 'caughtUp');
  const found = await take(subscription[Symbol.asyncIterator](), 1500);
  await caughtUp;
  expect(found.map(({ event }) => event!.revision)).toEqual(found.map((_, at) => BigInt(at)));
  expect(told).toEqual(['caught up', 'fell behind', 'caught up']);
  expect(checkpoints.at(-1)).toEqual(position);

  subscription.destroy();
  await client.dispose();
  await server.stop();
  await rm(dataDir, { recursive: true });
});
