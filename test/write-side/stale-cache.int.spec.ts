import { randomUUID } from 'node:crypto';
import { afterAll, beforeEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ContactBookCommand } from '../../src/contact-book/commands.js';
import type { ClientRef } from '../../src/event-log/contact-book-stream.js';
import type { EventStore } from '../../src/event-log/event-store.js';
import { EventStoreDb } from '../../src/event-log/eventstoredb.js';
import { add, commandHandler, historyOf, newClient, type Send } from './command-handler.js';

const primary = (contactId: string | null): ContactBookCommand => ({ type: 'SetPrimaryContact', contactId });
const remove = (contactId: string): ContactBookCommand => ({ type: 'RemoveContact', contactId });

describe('a replica whose cached book is behind the stream', () => {
  let eventStore: EventStoreDb;
  let stale: Send;
  let other: Send;
  let client: ClientRef;
  const calls: string[] = [];

  beforeAll(() => {
    eventStore = new EventStoreDb({ url: process.env['EVENTSTORE_URL']!, deadlineMs: 5000 });
    const counted: EventStore = {
      append: (...append) => {
        calls.push('append');
        return eventStore.append(...append);
      },
      read: (...read) => {
        calls.push('read');
        return eventStore.read(...read);
      },
      readLast: (...read) => {
        calls.push('readLast');
        return eventStore.readLast(...read);
      },
      readStreamBackwards: (...read) => eventStore.readStreamBackwards(...read),
      keepLast: (...keep) => eventStore.keepLast(...keep),
      subscribe: (...subscribe) => eventStore.subscribe(...subscribe),
      readBackwards: (limit) => eventStore.readBackwards(limit),
      get lostConnections() {
        return eventStore.lostConnections;
      },
      reconnect: () => eventStore.reconnect(),
      close: () => Promise.resolve(),
    };
    stale = commandHandler(counted);
    other = commandHandler(eventStore);
  });
  afterAll(() => eventStore.close());

  /** Both replicas know Ann as the primary, and Bob. */
  beforeEach(async () => {
    client = newClient();
    await stale({ client, command: add('ann', { primary: true }) });
    await stale({ client, command: add('bob') });
    await other({ client, command: primary('ann') });
    calls.length = 0;
  });

  it('makes a change in one round trip while the cached book is the whole book', async () => {
    expect(await stale({ client, command: primary('bob') })).toMatchObject({ revision: 3 });
    expect(calls).toEqual(['append']);
  });

  it('does not answer from the cache alone, even when that is right: it reads the end of the stream', async () => {
    expect(await stale({ client, command: primary('ann') })).toMatchObject({ revision: 2 });
    expect(calls).toEqual(['read']);
  });

  it('does not answer that there is nothing to do: it makes the change that has become one', async () => {
    await other({ client, command: primary('bob') });
    expect(await stale({ client, command: primary('ann') })).toMatchObject({ revision: 4 });
    expect((await historyOf(eventStore, client)).at(-1)!.event.data).toEqual({ from: 'bob', to: 'ann' });
  });

  it('does not append what has become nothing to do', async () => {
    await other({ client, command: primary('bob') });
    expect(await stale({ client, command: primary('bob') })).toMatchObject({ revision: 3 });
    expect(await historyOf(eventStore, client)).toHaveLength(4);
  });

  it('does not refuse a duplicate email that is none any more', async () => {
    const again = add('bob-2', { email: 'bob@client.example' });
    await other({ client, command: remove('bob') });
    expect(await stale({ client, command: again })).toMatchObject({ contacts: ['ann', 'bob-2'] });
  });

  it('refuses a duplicate email that it does not know of', async () => {
    await other({ client, command: add('cy') });
    const duplicate = add('cy-2', { email: 'cy@client.example' });
    expect(await stale({ client, command: duplicate })).toMatchObject({ code: 'duplicate_email' });
  });

  it('does not say that a contact is not there who was added since', async () => {
    await other({ client, command: add('cy') });
    expect(await stale({ client, command: primary('cy') })).toMatchObject({ revision: 4 });
  });

  it('says that a contact is not there who was removed since', async () => {
    await other({ client, command: remove('bob') });
    expect(await stale({ client, command: primary('bob') })).toMatchObject({ code: 'contact_not_found' });
  });

  it('does not refuse the revision that the stream has by now', async () => {
    await other({ client, command: primary('bob') });
    expect(await stale({ client, command: primary(null), expectedRevision: 3 })).toMatchObject({
      revision: 4,
    });
  });

  it('refuses the revision that the stream has left, and names the present one', async () => {
    await other({ client, command: primary('bob') });
    expect(await stale({ client, command: primary(null), expectedRevision: 2 })).toEqual({
      failure: 'RevisionMismatch',
      currentRevision: 3,
    });
  });

  it('does not carry out again what another replica did under the same id: it gives the first answer', async () => {
    const sent = { client, command: add('cy'), commandId: randomUUID() };
    await other(sent);
    await other({ client, command: remove('cy') });
    expect(await stale(sent)).toEqual({ revision: 3, isReplay: true, contacts: ['ann', 'bob', 'cy'] });
    expect(await historyOf(eventStore, client)).toHaveLength(5);
  });

  it('gives the first answer to a command without effect today, and before it looks at the precondition', async () => {
    const sent = { client, command: primary('bob'), commandId: randomUUID(), expectedRevision: 2 };
    await other(sent);
    expect(await stale(sent)).toMatchObject({ revision: 3, isReplay: true });
  });

  it('refuses an id that another replica has taken for another command', async () => {
    const commandId = randomUUID();
    await other({ client, command: add('cy'), commandId });
    expect(await stale({ client, command: primary('ann'), commandId })).toEqual({
      failure: 'CommandIdReused',
    });
  });
});
