import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { pino } from 'pino';
import { DataKeysInMemory } from '../../test/fixtures/data-keys-in-memory.js';
import { EventStoreInMemory } from '../../test/fixtures/event-store-in-memory.js';
import type { ContactBookCommand } from '../contact-book/commands.js';
import { ERASED } from '../contact-book/erased.js';
import { BookSnapshots } from '../event-log/book-snapshots.js';
import { historyPage } from '../event-log/contact-book-history.js';
import { loadBook } from '../event-log/contact-book-log.js';
import { streamNameOf } from '../event-log/contact-book-stream.js';
import { EncryptedCodec } from '../event-log/encrypted-codec.js';
import type { StoredEvent } from '../event-log/event-store.js';
import { keyOfBillingEmail, keyOfContact } from '../event-log/personal-data/key-ids.js';
import { ChangeContactBook, ChangeContactBookHandler } from './change-contact-book.js';
import { COMMAND_DEFAULTS } from './command-settings.js';

const client = { workspaceId: 'ws', clientId: 'client' };
const add = (contactId: string, email = `${contactId}@client.example`): ContactBookCommand => ({
  type: 'AddContact',
  contactId,
  email,
  name: 'Ann Archer',
});
const erase = (contactId: string): ContactBookCommand => ({
  type: 'EraseContact',
  contactId,
  reason: 'requested',
});
const bill = (email: string | null): ContactBookCommand => ({ type: 'SetBillingEmail', email });

describe('an erasure (row 22)', () => {
  let eventStore: EventStoreInMemory;
  let keys: DataKeysInMemory;
  let codec: EncryptedCodec;
  let handler: ChangeContactBookHandler;
  beforeEach(() => {
    eventStore = new EventStoreInMemory();
    keys = new DataKeysInMemory();
    codec = new EncryptedCodec(keys);
    handler = newHandler();
  });
  const newHandler = () =>
    new ChangeContactBookHandler(
      eventStore,
      codec,
      new BookSnapshots(eventStore, codec, keys, 0, pino({ level: 'silent' })),
      { ...COMMAND_DEFAULTS, maxContacts: 200, portalAccessByAdminsOnly: false },
    );
  const send = (command: ContactBookCommand, commandId: string = randomUUID(), isDryRun = false) =>
    handler.execute(
      new ChangeContactBook(
        client,
        command,
        { actor: { kind: 'user', id: 'u-1', role: 'owner' }, correlationId: 'correlation', commandId },
        undefined,
        isDryRun,
      ),
    );

  async function stored(): Promise<StoredEvent[]> {
    const events: StoredEvent[] = [];
    for await (const event of eventStore.read(streamNameOf(client), 0)) events.push(event);
    return events;
  }
  /** The keys that the erasure names, which are to be destroyed. */
  async function namedKeys(): Promise<unknown> {
    return (await stored()).findLast(({ type }) => type === 'ContactErased')!.metadata['keyIds'];
  }
  /** The key of the n-th billing email that was set. */
  async function billingKey(n: number): Promise<string> {
    const set = (await stored()).filter(
      ({ type, data }) => type === 'BillingEmailChanged' && data['to'] !== null,
    );
    return keyOfBillingEmail(client, set[n]!.id);
  }

  it('is one append: flags vacated, the erasure, and the billing email cleared', async () => {
    await send({ ...add('ann'), primary: true, billingDefault: true } as ContactBookCommand);
    await send(bill('ANN@client.example'));
    const { events, book, revision } = await send(erase('ann'));
    expect(events.map(({ type }) => type)).toEqual([
      'PrimaryContactChanged',
      'BillingDefaultChanged',
      'ContactErased',
      'BillingEmailChanged',
    ]);
    expect(book).toMatchObject({
      contacts: new Map(),
      primary: null,
      billingDefault: null,
      billingEmail: null,
    });
    expect((await stored()).slice(-4).map(({ metadata }) => [metadata['index'], metadata['count']])).toEqual([
      [0, 4],
      [1, 4],
      [2, 4],
      [3, 4],
    ]);
    expect((await loadBook(eventStore, codec, client)).revision).toBe(revision);
  });

  it('names the keys of the contact and of each billing email, cleared ones too, that ever was theirs', async () => {
    await send(add('ann', 'first@client.example'));
    await send(bill('First@client.example'));
    await send(bill('other@client.example'));
    await send(bill('second@client.example'));
    await send({ type: 'ChangeContactDetails', contactId: 'ann', email: 'second@client.example' });
    await send(bill(null));
    await send({ type: 'RemoveContact', contactId: 'ann' });
    await send(erase('ann'));
    expect(await namedKeys()).toEqual([
      keyOfContact(client, 'ann'),
      await billingKey(0),
      await billingKey(2),
    ]);
  });

  it('leaves everything of theirs erased in the past, though no key is destroyed yet', async () => {
    await send(add('ann', 'first@client.example'));
    await send(bill('first@client.example'));
    await send({ type: 'ChangeContactDetails', contactId: 'ann', email: 'second@client.example' });
    await send(erase('ann'));
    const { entries } = await historyPage(eventStore, codec, client, { limit: 10 });
    expect(JSON.stringify(entries)).not.toMatch(/@|Archer/);
    const was = await loadBook(eventStore, codec, client, { until: 1 });
    expect(was.book.contacts.get('ann')).toMatchObject({ email: ERASED, name: ERASED });
    expect(was.book.billingEmail).toEqual(ERASED);
  });

  it('puts nothing personal into its events, which live on', async () => {
    await send(add('ann'));
    await send(bill('ann@client.example'));
    await send(erase('ann'));
    expect((await stored()).at(-1)!.data).toEqual({
      from: { key: await billingKey(0), sealed: null },
      to: null,
    });
  });

  it('is answered without the person, at first as when it is asked again', async () => {
    await send({ ...add('ann'), primary: true } as ContactBookCommand);
    await send(bill('ann@client.example'));
    const tried = await send(erase('ann'), 'once', true);
    const first = await send(erase('ann'), 'once');
    keys.destroy(...((await namedKeys()) as string[]));
    handler = newHandler();
    const again = await send(erase('ann'), 'once');
    expect(again).toEqual({ ...first, isReplay: true });
    expect(tried).toEqual(first);
    expect(first.before.book.contacts.get('ann')).toMatchObject({
      email: ERASED,
      name: ERASED,
      title: ERASED,
    });
    expect(first.before.book.billingEmail).toEqual(ERASED);
  });

  it('asked for again under another key gives nothing', async () => {
    await send(add('ann'));
    const { revision } = await send(erase('ann'));
    expect(await send(erase('ann'))).toMatchObject({ revision, events: [] });
    expect(await stored()).toHaveLength(2);
  });

  it('is decided anew where someone changed the contact meanwhile: the address of then is theirs too', async () => {
    await send(add('ann'));
    await send(bill('new@client.example'));
    const other = newHandler();
    const append = eventStore.append.bind(eventStore);
    jest.spyOn(eventStore, 'append').mockImplementationOnce(async (...appended) => {
      await other.execute(
        new ChangeContactBook(
          client,
          { type: 'ChangeContactDetails', contactId: 'ann', email: 'new@client.example' },
          { actor: { kind: 'user', id: 'u-2', role: 'manager' }, correlationId: 'c', commandId: 'change' },
        ),
      );
      return append(...appended);
    });
    await send(erase('ann'));
    expect((await stored()).map(({ type }) => type).slice(-2)).toEqual([
      'ContactErased',
      'BillingEmailChanged',
    ]);
    expect(await namedKeys()).toEqual([keyOfContact(client, 'ann'), await billingKey(0)]);
  });

  it('is done where a billing email of theirs went with somebody else before', async () => {
    await send(add('ann'));
    await send(bill('ann@client.example'));
    await send({ type: 'RemoveContact', contactId: 'ann' });
    await send(add('ann2', 'ann@client.example'));
    await send(erase('ann'));
    keys.destroy(...((await namedKeys()) as string[]));
    await send(erase('ann2'));
    expect(await namedKeys()).toEqual([keyOfContact(client, 'ann2')]);
    const { entries } = await historyPage(eventStore, codec, client, { limit: 10 });
    expect(JSON.stringify(entries)).not.toMatch(/@|Archer/);
  });
});
