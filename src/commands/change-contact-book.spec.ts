import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { DataKeysInMemory } from '../../test/fixtures/data-keys-in-memory.js';
import { EventStoreInMemory } from '../../test/fixtures/event-store-in-memory.js';
import { newAppend } from '../../test/fixtures/stored-appends.js';
import type { ContactBookCommand } from '../contact-book/commands.js';
import { BookSnapshots } from '../event-log/book-snapshots.js';
import { historyPage } from '../event-log/contact-book-history.js';
import { streamNameOf } from '../event-log/contact-book-stream.js';
import { EncryptedCodec } from '../event-log/encrypted-codec.js';
import { UnknownEvent } from '../event-log/stored-form.js';
import { type Caller, ChangeContactBook, ChangeContactBookHandler } from './change-contact-book.js';
import { COMMAND_DEFAULTS } from './command-settings.js';

const client = { workspaceId: 'ws', clientId: 'client' };
const add = (contactId: string): ContactBookCommand => ({
  type: 'AddContact',
  contactId,
  email: `${contactId}@client.example`,
});

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

  const newHandler = (snapshotInterval = 0) =>
    new ChangeContactBookHandler(
      eventStore,
      codec,
      new BookSnapshots(eventStore, codec, keys, snapshotInterval, pino({ level: 'silent' })),
      {
        ...COMMAND_DEFAULTS,
        maxContacts: 200,
        portalAccessByAdminsOnly: false,
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
