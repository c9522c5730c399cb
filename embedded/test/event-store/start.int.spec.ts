import { once } from 'node:events';
import { mkdtemp, rm, stat, truncate } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDBClient } from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startEventStore } from '../../src/event-store/index.js';
import { event, events, numbers, rejection } from './client.js';

describe('an event store that is started', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'event-store-'));
  });
  afterEach(() => rm(dataDir, { recursive: true }));

  async function withClient<T>(
    use: (client: EventStoreDBClient) => Promise<T>,
    log?: (line: string) => void,
  ): Promise<T> {
    const server = await startEventStore({ dataDir, ...(log && { log }) });
    const client = EventStoreDBClient.connectionString(server.url);
    try {
      return await use(client);
    } finally {
      await client.dispose();
      await server.stop();
    }
  }

  it('again has what was stored: events, metadata, deletions', async () => {
    await withClient(async (client) => {
      await client.appendToStream('kept', events(3));
      await client.setStreamMetadata('kept', { maxCount: 2 });
      await client.appendToStream('deleted', events(2));
      await client.deleteStream('deleted');
      await client.appendToStream('ended', events(1));
      await client.tombstoneStream('ended');
    });
    await withClient(async (client) => {
      expect(await numbers(client.readStream('kept'))).toEqual([1, 2]);
      expect(await rejection(numbers(client.readStream('deleted')))).toMatchObject({
        type: 'stream-not-found',
      });
      const { nextExpectedRevision } = await client.appendToStream('deleted', event(2));
      expect(nextExpectedRevision).toBe(2n);
      expect(await rejection(client.appendToStream('ended', event(1)))).toMatchObject({
        type: 'stream-deleted',
      });
    });
  });

  it('again knows an append that is sent once more', async () => {
    const sent = events(2);
    const first = await withClient((client) =>
      client.appendToStream('s', sent, { expectedRevision: 'no_stream' }),
    );
    const again = await withClient((client) =>
      client.appendToStream('s', sent, { expectedRevision: 'no_stream' }),
    );
    expect(again).toEqual(first);
  });

  it.each([1, 30, 300])(
    'on a file whose last append lacks %d bytes cuts that append off whole, and says so',
    async (missing) => {
      await withClient(async (client) => {
        await client.appendToStream('s', events(2));
        await client.appendToStream('s', events(3, 2));
      });
      const path = join(dataDir, 'events.log');
      await truncate(path, (await stat(path)).size - missing);
      const said: string[] = [];
      await withClient(
        async (client) => {
          expect(await numbers(client.readStream('s'))).toEqual([0, 1]);
          await client.appendToStream('s', event(2), { expectedRevision: 1n });
          expect(await numbers(client.readStream('s'))).toEqual([0, 1, 2]);
        },
        (line) => said.push(line),
      );
      expect(said).toEqual([
        expect.stringMatching(/^event store: cut off a torn append of \d+ bytes at \d+$/),
      ]);
    },
  );

  it('on a port that is in use rejects with EADDRINUSE', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    expect(await rejection(startEventStore({ dataDir, port }))).toMatchObject({ code: 'EADDRINUSE' });
    other.close();
  });

  it('answers what it does not have with UNIMPLEMENTED', async () => {
    await withClient(async (client) => {
      const projections = client.createProjection('p', 'fromAll()');
      expect(await rejection(projections)).toMatchObject({ code: 12 });
      const links = numbers(client.readStream('s', { resolveLinkTos: true }));
      expect(await rejection(links)).toMatchObject({ code: 12 });
    });
  });

  it.each([
    '(',
    '\\Aa',
    'a\\z',
    'a\\Z',
    '\\Ga',
    '\\p{L}',
    '\\P{L}',
    '(?>a)',
    '(?i)a',
    '(?i:a)',
    '[a-z-[q]]',
    '[[:alpha:]]',
    '[^[:alpha:]]',
    '[]a]',
    '\\\\\\A',
  ])('refuses the filter %s, which is no regular expression or another one in .NET', async (regex) => {
    await withClient(async (client) => {
      const filter = { filterOn: 'streamName', regex, checkpointInterval: 1 } as const;
      expect(await rejection(numbers(client.subscribeToAll({ filter })))).toMatchObject({ code: 3 });
    });
  });

  it.each(['^s-\\d+$', '^[^$].*', '^(?:s|t)-(?=1)', '^s\\-[\\w-]', '(?<!\\\\A)s'])(
    'takes the filter %s, which is the same in .NET',
    async (regex) => {
      await withClient(async (client) => {
        await client.appendToStream('s-1', event(1));
        const filter = { filterOn: 'streamName', regex, checkpointInterval: 1 } as const;
        for await (const { event } of client.subscribeToAll({ filter })) {
          expect(event!.streamId).toBe('s-1');
          break;
        }
      });
    },
  );
});
