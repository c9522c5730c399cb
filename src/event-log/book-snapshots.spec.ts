import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pino } from 'pino';
import { DataKeysInMemory } from '../../test/fixtures/data-keys-in-memory.js';
import { EventStoreInMemory } from '../../test/fixtures/event-store-in-memory.js';
import { newAppend, PERSONAL_TEXTS } from '../../test/fixtures/stored-appends.js';
import { ERASED } from '../contact-book/erased.js';
import {
  billingEmailChanged,
  primaryChanged,
  removed,
} from '../contact-book/contact-book.given-when-then.js';
import type { ContactBookEvent } from '../contact-book/events.js';
import { BookSnapshots } from './book-snapshots.js';
import { afterAppend, EMPTY_BOOK, type LoadedBook, loadBook } from './contact-book-log.js';
import { snapshotStreamOf, STREAM_PREFIX, streamNameOf } from './contact-book-stream.js';
import { EncryptedCodec } from './encrypted-codec.js';
import {
  EventStoreUnavailable,
  type EventToAppend,
  OutcomeUnknown,
  type StoredEvent,
} from './event-store.js';
import { KeyStoreUnavailable } from './personal-data/data-keys.js';
import { keyOfContact } from './personal-data/key-ids.js';

const client = { workspaceId: 'ws', clientId: 'client' };
const INTERVAL = 10;

const added = (contactId: string): ContactBookEvent => ({
  type: 'ContactAdded',
  data: { contactId, email: `${contactId}@mönch.example`, name: 'Ann Zwölfer', portalEnabled: true },
});
const erased = (contactId: string): ContactBookEvent => ({
  type: 'ContactErased',
  data: { contactId, reason: 'requested' },
});

/** Counts what is read, and does as it is told with what belongs to snapshots. */
class WatchedEventStore extends EventStoreInMemory {
  eventsRead = 0;
  failWrites: Error | undefined;
  failReads: Error | undefined;
  /** What comes out in the place of the snapshot. */
  altered: ((snapshot: StoredEvent) => StoredEvent | undefined) | undefined;

  override async append(stream: string, revision: number, events: readonly EventToAppend[]): Promise<number> {
    if (this.failWrites && !stream.startsWith(STREAM_PREFIX)) throw this.failWrites;
    return super.append(stream, revision, events);
  }

  override async *read(stream: string, from: number, until?: number): AsyncIterable<StoredEvent> {
    for await (const event of super.read(stream, from, until)) {
      this.eventsRead += 1;
      yield event;
    }
  }

  override async readLast(stream: string): Promise<StoredEvent | undefined> {
    if (this.failReads) throw this.failReads;
    const last = await super.readLast(stream);
    if (last) this.eventsRead += 1;
    return last && this.altered ? this.altered(last) : last;
  }
}

describe('snapshots of contact books', () => {
  let eventStore: WatchedEventStore;
  let keys: DataKeysInMemory;
  let codec: EncryptedCodec;
  let snapshots: BookSnapshots;
  let known: LoadedBook;
  let logged: { cause: string; msg: string }[];
  let lines: string;

  beforeEach(() => {
    eventStore = new WatchedEventStore();
    keys = new DataKeysInMemory();
    codec = new EncryptedCodec(keys);
    known = EMPTY_BOOK;
    logged = [];
    lines = '';
    snapshots = new BookSnapshots(eventStore, codec, keys, INTERVAL, logger());
  });

  const logger = () =>
    pino(
      {},
      {
        write(line: string) {
          lines += line;
          logged.push(JSON.parse(line) as { cause: string; msg: string });
        },
      },
    );

  async function append(...events: ContactBookEvent[]): Promise<void> {
    const commandId = `command-${known.revision + 1}`;
    const made = newAppend({ client, events, commandId, billingEmailKey: known.billingEmailKey });
    const stored = await codec.toStoredForm(made, randomUUID);
    await eventStore.append(streamNameOf(client), known.revision, stored);
    known = afterAppend(known, made, stored);
  }
  const whole = () => loadBook(eventStore, codec, client);
  const stored = () => eventStore.readLast(snapshotStreamOf(client));

  /** Ann, Bob and a billing email at a snapshot, and one more append behind it. */
  async function snapshotAndMore(): Promise<void> {
    await append(added('ann'), added('bob'), primaryChanged(null, 'ann'));
    await append(billingEmailChanged(null, 'rechnung@mönch.example'));
    await append(removed('bob'));
    await snapshots.store(client, known);
    await append(primaryChanged('ann', null));
  }

  /** Waits for what nobody waits for in the service. */
  async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve));
  }

  it('give the book that the whole stream gives, with its last commands, and are gone on from', async () => {
    await snapshotAndMore();
    eventStore.eventsRead = 0;
    expect(await snapshots.load(client)).toEqual(known);
    // The snapshot, the event that it stands on, and the one behind that.
    expect(eventStore.eventsRead).toBe(3);
    expect(await whole()).toEqual(known);
  });

  it.each([100, 1_000, 3_000])(
    'leave no more than an interval to read of %d events, and so for a command after them',
    async (count) => {
      await append(added('ann'));
      while (known.revision < count - 1) {
        const before = known.revision;
        await append(primaryChanged(null, 'ann'), primaryChanged('ann', null));
        snapshots.keepUp(client, before, known);
        await new Promise((resolve) => setImmediate(resolve));
      }
      const last = async () => Number((await stored())?.data['revision']);
      await until(async () => known.revision - (await last()) <= INTERVAL);
      eventStore.eventsRead = 0;
      expect(await snapshots.load(client)).toEqual(known);
      expect(eventStore.eventsRead).toBeLessThanOrEqual(INTERVAL + 2);
    },
  );

  it('are due each time that a book has passed so many revisions, once; and never where the interval is 0', async () => {
    const never = new BookSnapshots(eventStore, codec, keys, 0, logger());
    const at: number[] = [];
    await append(added('ann'));
    while (known.revision < 3 * INTERVAL) {
      const before = known.revision;
      await append(
        primaryChanged(null, 'ann'),
        primaryChanged('ann', null),
        primaryChanged(null, 'ann'),
        primaryChanged('ann', null),
      );
      never.keepUp(client, before, known);
      const until = (await stored())?.revision ?? -1;
      snapshots.keepUp(client, before, known);
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
      if (((await stored())?.revision ?? -1) > until) at.push(known.revision);
    }
    expect(at).toEqual([12, 20, 32]);
    expect(logged).toEqual([]);
  });

  it('are made by who loads a long stream, too', async () => {
    await append(added('ann'));
    while (known.revision < INTERVAL) await append(primaryChanged(null, 'ann'), primaryChanged('ann', null));
    await snapshots.load(client);
    await until(async () => (await stored()) !== undefined);
    eventStore.eventsRead = 0;
    expect(await snapshots.load(client)).toEqual(known);
    expect(eventStore.eventsRead).toBe(2);
  });

  it('are kept in a stream that the subscribers of our streams do not see', () => {
    expect(snapshotStreamOf(client).startsWith(STREAM_PREFIX)).toBe(false);
  });

  it('hold nothing personal in clear', async () => {
    await snapshotAndMore();
    const text = JSON.stringify((await stored())!.data);
    for (const personal of PERSONAL_TEXTS) expect(text).not.toContain(personal);
    expect(text).toContain('"contactId":"ann"');
  });

  describe('are passed over, at the cost of a read of the whole stream, where', () => {
    const data = (change: object) => (snapshot: StoredEvent) => ({
      ...snapshot,
      data: { ...snapshot.data, ...change },
    });
    const firstContact = (snapshot: StoredEvent, change: (sealed: string) => unknown) => {
      const [contact, ...rest] = snapshot.data['contacts'] as { details: string }[];
      return data({ contacts: [{ ...contact, details: change(contact!.details) }, ...rest] })(snapshot);
    };

    it.each<[string, string[], (snapshot: StoredEvent) => StoredEvent | undefined]>([
      ['there is none', [], () => undefined],
      ['another build folded it', [], data({ foldVersion: 2 })],
      ['an older build did', [], data({ foldVersion: 0 })],
      ['it is something else', [], (snapshot) => ({ ...snapshot, type: 'Other' })],
      ['it is ahead of the stream', [], data({ revision: 1_000 })],
      ['it stands on an event of another log', [], data({ eventId: randomUUID() })],
      ['it stands on another event of this log', [], data({ revision: 2 })],
      ['a part of it is missing', ['ZodError'], data({ commands: undefined })],
      ['it is empty', ['ZodError'], (snapshot) => ({ ...snapshot, data: { foldVersion: 1 } })],
      [
        'it has contacts in clear',
        ['ZodError'],
        (it) => firstContact(it, () => ({ email: 'ann@x.example' })),
      ],
      [
        'a sealed value was changed',
        ['PersonalDataUnreadable'],
        (it) => firstContact(it, (sealed) => `${sealed.slice(0, -8)}AAAAAAA=`),
      ],
      [
        'a sealed value was cut',
        ['PersonalDataUnreadable'],
        (it) => firstContact(it, (sealed) => sealed.slice(0, 8)),
      ],
      [
        'it was copied to another id',
        ['PersonalDataUnreadable'],
        (snapshot) => ({ ...snapshot, id: randomUUID() }),
      ],
      [
        'a contact was put in the place of another',
        ['PersonalDataUnreadable'],
        (it) => data({ contacts: [{ ...(it.data['contacts'] as object[])[0], contactId: 'bob' }] })(it),
      ],
      [
        'its billing email has a key that is not there',
        ['KeyMissing'],
        data({ billingEmail: { key: 'k', sealed: 's' } }),
      ],
    ])('%s', async (_, causes, altered) => {
      await snapshotAndMore();
      eventStore.altered = altered;
      eventStore.eventsRead = 0;
      expect(await snapshots.load(client)).toEqual(known);
      expect(eventStore.eventsRead).toBeGreaterThan(known.revision);
      expect(logged).toEqual(
        causes.map((cause) => expect.objectContaining({ cause, msg: 'a snapshot can not be used' })),
      );
      expect(lines).not.toMatch(/@|Zwölfer/);
    });
  });

  it('of an older copy of the log are replaced once a book is loaded', async () => {
    for (let turn = 0; turn < INTERVAL; turn++) await append(added(`contact-${turn}`));
    await snapshots.store(client, { ...known, eventId: randomUUID(), revision: 500 });
    expect(await snapshots.load(client)).toEqual(known);
    await until(async () => (await stored())!.data['revision'] === known.revision);
  });

  describe('of people who were erased', () => {
    it('before: show them as the log does, with none of their data', async () => {
      await append(added('ann'), added('bob'));
      await append(erased('ann'));
      keys.destroy(keyOfContact(client, 'ann'));
      await snapshots.store(client, known);
      const { book } = await snapshots.load(client);
      expect(book).toEqual((await whole()).book);
      expect(book.formerContacts.get('ann')).toEqual({ contactId: 'ann', generation: 2 });
    });

    it('since: forget them by the events behind the snapshot, though their key is still in a cache', async () => {
      await append(added('ann'), added('bob'), billingEmailChanged(null, 'ann@mönch.example'));
      await snapshots.store(client, known);
      await append(billingEmailChanged('ann@mönch.example', null), erased('ann'));
      const loaded = await snapshots.load(client);
      expect(loaded).toEqual(known);
      expect(JSON.stringify([...loaded.book.contacts.values(), loaded.book.billingEmail])).not.toContain(
        'ann',
      );
    });

    it('can not be read any more once the keys are destroyed, whatever the log says', async () => {
      await append(added('ann'), billingEmailChanged(null, 'pay@x.example'));
      await snapshots.store(client, known);
      keys.destroy(keyOfContact(client, 'ann'), known.billingEmailKey!);
      const { book } = await snapshots.load(client);
      expect(book.contacts.get('ann')).toMatchObject({
        email: ERASED,
        name: ERASED,
        title: ERASED,
        phone: ERASED,
      });
      expect(book.billingEmail).toEqual(ERASED);
      expect(book).toEqual((await whole()).book);
    });

    it('are not made from a book that does not know of it yet; and keep as erased what the book knows to be', async () => {
      await append(added('ann'), billingEmailChanged(null, 'pay@x.example'));
      keys.destroy(keyOfContact(client, 'ann'), known.billingEmailKey!);
      await expect(snapshots.store(client, known)).rejects.toMatchObject({ name: 'KeyDestroyed' });
      await snapshots.store(client, await whole());
      expect(await snapshots.load(client)).toEqual(await whole());
    });

    it('never make a key', async () => {
      await append(added('ann'));
      keys.lose(keyOfContact(client, 'ann'));
      await expect(snapshots.store(client, known)).rejects.toMatchObject({ name: 'KeyMissing' });
      expect(await stored()).toBeUndefined();
    });
  });

  describe('that can not be', () => {
    it.each([
      ['stored: the answer is lost', new OutcomeUnknown('ann@x.example')],
      ['stored: it is too large', new RangeError('ann@x.example')],
    ])('%s, change nothing but a line in the log, which tells nothing', async (_, error) => {
      await append(added('ann'));
      eventStore.failWrites = error;
      const before = known.revision;
      for (let turn = 0; turn < INTERVAL; turn++)
        await append(primaryChanged(null, 'ann'), primaryChanged('ann', null));
      snapshots.keepUp(client, before, known);
      await until(() => logged.length > 0);
      expect(logged).toMatchObject([{ cause: error.name, msg: 'a snapshot was not stored' }]);
      expect(lines).not.toContain('@');
      expect(await snapshots.load(client)).toEqual(known);
    });

    it('read while the event store does not answer are as the log: the caller is told', async () => {
      await snapshotAndMore();
      eventStore.failReads = new EventStoreUnavailable('silent');
      await expect(snapshots.load(client)).rejects.toThrow(EventStoreUnavailable);
    });

    it('opened while the key store does not answer are as the log: the caller is told', async () => {
      await snapshotAndMore();
      const unavailable = () => Promise.reject(new KeyStoreUnavailable('silent'));
      const lost = new BookSnapshots(
        eventStore,
        codec,
        { find: unavailable, obtain: unavailable },
        INTERVAL,
        logger(),
      );
      await expect(lost.load(client)).rejects.toThrow(KeyStoreUnavailable);
    });
  });

  it('give what the whole stream gives, for any history and any point of a snapshot', async () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.constant('add' as const) },
      fc.constantFrom(
        'remove',
        'erase',
        'erase and destroy',
        'flag',
        'details',
        'billing',
        'toggle',
        'snapshot',
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(step, fc.nat(5)), { maxLength: 15, size: 'max' }),
        async (history) => {
          eventStore = new WatchedEventStore();
          keys = new DataKeysInMemory();
          codec = new EncryptedCodec(keys);
          snapshots = new BookSnapshots(eventStore, codec, keys, 0, logger());
          known = EMPTY_BOOK;
          for (const [what, n] of history) await take(what, n);
          expect(await snapshots.load(client)).toEqual(await whole());
        },
      ),
      { numRuns: 1000 },
    );
  });

  async function take(what: string, n: number): Promise<void> {
    const { contacts, primary: holder, billingEmail: address } = known.book;
    const contact = [...contacts.values()][n % Math.max(contacts.size, 1)];
    if (what === 'snapshot') return snapshots.store(client, await whole());
    if (what === 'add') return append(added(`contact-${known.revision}`));
    if (what === 'billing') {
      const to = n === 0 ? null : `pay-${n}@x.example`;
      return append(billingEmailChanged(address, to));
    }
    if (!contact) return;
    const { contactId, generation, portalEnabled } = contact;
    const vacated = holder === contactId ? [primaryChanged(contactId, null)] : [];
    if (what === 'remove') return append(...vacated, removed(contactId));
    if (what === 'flag') return append(primaryChanged(holder, contactId));
    if (what === 'toggle') {
      const data = { contactId, enabled: !portalEnabled, generation: generation + Number(portalEnabled) };
      return append({ type: 'PortalAccessToggled', data });
    }
    if (what === 'details') {
      const changes = { title: { before: contact.title, after: `Title ${n}` } };
      return append({ type: 'ContactDetailsChanged', data: { contactId, changes, generation } });
    }
    await append(...vacated, erased(contactId));
    if (what === 'erase and destroy') keys.destroy(keyOfContact(client, contactId));
  }
});
