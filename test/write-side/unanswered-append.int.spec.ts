import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ClientRef } from '../../src/event-log/contact-book-stream.js';
import { type EventStore, EventStoreUnavailable, OutcomeUnknown } from '../../src/event-log/event-store.js';
import { EventStoreDb } from '../../src/event-log/eventstoredb.js';
import { add, commandHandler, commandsOf, historyOf, newClient, type Send } from './command-handler.js';

type Append = () => Promise<unknown>;
/** What becomes of one append: `deliver` brings it to the server, now or later. Undefined: it is answered as usual. */
type Fate = ((deliver: Append) => Promise<void> | void) | undefined;

const stored: Fate = async (deliver) => void (await deliver());
const neverArrives: Fate = () => {};

describe('an append whose answer does not come', () => {
  let server: EventStoreDb;
  let client: ClientRef;
  let send: Send;
  let other: Send;
  /** The fates of the next appends, and how many reads fail after them. */
  let fates: Fate[];
  let failingReads: number;
  let appends: number;
  let arrive: Append[];

  beforeAll(() => {
    server = new EventStoreDb({ url: process.env['EVENTSTORE_URL']!, deadlineMs: 5000 });
  });
  afterAll(() => server.close());

  const late: Fate = (deliver) => void arrive.push(deliver);

  beforeEach(async () => {
    client = newClient();
    [fates, arrive, failingReads, appends] = [[], [], 0, 0];
    const unreliable: EventStore = {
      async append(...append) {
        appends += 1;
        const fate = fates.shift();
        if (!fate) return server.append(...append);
        await fate(() => server.append(...append));
        throw new OutcomeUnknown('lost by the test');
      },
      async *read(...read) {
        if (appends > 0 && failingReads-- > 0) throw new EventStoreUnavailable('failed by the test');
        yield* server.read(...read);
      },
      readLast: (...read) => server.readLast(...read),
      readStreamBackwards: (...read) => server.readStreamBackwards(...read),
      keepLast: (...keep) => server.keepLast(...keep),
      subscribe: (...subscribe) => server.subscribe(...subscribe),
      readBackwards: (limit) => server.readBackwards(limit),
      get lostConnections() {
        return server.lostConnections;
      },
      reconnect: () => server.reconnect(),
      close: () => Promise.resolve(),
    };
    send = commandHandler(unreliable);
    other = commandHandler(server);
    await send({ client, command: add('ann') });
    appends = 0;
  });

  const ids = async () => commandsOf(await historyOf(server, client)).slice(1);

  it('but which was stored is answered as if it had come, and not sent again', async () => {
    fates = [stored];
    const sent = { client, command: add('bob'), commandId: 'bob' };
    expect(await send(sent)).toEqual({ revision: 1, isReplay: false, contacts: ['ann', 'bob'] });
    expect(await ids()).toEqual(['bob']);
    expect(appends).toBe(1);
  });

  it('and which never arrived is sent again', async () => {
    fates = [neverArrives];
    expect(await send({ client, command: add('bob'), commandId: 'bob' })).toMatchObject({ revision: 1 });
    expect(await ids()).toEqual(['bob']);
    expect(appends).toBe(2);
  });

  it('is stored once when it arrives after the stream was read, together with what was sent again', async () => {
    fates = [
      late,
      async (deliver) => {
        await deliver();
        await arrive[0]!();
      },
    ];
    expect(await send({ client, command: add('bob'), commandId: 'bob' })).toMatchObject({ revision: 1 });
    expect(await ids()).toEqual(['bob']);
  });

  it('is stored once when it arrives before what was sent again', async () => {
    fates = [
      late,
      async (deliver) => {
        await arrive[0]!();
        await deliver();
      },
    ];
    expect(await send({ client, command: add('bob'), commandId: 'bob' })).toMatchObject({ revision: 1 });
    expect(await ids()).toEqual(['bob']);
  });

  it('is decided anew once another append took its place; arriving then, it is not stored', async () => {
    fates = [
      async (deliver) => {
        arrive.push(deliver);
        await other({ client, command: add('cy'), commandId: 'cy' });
      },
    ];
    expect(await send({ client, command: add('bob'), commandId: 'bob' })).toEqual({
      revision: 2,
      isReplay: false,
      contacts: ['ann', 'cy', 'bob'],
    });
    await expect(arrive[0]!()).rejects.toMatchObject({ name: 'WrongExpectedRevision' });
    expect(await ids()).toEqual(['cy', 'bob']);
  });

  it('is refused once what took its place forbids it', async () => {
    fates = [
      async () => {
        await other({ client, command: add('bobby', { email: 'bob@client.example' }), commandId: 'other' });
      },
    ];
    expect(await send({ client, command: add('bob'), commandId: 'bob' })).toMatchObject({
      code: 'duplicate_email',
    });
    expect(await ids()).toEqual(['other']);
  });

  it('is answered as unknown when the stream can not be read; a retry gives the first answer', async () => {
    fates = [stored];
    failingReads = 1;
    const sent = { client, command: add('bob'), commandId: randomUUID() };
    expect(await send(sent)).toEqual({ failure: 'OutcomeUnknown' });
    expect(await send(sent)).toMatchObject({ revision: 1, isReplay: true });
    expect(await ids()).toEqual([sent.commandId]);
  });

  it('is answered as unknown when it never shows up; a retry does not double what arrives meanwhile', async () => {
    fates = [late, late, late, late];
    const sent = { client, command: add('bob'), commandId: randomUUID() };
    expect(await send(sent)).toEqual({ failure: 'OutcomeUnknown' });
    expect(await ids()).toEqual([]);
    // The retry has been decided when the first ones arrive: its event ids differ from theirs.
    fates = [
      async (deliver) => {
        await Promise.all(arrive.map((append) => append()));
        await deliver().catch(() => {});
      },
    ];
    expect(await send(sent)).toMatchObject({ revision: 1, contacts: ['ann', 'bob'] });
    expect(await ids()).toEqual([sent.commandId]);
  });

  it('leaves the others of that client in order: they wait for it, and build on what became of it', async () => {
    fates = [stored];
    const outcomes = await Promise.all(
      ['bob', 'cy', 'dee'].map((name) => send({ client, command: add(name), commandId: name })),
    );
    expect(outcomes.map((outcome) => 'revision' in outcome && outcome.revision)).toEqual([1, 2, 3]);
    expect(await ids()).toEqual(['bob', 'cy', 'dee']);
  });
});
