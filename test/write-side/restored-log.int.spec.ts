import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedServer, startEventStore } from '@client-contacts/embedded';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EventStoreDb } from '../../src/event-log/eventstoredb.js';
import { codec } from '../fixtures/recorded-events.js';
import { add, commandHandler, newClient } from './command-handler.js';

describe('an event store that is restored from a backup while a replica has nothing to do', () => {
  let directory: string;
  let server: EmbeddedServer;
  let idle: EventStoreDb;
  let other: EventStoreDb;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'restored-log-'));
    server = await startEventStore({ dataDir: join(directory, 'live') });
    idle = new EventStoreDb({ url: server.url, deadlineMs: 5000 });
    other = new EventStoreDb({ url: server.url, deadlineMs: 5000 });
  });
  afterEach(async () => {
    await Promise.all([idle.close(), other.close()]);
    await server.stop();
    await rm(directory, { recursive: true });
  });

  it('is not changed by what that replica remembers of the log that is no more', async () => {
    const client = newClient();
    const warm = commandHandler(idle, { codec });
    await warm({ client, command: add('ann') });
    const { port } = server;
    await server.stop();
    await cp(join(directory, 'live'), join(directory, 'backup'), { recursive: true });
    server = await startEventStore({ dataDir: join(directory, 'live'), port });
    await warm({ client, command: add('bob') });
    await server.stop();
    server = await startEventStore({ dataDir: join(directory, 'backup'), port });
    await commandHandler(other, { codec })({ client, command: add('cy') });

    const toBob = { client, command: { type: 'SetPrimaryContact', contactId: 'bob' } } as const;
    expect(await warm(toBob)).toMatchObject({ code: 'contact_not_found' });
    expect(await warm({ client, command: add('dan') })).toMatchObject({ contacts: ['ann', 'cy', 'dan'] });
  });
});
