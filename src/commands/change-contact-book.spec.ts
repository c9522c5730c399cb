import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { pino } from 'pino';
import { DataKeysInMemory } from '../../test/fixtures/data-keys-in-memory.js';
import { EventStoreInMemory } from '../../test/fixtures/event-store-in-memory.js';
import { newAppend } from '../../test/fixtures/stored-appends.js';
import type { ContactBookCommand } from '../contact-book/commands.js';
import { ERASED } from '../contact-book/erased.js';
import { Refusal } from '../contact-book/refusal.js';
import { BookSnapshots } from '../event-log/book-snapshots.js';
import { historyPage } from '../event-log/contact-book-history.js';
import { streamNameOf } from '../event-log/contact-book-stream.js';
import { OutcomeUnknown } from '../event-log/event-store.js';
import { EncryptedCodec } from '../event-log/encrypted-codec.js';
import { KeyDestroyed, KeyStoreUnavailable } from '../event-log/personal-data/data-keys.js';
import { keyOfContact } from '../event-log/personal-data/key-ids.js';
import { type Actor, UnknownEvent } from '../event-log/stored-form.js';
import { type Caller, ChangeContactBook, ChangeContactBookHandler } from './change-contact-book.js';
import { CommandIdReused, RevisionMismatch, TooBusy } from './command-errors.js';
import { COMMAND_DEFAULTS, type CommandSettings } from './command-settings.js';

const client = { workspaceId: 'ws', clientId: 'client' };
const add = (contactId: string): ContactBookCommand => ({
  type: 'AddContact',
  contactId,
  email: `${contactId}@client.example`,
});

/** Lets everything that can go on do so, until it is as it should be. */
async function until(isSo: () => boolean): Promise<void> {
  for (let turns = 0; turns < 1000 && !isSo(); turns++) await new Promise(setImmediate);
  expect(isSo()).toBe(true);
}

describe('a command', () => {
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

  const newHandler = (snapshotInterval = 0, settings: Partial<CommandSettings> = {}) =>
    new ChangeContactBookHandler(
      eventStore,
      codec,
      new BookSnapshots(eventStore, codec, keys, snapshotInterval, pino({ level: 'silent' })),
      {
        ...COMMAND_DEFAULTS,
        maxContacts: 200,
        portalAccessByAdminsOnly: false,
        ...settings,
      },
    );

  const send = (command: ContactBookCommand, caller: Partial<Caller> = {}) =>
    handler.execute(
      new ChangeContactBook(client, command, {
        actor: { kind: 'user', id: 'u-1', role: 'owner' },
        correlationId: 'correlation',
        commandId: randomUUID(),
        ...caller,
      }),
    );
  const history = async () => {
    const { entries } = await historyPage(eventStore, codec, client, { limit: 10 });
    return entries.toReversed();
  };

  async function erase(contactId: string): Promise<void> {
    const erasure = { type: 'ContactErased', data: { contactId, reason: 'requested' } } as const;
    const stored = await new EncryptedCodec(keys).toStoredForm(
      newAppend({ client, events: [erasure] }),
      randomUUID,
    );
    await eventStore.append(streamNameOf(client), 0, stored);
  }

  it('is carried out at any of the revisions that it insists on, and at no other', async () => {
    const caller: Caller = {
      actor: { kind: 'user', id: 'u-1', role: 'owner' },
      correlationId: 'c',
      commandId: 'at',
    };
    const at = (...revisions: number[]) =>
      handler.execute(new ChangeContactBook(client, add('ann'), caller, revisions));
    await expect(at(7, 8)).rejects.toEqual(new RevisionMismatch(-1));
    await expect(at()).rejects.toEqual(new RevisionMismatch(-1));
    expect(await at(7, -1)).toMatchObject({ revision: 0, isReplay: false });
  });

  describe('with a reason', () => {
    it('has it stored with its append, as one clean line, beside its trace context', async () => {
      const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
      await send(add('ann'), { reason: ' Bob left,\nAnn\u202e follows ', traceparent });
      expect(await history()).toMatchObject([{ reason: 'Bob left, Ann follows', traceparent }]);
    });

    it('may say nothing: then none is stored', async () => {
      await send(add('ann'), { reason: ' \u200b' });
      expect((await history())[0]).not.toHaveProperty('reason');
    });

    it('may take 500 characters, and is refused with more, without a trace', async () => {
      const refused = send(add('ann'), { reason: 'x'.repeat(501) });
      await expect(refused).rejects.toMatchObject({
        code: 'too_long',
        details: { pointer: '/reason', max: 500 },
      });
      expect(await history()).toEqual([]);
      expect(await send(add('ann'), { reason: 'x'.repeat(500) })).toMatchObject({ revision: 0 });
    });

    it('is the same command when it is sent again with other words', async () => {
      await send(add('ann'), { commandId: 'once', reason: 'she called' });
      const again = await send(add('ann'), { commandId: 'once', reason: 'she called me' });
      expect(again).toMatchObject({ revision: 0, isReplay: true });
    });
  });

  describe('about portal access, where that is left to owners and admins', () => {
    it.each<[Actor, boolean]>([
      [{ kind: 'user', id: 'u-1', role: 'owner' }, true],
      [{ kind: 'user', id: 'u-1', role: 'admin' }, true],
      [{ kind: 'user', id: 'u-1', role: 'manager' }, false],
      [{ kind: 'service', id: 'crm' }, false],
    ])('from %j: %s', async (actor, may) => {
      await send(add('ann'));
      handler = newHandler(0, { portalAccessByAdminsOnly: true });
      const changed = send({ type: 'TogglePortalAccess', contactId: 'ann', enabled: false }, { actor });
      if (may) expect(await changed).toMatchObject({ revision: 1 });
      else await expect(changed).rejects.toMatchObject({ code: 'portal_access_denied' });
    });
  });

  describe('that comes again (row 14)', () => {
    it('is never said not to be carried out: where it can not be read, its outcome is unknown', async () => {
      await send(add('ann'), { commandId: 'once' });
      jest.spyOn(codec, 'isSameRequest').mockRejectedValue(new KeyStoreUnavailable('away'));
      const again = send(add('ann'), { commandId: 'once' });
      await expect(again).rejects.toThrow(OutcomeUnknown);
    });

    const clear: ContactBookCommand = { type: 'SetPrimaryContact', contactId: null };

    it('is answered as of its append, and shows as erased who was erased since', async () => {
      const first = await send(add('ann'), { commandId: 'once' });
      expect(first.book.contacts.get('ann')!.email).toBe('ann@client.example');
      await erase('ann');
      handler = newHandler();
      const again = await send(add('ann'), { commandId: 'once' });
      expect(again).toMatchObject({ revision: 0, isReplay: true });
      expect(again.book.contacts.get('ann')!.email).toEqual(ERASED);
      expect(again.events).toMatchObject([{ type: 'ContactAdded', data: { email: ERASED } }]);
    });

    it('is told by its id alone, once someone whom it was about was erased', async () => {
      await send(add('ann'), { commandId: 'once' });
      await erase('ann');
      keys.destroy(keyOfContact(client, 'ann'));
      expect(await send(add('bob'), { commandId: 'once' })).toMatchObject({ revision: 0, isReplay: true });
    });

    it('is decided anew where it appended nothing: it has left no trace', async () => {
      await send(add('ann'));
      expect(await send(clear, { commandId: 'once' })).toMatchObject({ revision: 0, events: [] });
      await send({ type: 'SetPrimaryContact', contactId: 'ann' });
      expect(await send(clear, { commandId: 'once' })).toMatchObject({ revision: 2, isReplay: false });
      await expect(send(add('bob'), { commandId: 'once' })).rejects.toThrow(CommandIdReused);
    });

    it('is decided anew where it was refused', async () => {
      const toBob: ContactBookCommand = { type: 'SetPrimaryContact', contactId: 'bob' };
      await expect(send(toBob, { commandId: 'once' })).rejects.toThrow(Refusal);
      await send(add('bob'));
      expect(await send(toBob, { commandId: 'once' })).toMatchObject({ revision: 1, isReplay: false });
    });
  });

  describe('that was decided on a book from before an erasure, whose key is destroyed by then', () => {
    const change: ContactBookCommand = { type: 'ChangeContactDetails', contactId: 'ann', title: 'CEO' };

    it.each(['cold', 'warm'])(
      'is decided anew, on the book behind it (row 22), by a %s process',
      async (is) => {
        await send(add('ann'));
        if (is === 'cold') handler = newHandler();
        const seal = codec.toStoredForm.bind(codec);
        jest.spyOn(codec, 'toStoredForm').mockImplementationOnce(async (...append) => {
          await erase('ann');
          keys.destroy(keyOfContact(client, 'ann'));
          return seal(...append);
        });
        await expect(send(change)).rejects.toMatchObject({ code: 'contact_not_found' });
        expect(await history()).toHaveLength(2);
      },
    );

    it('is not, where the log tells of no erasure: one of the two came out of an older backup', async () => {
      await send(add('ann'));
      keys.destroy(keyOfContact(client, 'ann'));
      const seal = jest.spyOn(codec, 'toStoredForm');
      await expect(send(change)).rejects.toThrow(KeyDestroyed);
      expect(seal).toHaveBeenCalledTimes(1);
      expect(await history()).toHaveLength(1);
    });

    it('gives up where others keep writing, and no erasure comes', async () => {
      await send(add('ann'));
      keys.destroy(keyOfContact(client, 'ann'));
      handler = newHandler(0, { maxConflictMs: 0 });
      const other = newHandler();
      const caller = { actor: { kind: 'service', id: 's-1' }, correlationId: 'c' } as const;
      const seal = codec.toStoredForm.bind(codec);
      let others = 0;
      jest.spyOn(codec, 'toStoredForm').mockImplementation(async (append, newId) => {
        if (append.commandId === 'once') {
          const commandId = `other-${++others}`;
          await other.execute(new ChangeContactBook(client, add(commandId), { ...caller, commandId }));
        }
        return seal(append, newId);
      });
      await expect(send(change, { commandId: 'once' })).rejects.toThrow(KeyDestroyed);
      expect(others).toBe(1);
    });
  });

  describe('to a log that was restored from an older backup, as another replica has written on in it', () => {
    const toBob: ContactBookCommand = { type: 'SetPrimaryContact', contactId: 'bob' };

    /** This handler still knows Ann and Bob; the log holds Ann and Cy. */
    beforeEach(async () => {
      await send(add('ann'));
      await send(add('bob'));
      eventStore.restore(1);
      const warm = handler;
      handler = newHandler();
      await send(add('cy'));
      handler = warm;
    });

    it.each([
      ['a change of one who is lost', { type: 'ChangeContactDetails', contactId: 'bob', title: 'CEO' }],
      ['a flag for one who is lost', toBob],
    ] as const)('is decided on what that log holds: %s', async (_, command) => {
      await expect(send(command)).rejects.toMatchObject({ code: 'contact_not_found' });
      expect(await history()).toHaveLength(2);
    });

    it('is carried out there, and from memory again from then on', async () => {
      const { book } = await send(add('dan'));
      expect([...book.contacts.keys()]).toEqual(['ann', 'cy', 'dan']);
      const read = jest.spyOn(eventStore, 'read');
      expect(await send(add('eve'))).toMatchObject({ revision: 3 });
      expect(read).not.toHaveBeenCalled();
    });
  });

  it('is decided anew where the connection was lost between its decision and its append', async () => {
    await send(add('ann'));
    await send(add('bob'));
    const seal = codec.toStoredForm.bind(codec);
    jest.spyOn(codec, 'toStoredForm').mockImplementationOnce(async (...append) => {
      const stored = await seal(...append);
      eventStore.restore(1);
      handler = newHandler();
      await send(add('cy'));
      return stored;
    });
    await expect(send({ type: 'SetPrimaryContact', contactId: 'bob' })).rejects.toThrow(Refusal);
    expect(await history()).toHaveLength(2);
  });

  it('is decided anew where the log was restored while its append was not answered', async () => {
    await send(add('ann'));
    await send(add('bob'));
    jest.spyOn(eventStore, 'append').mockImplementationOnce(async () => {
      eventStore.restore(1);
      handler = newHandler();
      await send(add('cy'));
      throw new OutcomeUnknown('the answer was lost');
    });
    await expect(send({ type: 'SetPrimaryContact', contactId: 'bob' })).rejects.toThrow(Refusal);
    expect(await history()).toHaveLength(2);
  });

  it('with an address that someone at another client has is carried out (row 9)', async () => {
    await send(add('ann'));
    const elsewhere = { workspaceId: 'ws', clientId: 'other' };
    const caller = { actor: { kind: 'service', id: 's-1' }, correlationId: 'c', commandId: 'x' } as const;
    const { book } = await handler.execute(new ChangeContactBook(elsewhere, add('ann'), caller));
    expect(book.contacts.get('ann')!.email).toBe('ann@client.example');
  });

  it('waits while as many appends are under way as may be; of those that wait, one too many is refused', async () => {
    handler = newHandler(0, { maxRunning: 2, maxWaiting: 1 });
    const append = eventStore.append.bind(eventStore);
    const answers: (() => void)[] = [];
    jest.spyOn(eventStore, 'append').mockImplementation(async (...sent) => {
      await new Promise<void>((resolve) => answers.push(resolve));
      return append(...sent);
    });
    const sent = ['a', 'b', 'c', 'd'].map((clientId) => {
      const caller = { actor: { kind: 'service', id: 's-1' }, correlationId: 'c', commandId: 'x' } as const;
      return handler.execute(new ChangeContactBook({ workspaceId: 'ws', clientId }, add('ann'), caller));
    });
    await expect(sent[3]).rejects.toThrow(TooBusy);
    await until(() => answers.length === 2);
    answers.forEach((answer) => answer());
    await until(() => answers.length === 3);
    answers[2]!();
    expect(await Promise.all(sent.slice(0, 3))).toMatchObject([
      { revision: 0 },
      { revision: 0 },
      { revision: 0 },
    ]);
  });

  describe('to a client whose stream holds an event that this build does not know', () => {
    /** As a newer build would append it. */
    async function appendUnknown(more: object): Promise<void> {
      const removal = { type: 'ContactRemoved', data: { contactId: 'ann' } } as const;
      const [stored] = await codec.toStoredForm(newAppend({ client, events: [removal] }), randomUUID);
      const metadata = { ...stored!.metadata, ...more };
      await eventStore.append(streamNameOf(client), 0, [{ ...stored!, type: 'ContactMerged', metadata }]);
    }

    it.each([
      ['a change', add('bob')],
      ['what looks like nothing to do', { type: 'SetPrimaryContact', contactId: null }],
      ['what looks like a refusal', { type: 'SetPrimaryContact', contactId: 'nobody' }],
    ] as const)('is not carried out: %s', async (_, command) => {
      await send(add('ann'));
      await appendUnknown({});
      await expect(send(command)).rejects.toThrow(UnknownEvent);
      handler = newHandler();
      await expect(send(command)).rejects.toThrow(UnknownEvent);
    });

    it('is carried out behind it where it may be passed over', async () => {
      await send(add('ann'));
      await appendUnknown({ ignorable: true });
      expect(await send(add('bob'))).toMatchObject({ revision: 2 });
      handler = newHandler();
      expect(await send(add('cy'))).toMatchObject({ revision: 3 });
    });
  });
});
