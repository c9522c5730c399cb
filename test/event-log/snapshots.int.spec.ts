import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { STREAM_PREFIX, snapshotStreamOf, streamNameOf } from '../../src/event-log/contact-book-stream.js';
import type { EventStore, StoredEvent } from '../../src/event-log/event-store.js';
import { EventStoreDb } from '../../src/event-log/eventstoredb.js';
import { add, commandHandler, newClient } from '../write-side/command-handler.js';

const INTERVAL = 5;

describe('snapshots in the event store', () => {
  let eventStore: EventStoreDb;
  beforeAll(() => {
    eventStore = new EventStoreDb({ url: process.env['EVENTSTORE_URL']!, deadlineMs: 15_000 });
  });
  afterAll(() => eventStore.close());

  const eventsOf = async (stream: string): Promise<StoredEvent[]> => {
    const stored: StoredEvent[] = [];
    for await (const event of eventStore.read(stream, 0)) stored.push(event);
    return stored;
  };

  it('are written behind the answers of commands, one a client, and a process that comes later begins there', async () => {
    const client = newClient();
    const stream = snapshotStreamOf(client);
    const send = commandHandler(eventStore, { snapshotInterval: INTERVAL });
    for (let count = 0; count < 4 * INTERVAL; count++) {
      await send({ client, command: add(`contact-${count}`) });
      // One at a time is written of a client, and another one that is due meanwhile is left out.
      if ((count + 1) % INTERVAL !== 0) continue;
      while ((await eventStore.readLast(stream))?.data['revision'] !== count) continue;
    }
    // Four were written; the store keeps the last.
    expect((await eventsOf(stream)).map(({ revision }) => revision)).toEqual([3]);

    let read = 0;
    const counting: EventStore = Object.assign(Object.create(eventStore) as EventStoreDb, {
      async *read(...asked: Parameters<EventStore['read']>) {
        for await (const event of eventStore.read(...asked)) {
          read += 1;
          yield event;
        }
      },
    });
    const later = commandHandler(counting, { snapshotInterval: INTERVAL });
    expect(await later({ client, command: add('last') })).toMatchObject({ revision: 4 * INTERVAL });
    expect(read).toBe(1);
  });

  it('are not seen by who follows our streams', async () => {
    const client = newClient();
    const snapshot = { id: randomUUID(), type: 'ContactBookSnapshot', data: {}, metadata: {} };
    await eventStore.append(snapshotStreamOf(client), -1, [snapshot]);
    await commandHandler(eventStore)({ client, command: add('ann') });
    const subscription = eventStore.subscribe(STREAM_PREFIX, undefined);
    const seen: string[] = [];
    for await (const item of subscription) {
      if (!('stream' in item)) continue;
      seen.push(item.stream);
      if (item.stream === streamNameOf(client)) break;
    }
    subscription.close();
    expect(seen.filter((stream) => !stream.startsWith('clientContacts-'))).toEqual([]);
  });
});
