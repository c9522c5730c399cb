import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { endlessKeys } from '../../test/fixtures/data-keys-in-memory.js';
import { codec } from '../../test/fixtures/shared-log-codec.js';
import type { ContactBookCommand } from '../contact-book/commands.js';
import { BookSnapshots } from '../event-log/book-snapshots.js';
import { loadBook } from '../event-log/contact-book-log.js';
import { type ClientRef, streamNameOf } from '../event-log/contact-book-stream.js';
import type { StoredEvent } from '../event-log/event-store.js';
import { EventStoreDb } from '../event-log/eventstoredb.js';
import type { EventCodec, RecordedEvent } from '../event-log/stored-form.js';
import { ChangeContactBook, ChangeContactBookHandler } from './change-contact-book.js';
import { CommandIdReused, RevisionMismatch } from './command-errors.js';
import { COMMAND_DEFAULTS } from './command-settings.js';

const actor = { kind: 'user', id: 'u-1', role: 'owner' } as const;
const settings = { ...COMMAND_DEFAULTS, maxContacts: 200, portalAccessByAdminsOnly: false };

const add = (contactId: string, more: object = {}): ContactBookCommand => ({
  type: 'AddContact',
  contactId,
  email: `${contactId}@client.example`,
  ...more,
});

describe('a command to a contact book', () => {
  let eventStore: EventStoreDb;
  let handler: ChangeContactBookHandler;

  beforeAll(() => {
    eventStore = new EventStoreDb({ url: process.env['EVENTSTORE_URL']!, deadlineMs: 5000 });
    handler = newHandler();
  });
  afterAll(() => eventStore.close());

  function newHandler(used: EventCodec = codec): ChangeContactBookHandler {
    const snapshots = new BookSnapshots(eventStore, used, endlessKeys, 0, pino({ level: 'silent' }));
    return new ChangeContactBookHandler(eventStore, used, snapshots, settings);
  }

  const newClient = (): ClientRef => ({ workspaceId: 'ws', clientId: randomUUID() });

  const send = (
    client: ClientRef,
    command: ContactBookCommand,
    commandId: string = randomUUID(),
    expected?: number,
  ) =>
    handler.execute(
      new ChangeContactBook(
        client,
        command,
        { actor, correlationId: 'correlation', commandId },
        expected === undefined ? undefined : [expected],
      ),
    );

  async function stream(client: ClientRef): Promise<RecordedEvent[]> {
    const events: StoredEvent[] = [];
    for await (const stored of eventStore.read(streamNameOf(client), 0)) events.push(stored);
    return codec.fromStoredForm(events);
  }

  it('becomes one append, with who did it and where the append ends', async () => {
    const client = newClient();
    const { revision, book } = await send(client, add('ann', { primary: true }));
    expect(revision).toBe(1);
    expect(book.primary).toBe('ann');
    const recorded = await stream(client);
    expect(recorded.map(({ event, isLastOfAppend }) => [event.type, isLastOfAppend])).toEqual([
      ['ContactAdded', false],
      ['PrimaryContactChanged', true],
    ]);
    expect(recorded[0]).toMatchObject({ actor, correlationId: 'correlation' });
  });

  it('that changes nothing appends nothing (row 4)', async () => {
    const client = newClient();
    await send(client, add('ann', { primary: true }));
    expect(await send(client, { type: 'SetPrimaryContact', contactId: 'ann' })).toMatchObject({
      revision: 1,
    });
    expect(await stream(client)).toHaveLength(2);
  });

  it('is refused by the domain without a trace', async () => {
    const client = newClient();
    await expect(send(client, { type: 'SetPrimaryContact', contactId: 'nobody' })).rejects.toMatchObject({
      code: 'contact_not_found',
    });
    expect(await stream(client)).toEqual([]);
  });

  it('that insists on a revision is refused at any other', async () => {
    const client = newClient();
    await send(client, add('ann'), randomUUID(), -1);
    await expect(send(client, add('bob'), randomUUID(), -1)).rejects.toEqual(new RevisionMismatch(0));
    expect(await send(client, add('bob'), randomUUID(), 0)).toMatchObject({ revision: 1 });
  });

  it('that comes again is answered as the first time, as of its own append (row 14)', async () => {
    const client = newClient();
    const first = await send(client, add('ann'), 'same-id');
    await send(client, add('bob'));
    const again = await send(client, add('ann'), 'same-id');
    expect(again).toMatchObject({ revision: first.revision, isReplay: true });
    expect([...again.book.contacts.keys()]).toEqual(['ann']);
    expect(await stream(client)).toHaveLength(2);
  });

  it('that comes again is answered before its precondition is looked at (row 14)', async () => {
    const client = newClient();
    await send(client, add('ann'), 'same-id', -1);
    expect(await send(client, add('ann'), 'same-id', -1)).toMatchObject({ revision: 0, isReplay: true });
  });

  it('tells its events and the book before, the same when it comes again', async () => {
    const client = newClient();
    await send(client, add('ann', { primary: true }));
    const first = await send(client, add('bob', { primary: true }), 'same-id');
    expect(first.before).toMatchObject({ revision: 1, book: { primary: 'ann' } });
    expect(first.events.map(({ type }) => type)).toEqual(['ContactAdded', 'PrimaryContactChanged']);
    await send(client, { type: 'RemoveContact', contactId: 'ann' });
    const again = await send(client, add('bob', { primary: true }), 'same-id');
    expect(again.before.book).toEqual(first.before.book);
    expect(again).toMatchObject({ revision: 3, book: first.book, events: first.events });
  });

  describe('as a dry run', () => {
    const dryRun = (client: ClientRef, command: ContactBookCommand, expected?: number, on = handler) => {
      const caller = { actor, correlationId: 'correlation', commandId: randomUUID() };
      return on.execute(
        new ChangeContactBook(client, command, caller, expected === undefined ? undefined : [expected], true),
      );
    };

    it('is answered like the command itself, with its events; nothing is stored', async () => {
      const client = newClient();
      await send(client, add('ann', { primary: true }));
      const tried = await dryRun(client, add('bob', { primary: true }), 1);
      expect(await stream(client)).toHaveLength(2);
      const done = await send(client, add('bob', { primary: true }));
      expect(tried).toMatchObject({ revision: 3, book: done.book, events: done.events, isReplay: false });
      expect(tried.before).toMatchObject({ revision: 1, book: { primary: 'ann' } });
    });

    it('is refused like the command itself', async () => {
      const client = newClient();
      await send(client, add('ann'));
      await expect(dryRun(client, add('bob', { email: 'ann@client.example' }))).rejects.toMatchObject({
        code: 'duplicate_email',
      });
      await expect(dryRun(client, add('bob'), 7)).rejects.toEqual(new RevisionMismatch(0));
    });

    it('makes no key', async () => {
      const toStoredForm = () => Promise.reject(new Error('a dry run encrypts nothing'));
      const sealing: EventCodec = {
        toStoredForm,
        fromStoredForm: (stored, behind) => codec.fromStoredForm(stored, behind),
        isSameRequest: (append, request) => codec.isSameRequest(append, request),
      };
      const tried = await dryRun(newClient(), add('ann'), -1, newHandler(sealing));
      expect(tried).toMatchObject({ revision: 0 });
    });

    it('sees what another process has done since', async () => {
      const client = newClient();
      const here = newHandler();
      const there = newHandler();
      await dryRun(client, add('ann'), -1, here);
      await there.execute(
        new ChangeContactBook(client, add('ann'), { actor, correlationId: 'c', commandId: randomUUID() }),
      );
      await expect(
        dryRun(client, add('bob', { email: 'ann@client.example' }), undefined, here),
      ).rejects.toMatchObject({
        code: 'duplicate_email',
      });
    });
  });

  it('under the id of another request is refused (row 14)', async () => {
    const client = newClient();
    await send(client, add('ann'), 'same-id');
    await expect(send(client, add('bob'), 'same-id')).rejects.toThrow(CommandIdReused);
  });

  it('is decided anew after a conflict: of many at once each is in the log once, and one primary remains (row 13)', async () => {
    const client = newClient();
    const ids = Array.from({ length: 30 }, (_, index) => `contact-${index}`);
    await Promise.all(ids.map((id) => send(client, add(id, { primary: true }))));
    const recorded = await stream(client);
    expect(recorded.map(({ revision }) => revision)).toEqual(recorded.map((_, index) => index));
    const { book } = await loadBook(eventStore, codec, client);
    expect([...book.contacts.keys()].toSorted()).toEqual(ids.toSorted());
    const moves = recorded.flatMap(({ event }) =>
      event.type === 'PrimaryContactChanged' ? [event.data] : [],
    );
    expect(moves.map(({ from }) => from)).toEqual([null, ...moves.slice(0, -1).map(({ to }) => to)]);
    expect(book.primary).toBe(moves.at(-1)!.to);
  });

  it('with one id from two callers at one instant has its effect once', async () => {
    const client = newClient();
    const answers = await Promise.all([
      send(client, add('ann'), 'same-id'),
      send(client, add('ann'), 'same-id'),
    ]);
    expect(answers.map(({ revision }) => revision)).toEqual([0, 0]);
    expect(await stream(client)).toHaveLength(1);
  });
});
