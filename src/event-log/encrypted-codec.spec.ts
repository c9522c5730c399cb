import { beforeEach, describe, expect, it } from '@jest/globals';
import { DataKeysInMemory } from '../../test/fixtures/data-keys-in-memory.js';
import { asStored, everyEvent, newAppend, PERSONAL_TEXTS } from '../../test/fixtures/stored-appends.js';
import { ERASED } from '../contact-book/erased.js';
import type { ContactBookEvent } from '../contact-book/events.js';
import { EncryptedCodec } from './encrypted-codec.js';
import type { StoredEvent } from './event-store.js';
import { KeyDestroyed, KeyMissing, PersonalDataUnreadable } from './personal-data/data-keys.js';
import { keyOfBillingEmail, keyOfContact } from './personal-data/key-ids.js';
import { UnknownEvent } from './stored-form.js';

const client = { workspaceId: 'ws', clientId: 'client' };
const annKey = keyOfContact(client, 'ann');
const added: ContactBookEvent = {
  type: 'ContactAdded',
  data: { contactId: 'ann', email: 'ann@x.example', name: 'Ann Archer', portalEnabled: true },
};
const erasure: ContactBookEvent = { type: 'ContactErased', data: { contactId: 'ann', reason: 'requested' } };

describe('the stored form', () => {
  let keys: DataKeysInMemory;
  let codec: EncryptedCodec;
  beforeEach(() => {
    keys = new DataKeysInMemory();
    codec = new EncryptedCodec(keys);
  });

  /** Appends as they come out of the event store, one behind the other. */
  async function store(...appends: Parameters<typeof newAppend>[0][]): Promise<StoredEvent[]> {
    const stored: StoredEvent[] = [];
    for (const append of appends)
      stored.push(...(await asStored(codec, newAppend({ client, ...append }), stored.length)));
    return stored;
  }
  const read = (stored: readonly StoredEvent[]) => codec.fromStoredForm(stored);
  const eventsOf = async (stored: readonly StoredEvent[]) => (await read(stored)).map(({ event }) => event);

  describe('of an append', () => {
    it('gives back every kind of event as the domain made it', async () => {
      expect(await eventsOf(await store({ events: everyEvent }))).toEqual(everyEvent);
    });

    it('gives back who did it and why, for each of its events, and where the append ends', async () => {
      const metadata = {
        actor: { kind: 'user', id: 'u-1', role: 'manager' },
        correlationId: 'correlation',
        causationId: 'cause',
        commandId: 'command',
        reason: 'Ann asked for it',
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      } as const;
      const recorded = await read(
        await store({
          ...metadata,
          events: [added, { type: 'PrimaryContactChanged', data: { from: null, to: 'ann' } }],
        }),
      );
      expect(recorded).toMatchObject([
        { ...metadata, client, index: 0, isLastOfAppend: false },
        { ...metadata, client, index: 1, isLastOfAppend: true },
      ]);
    });

    it('holds nothing personal in clear: not in its data, not in its metadata', async () => {
      const stored = await store({ events: everyEvent, reason: 'Ann Archer left', request: 'Ann Archer' });
      const text = JSON.stringify(stored, (_, value: unknown) =>
        typeof value === 'bigint' ? String(value) : value,
      );
      for (const personal of [...PERSONAL_TEXTS, 'Ann Archer']) expect(text).not.toContain(personal);
      expect(text).toContain('"portalEnabled":true');
    });

    it('seals each value anew: the same text twice gives two ciphertexts', async () => {
      const [first] = await store({ events: [added] });
      const [second] = await store({ events: [added] });
      expect(first!.data['details']).not.toEqual(second!.data['details']);
    });

    it('does not tell the length of a short text by that of its ciphertext', async () => {
      const lengths = ['a@x.example', 'a.very.long.address.indeed@a.very.long.domain.example'].map(
        async (email) => {
          const event: ContactBookEvent = { type: 'ContactAdded', data: { ...added.data, email } };
          return JSON.stringify((await store({ events: [event] }))[0]!.data).length;
        },
      );
      expect(new Set(await Promise.all(lengths)).size).toBe(1);
    });

    it('asks for all its keys at once', async () => {
      const stored = await store({ events: everyEvent, reason: 'why' });
      keys.asked.length = 0;
      await read(stored);
      expect(keys.asked).toHaveLength(1);
    });

    it('needs no key where it holds nothing personal', async () => {
      const stored = await store(
        { events: [added] },
        { events: [{ type: 'PrimaryContactChanged', data: { from: null, to: 'ann' } }] },
      );
      keys.asked.length = 0;
      await read(stored.slice(1));
      expect(keys.asked).toEqual([]);
    });

    it('is read whole or not at all', async () => {
      const stored = await store({ events: [added, erasure] });
      await expect(read(stored.slice(1))).rejects.toThrow(RangeError);
    });
  });

  describe('of personal data', () => {
    const unreadable = async (...stored: StoredEvent[]) => {
      const error = await read(stored).then(
        () => undefined,
        (error: Error) => error,
      );
      expect(error).toBeInstanceOf(PersonalDataUnreadable);
      expect(error!.message).not.toMatch(/ann@|Archer/);
    };
    const withData = (stored: StoredEvent, data: object) => ({
      ...stored,
      data: { ...stored.data, ...data },
    });

    it('belongs to its event: moved to another event of the same contact it is unreadable', async () => {
      const [one] = await store({ events: [added] });
      const [two] = await store({ events: [added] });
      await unreadable(withData(two!, { details: one!.data['details'] }));
    });

    it('belongs to its contact', async () => {
      const [stored] = await store({ events: [added] });
      await unreadable(withData(stored!, { contactId: 'bob' }));
    });

    it.each(['clientContacts-ws.other', 'clientContacts-other.client'])(
      'belongs to its workspace and client: it is unreadable in %s',
      async (stream) => {
        const [stored] = await store({ events: [added] });
        await unreadable({ ...stored!, stream });
      },
    );

    it('can not trade places with the other value of its event', async () => {
      const [first, second] = await store({
        events: [
          { type: 'BillingEmailChanged', data: { from: null, to: 'ann@old.example' } },
          { type: 'BillingEmailChanged', data: { from: 'ann@old.example', to: 'ann@new.example' } },
        ],
      });
      const { from, to } = second!.data;
      await unreadable(first!, withData(second!, { from: to, to: from }));
    });

    it.each([0, 1, 20, 200, -1])('is unreadable once byte %d of it is changed', async (index) => {
      const [stored] = await store({ events: [added] });
      const { key, sealed } = stored!.data['details'] as { key: string; sealed: string };
      const bytes = Buffer.from(sealed, 'base64');
      bytes[index < 0 ? bytes.length + index : index]! ^= 1;
      await unreadable(withData(stored!, { details: { key, sealed: bytes.toString('base64') } }));
    });

    it.each(['', 'AQ==', 'AQAAAAAAAAAAAAAAAAAAAAAA'])('is unreadable when cut to "%s"', async (sealed) => {
      const [stored] = await store({ events: [added] });
      await unreadable(withData(stored!, { details: { key: annKey, sealed } }));
    });

    it('is unreadable with the key of someone else', async () => {
      const [stored] = await store({
        events: [added, { type: 'ContactAdded', data: { ...added.data, contactId: 'bob' } }],
      });
      const { sealed } = stored!.data['details'] as { sealed: string };
      await unreadable(withData(stored!, { details: { key: keyOfContact(client, 'bob'), sealed } }));
    });

    it('is an error, and not erased, where its key was lost', async () => {
      const [stored] = await store({ events: [added] });
      keys.lose(annKey);
      await expect(read([stored!])).rejects.toEqual(new KeyMissing(annKey));
      await expect(
        store({ events: [{ type: 'PortalAccessToggled', data: { contactId: 'ann' } as never }] }),
      ).rejects.toEqual(new KeyMissing(annKey));
    });
  });

  describe('of someone who was erased', () => {
    const changed: ContactBookEvent = {
      type: 'ContactDetailsChanged',
      data: { contactId: 'ann', changes: { title: { before: null, after: 'Boss' } }, generation: 1 },
    };
    const erasedEvents = [
      {
        type: 'ContactAdded',
        data: {
          contactId: 'ann',
          email: ERASED,
          name: ERASED,
          title: ERASED,
          phone: ERASED,
          portalEnabled: true,
        },
      },
      {
        type: 'ContactDetailsChanged',
        data: { contactId: 'ann', changes: { title: { before: ERASED, after: ERASED } }, generation: 1 },
      },
    ];

    it('keeps ids, flags and which fields changed', async () => {
      const stored = await store({ events: [added] }, { events: [changed] });
      keys.destroy(annKey);
      expect(await eventsOf(stored)).toEqual(erasedEvents);
    });

    it('is masked by the erasure in the stream, though the key is still there', async () => {
      const stored = await store({ events: [added] }, { events: [changed] }, { events: [erasure] });
      expect(await eventsOf(stored)).toEqual([...erasedEvents, erasure]);
    });

    it('is masked by an erasure that stands behind what is read', async () => {
      const stored = await store({ events: [added] }, { events: [changed] }, { events: [erasure] });
      const recorded = await codec.fromStoredForm(stored.slice(0, 2), stored.slice(2));
      expect(recorded.map(({ event }) => event)).toEqual(erasedEvents);
    });

    it('has no reason any more in an append that was about them and others', async () => {
      const bob: ContactBookEvent = {
        type: 'ContactAdded',
        data: { ...added.data, contactId: 'bob' },
      };
      const stored = await store({ events: [added, bob], reason: 'both are new' }, { events: [erasure] });
      const recorded = await read(stored);
      expect(recorded.map(({ reason }) => reason)).toEqual([ERASED, ERASED, undefined]);
      expect(recorded[1]!.event).toEqual(bob);
    });

    it('can not be written to any more', async () => {
      await store({ events: [added] });
      keys.destroy(annKey);
      await expect(store({ events: [changed] })).rejects.toEqual(new KeyDestroyed(annKey));
    });

    it('still loses a flag, without a reason', async () => {
      await store({ events: [added] });
      keys.destroy(annKey);
      const unset: ContactBookEvent = { type: 'PrimaryContactChanged', data: { from: 'ann', to: null } };
      const [recorded] = await read(await store({ events: [unset], reason: 'why' }));
      expect(recorded!.event).toEqual(unset);
      expect(recorded).not.toHaveProperty('reason');
    });
  });

  describe('of a billing email', () => {
    const set = (from: string | null, to: string | null): ContactBookEvent => ({
      type: 'BillingEmailChanged',
      data: { from, to },
    });

    it('has a key for each value, which the next event uses for it too', async () => {
      const [first] = await store({ events: [set(null, 'old@x.example')] });
      const oldKey = keyOfBillingEmail(client, first!.id);
      const [second] = await store({
        events: [set('old@x.example', 'new@x.example')],
        billingEmailKey: oldKey,
      });
      keys.destroy(oldKey);
      expect((await read([{ ...second!, revision: 1 }]))[0]!.event.data).toEqual({
        from: ERASED,
        to: 'new@x.example',
      });
      expect((await read([first!]))[0]!.event.data).toEqual({ from: null, to: ERASED });
    });

    it('that was erased before it is changed stays erased', async () => {
      const [first] = await store({ events: [set(null, 'old@x.example')] });
      const oldKey = keyOfBillingEmail(client, first!.id);
      keys.destroy(oldKey);
      const event: ContactBookEvent = { type: 'BillingEmailChanged', data: { from: ERASED, to: null } };
      expect(await eventsOf(await store({ events: [event], billingEmailKey: oldKey }))).toEqual([event]);
    });
  });

  describe('of a request', () => {
    it('tells it from another one with the same command id', async () => {
      const append = await store({ events: [added], request: 'one' });
      expect(await codec.isSameRequest(append, 'one')).toBe(true);
      expect(await codec.isSameRequest(append, 'other')).toBe(false);
    });

    it('tells nothing to who has no keys: the same request gives another code for each command', async () => {
      const codes = [{ commandId: 'one' }, { commandId: 'two' }].map(async (append) => {
        return (await store({ events: [added], request: 'same', ...append }))[0]!.metadata['request'];
      });
      expect(new Set(await Promise.all(codes)).size).toBe(2);
    });

    it('can not tell any more once someone whom it was about was erased', async () => {
      const append = await store({ events: [added], request: 'one' });
      keys.destroy(annKey);
      expect(await codec.isSameRequest(append, 'one')).toBeUndefined();
    });
  });

  it.each([
    ['a type that this build does not know', { type: 'ContactMerged' }],
    ['a type that is a word of the language', { type: 'constructor' }],
    ['a later version of the form', { metadata: { schemaVersion: 2 } }],
    ['no command', { metadata: { commandId: undefined } }],
    ['data of another form', { data: { portalEnabled: 'yes' } }],
    ['personal data in clear', { data: { details: 'ann@x.example' } }],
  ])('is never guessed at: %s is an unknown event', async (_, change: Partial<StoredEvent>) => {
    const [stored] = await store({ events: [added] });
    const { metadata, data } = stored!;
    const changed = {
      ...stored!,
      ...change,
      metadata: { ...metadata, ...change.metadata },
      data: { ...data, ...change.data },
    };
    await expect(read([changed])).rejects.toThrow(UnknownEvent);
  });

  describe('of an event that this build does not know', () => {
    const newer = async (ignorable: unknown, change: Partial<StoredEvent> = { type: 'ContactMerged' }) => {
      const stored = await store({ events: [added, erasure], reason: 'why' }, { events: [added] });
      const metadata = { ...stored[1]!.metadata, ignorable };
      return stored.with(1, { ...stored[1]!, ...change, metadata: { ...metadata, ...change.metadata } });
    };

    it('is passed over where it was stored as ignorable: it has its revision and its place, and says nothing', async () => {
      const recorded = await read(await newer(true));
      expect(recorded).toMatchObject([
        { revision: 0, index: 0, isLastOfAppend: false, reason: 'why', event: added },
        { revision: 1, index: 1, isLastOfAppend: true, reason: 'why', event: { type: 'Ignored', data: {} } },
        { revision: 2, index: 0, isLastOfAppend: true, event: added },
      ]);
    });

    it('is passed over for a later form, too', async () => {
      const stored = await newer(true, { metadata: { schemaVersion: 2 } });
      expect((await eventsOf(stored))[1]).toEqual({ type: 'Ignored', data: {} });
    });

    it('needs no key for what it holds', async () => {
      const stored = await newer(true, { type: 'ContactMerged', data: { into: { key: 'k', sealed: 's' } } });
      keys.asked.length = 0;
      await read(stored);
      expect(keys.asked).toEqual([[annKey]]);
    });

    it.each([false, undefined, 'true', 1])('is unknown where ignorable is %p', async (ignorable) => {
      await expect(read(await newer(ignorable))).rejects.toThrow(UnknownEvent);
    });

    it('is read as what it is by a build that does know it, ignorable or not', async () => {
      expect((await eventsOf(await newer(true, {})))[1]).toEqual(erasure);
    });
  });

  it.each(['clientContacts-ws', 'clientContacts-ws.a.b', 'clientContacts-ws.', 'other-ws.client'])(
    'belongs to a client: stream %s is none of ours',
    async (stream) => {
      const [stored] = await store({ events: [added] });
      await expect(read([{ ...stored!, stream }])).rejects.toThrow(RangeError);
    },
  );
});
