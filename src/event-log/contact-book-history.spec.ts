import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { DataKeysInMemory } from '../../test/fixtures/data-keys-in-memory.js';
import { EventStoreInMemory } from '../../test/fixtures/event-store-in-memory.js';
import { newAppend } from '../../test/fixtures/stored-appends.js';
import { ERASED } from '../contact-book/erased.js';
import {
  billingEmailChanged,
  primaryChanged,
  removed,
} from '../contact-book/contact-book.given-when-then.js';
import type { ContactBookEvent } from '../contact-book/events.js';
import { historyPage } from './contact-book-history.js';
import {
  afterAppend,
  type BookAtRevision,
  EMPTY_BOOK,
  isSameRequest,
  type LoadedBook,
  loadBehind,
  loadBook,
} from './contact-book-log.js';
import { streamNameOf } from './contact-book-stream.js';
import { EncryptedCodec } from './encrypted-codec.js';
import { type AsOf, recordedHistory, RevisionNotReached } from './recorded-history.js';
import { bookAfter, type NewAppend } from './stored-form.js';

const client = { workspaceId: 'ws', clientId: 'client' };
const added = (contactId: string): ContactBookEvent => ({
  type: 'ContactAdded',
  data: { contactId, email: `${contactId}@x.example`, portalEnabled: true },
});
const erasure = (contactId: string): ContactBookEvent => ({
  type: 'ContactErased',
  data: { contactId, reason: 'requested' },
});

describe('a client’s log', () => {
  let eventStore: EventStoreInMemory;
  let keys: DataKeysInMemory;
  let codec: EncryptedCodec;
  let known: LoadedBook;
  beforeEach(() => {
    eventStore = new EventStoreInMemory();
    keys = new DataKeysInMemory();
    codec = new EncryptedCodec(keys);
    known = EMPTY_BOOK;
  });

  /** One append, at a second after the first of January. */
  async function append(second: number, events: ContactBookEvent[], more: Partial<NewAppend> = {}) {
    const { billingEmailKey } = known;
    const commandId = `command-${known.revision + 1}`;
    const made = newAppend({ client, events, commandId, billingEmailKey, ...more });
    const stored = await codec.toStoredForm(made, randomUUID);
    eventStore.now = at(second);
    await eventStore.append(streamNameOf(client), known.revision, stored);
    known = afterAppend(known, made, stored);
  }
  const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
  const load = () => loadBook(eventStore, codec, client);

  async function bookAsOf(asOf?: AsOf) {
    let { book, revision } = EMPTY_BOOK as BookAtRevision;
    for await (const batch of recordedHistory(eventStore, codec, client, asOf)) {
      for (const recorded of batch) {
        book = bookAfter(book, recorded.event);
        revision = recorded.revision;
      }
    }
    return { book, revision };
  }

  async function threeAppends() {
    await append(1, [added('ann'), primaryChanged(null, 'ann')]);
    await append(2, [added('bob')]);
    await append(3, [primaryChanged('ann', null), removed('ann'), primaryChanged(null, 'bob')]);
  }
  const contactsOf = ({ book }: { book: LoadedBook['book'] }) => [...book.contacts.keys()];

  describe('as a loaded book', () => {
    it('is what this process knows of it after its own appends', async () => {
      await threeAppends();
      await append(4, [billingEmailChanged(null, 'a@x.example')]);
      await append(5, [billingEmailChanged('a@x.example', 'b@x.example')]);
      expect(await load()).toEqual(known);
      await append(6, [billingEmailChanged('b@x.example', null)]);
      expect(await load()).toEqual(known);
      expect(known.billingEmailKey).toBeNull();
    });

    it('is the same whether it is loaded at once or from a book that was known', async () => {
      await append(1, [added('ann')]);
      const earlier = known;
      await append(2, [billingEmailChanged(null, 'a@x.example')]);
      expect(await loadBehind(earlier, eventStore, codec, client)).toEqual(await load());
      expect(await loadBehind(known, eventStore, codec, client)).toEqual(known);
    });

    it('is none from a book that another log gave, be it ahead of this one or at a revision that this one has', async () => {
      await append(1, [added('ann')]);
      const behind = (book: LoadedBook) => loadBehind(book, eventStore, codec, client);
      expect(await behind({ ...known, revision: 1 })).toBeUndefined();
      expect(await behind({ ...known, eventId: randomUUID() })).toBeUndefined();
    });

    it('is the same in many batches', async () => {
      await append(1, [added('ann')]);
      for (let turn = 0; turn < 300; turn++)
        await append(2, [primaryChanged(null, 'ann'), primaryChanged('ann', null)], { reason: 'why not' });
      expect(await load()).toEqual(known);
    });

    it('tells a command’s request from another', async () => {
      await append(1, [added('ann'), added('bob')], { request: 'one' });
      const remembered = known.commands.find('command-0')!;
      expect(remembered).toEqual({ commandId: 'command-0', firstRevision: 0, revision: 1 });
      expect(await isSameRequest(eventStore, codec, client, remembered, 'one')).toBe(true);
      expect(await isSameRequest(eventStore, codec, client, remembered, 'two')).toBe(false);
    });
  });

  it('as a book as of an earlier append masks who was erased later, and remembers the commands until then', async () => {
    await append(1, [added('ann')]);
    await append(2, [erasure('ann')]);
    const { book, commands } = await loadBook(eventStore, codec, client, { until: 0 });
    expect(book.contacts.get('ann')!.email).toEqual(ERASED);
    expect([...commands].map(({ commandId }) => commandId)).toEqual(['command-0']);
  });

  describe('with an event that this build may pass over', () => {
    /** As a newer build would store it, between two appends of ours. */
    beforeEach(async () => {
      await append(1, [added('ann')]);
      const [newer] = await codec.toStoredForm(newAppend({ client, events: [added('x')] }), randomUUID);
      const metadata = { ...newer!.metadata, ignorable: true };
      await eventStore.append(streamNameOf(client), 0, [{ ...newer!, type: 'ContactMerged', metadata }]);
      known = await load();
      await append(2, [added('bob')], { commandId: 'later' });
    });

    it('counts its revision and remembers its command, and is the same book loaded or known', async () => {
      const loaded = await load();
      expect(loaded).toEqual(known);
      expect(loaded.revision).toBe(2);
      expect(loaded.commands.find('command')).toMatchObject({ firstRevision: 1, revision: 1 });
      expect(contactsOf(loaded)).toEqual(['ann', 'bob']);
    });

    it('is an append of its own in the history, which changed nothing', async () => {
      expect(await bookAsOf({ revision: 1 })).toMatchObject({ revision: 1 });
      const { entries } = await historyPage(eventStore, codec, client, { limit: 10 });
      expect(entries.toReversed().map(({ revision, events }) => [revision, events.length])).toEqual([
        [0, 1],
        [1, 0],
        [2, 1],
      ]);
      expect(entries[1]!.changes).toEqual({ contacts: [] });
    });
  });

  describe('as of a revision', () => {
    const asOf = (revision: number) => bookAsOf({ revision });

    it('holds what was appended until then', async () => {
      await threeAppends();
      expect(contactsOf(await asOf(1))).toEqual(['ann']);
      expect(contactsOf(await asOf(2))).toEqual(['ann', 'bob']);
      expect(contactsOf(await asOf(5))).toEqual(['bob']);
    });

    it.each([
      [-1, -1],
      [0, -1],
      [1, 1],
      [2, 2],
      [3, 2],
      [4, 2],
      [5, 5],
    ])('%d is the book at %d: nobody sees the middle of an append', async (asked, revision) => {
      await threeAppends();
      expect((await asOf(asked)).revision).toBe(revision);
    });

    it('that the book has not reached there is none, since it may yet become anything', async () => {
      await threeAppends();
      await expect(asOf(6)).rejects.toThrow(new RevisionNotReached(5));
    });

    it('is the same where the stream is read in many batches, and masks who is erased in the last', async () => {
      await append(1, [added('ann')]);
      await append(1, [added('bob')]);
      for (let turn = 0; turn < 600; turn++)
        await append(2, [primaryChanged(null, 'bob'), primaryChanged('bob', null)]);
      await append(3, [erasure('ann')]);
      expect((await bookAsOf()).book).toEqual(known.book);
      for (const revision of [1, 499, 500, 502, 1001, 1201]) {
        const asked = await asOf(revision);
        expect(asked.revision).toBe(revision % 2 === 1 ? revision : revision - 1);
        expect(asked.book.contacts.get('ann')!.email).toEqual(ERASED);
      }
    });

    it('masks who was erased later, though their key is still there', async () => {
      await threeAppends();
      await append(4, [erasure('ann')]);
      const { book } = await asOf(2);
      expect(book.contacts.get('ann')).toMatchObject({ email: ERASED, portalEnabled: true });
      expect(book.contacts.get('bob')).toMatchObject({ email: 'bob@x.example' });
    });
  });

  describe('as of a moment (row 24)', () => {
    const asOf = (moment: Date) => bookAsOf({ moment });

    it('holds whole appends that were recorded no later', async () => {
      await threeAppends();
      expect((await asOf(at(0))).revision).toBe(-1);
      expect((await asOf(at(1))).revision).toBe(1);
      expect((await asOf(new Date(at(3).getTime() - 1))).revision).toBe(2);
      expect((await asOf(at(3))).revision).toBe(5);
      expect((await asOf(at(59))).revision).toBe(5);
    });

    it('is a prefix, even where the event store’s clock went back', async () => {
      await append(1, [added('ann')]);
      await append(9, [added('bob')]);
      await append(5, [added('cy')]);
      expect(contactsOf(await asOf(at(6)))).toEqual(['ann']);
      expect(contactsOf(await asOf(at(9)))).toEqual(['ann', 'bob', 'cy']);
    });

    it('of a client nobody has written to is the empty book', async () => {
      expect(await asOf(at(1))).toEqual({ book: EMPTY_BOOK.book, revision: -1 });
    });

    it('masks who was erased after that moment', async () => {
      await append(1, [added('ann')]);
      await append(2, [erasure('ann')]);
      expect((await asOf(at(1))).book.contacts.get('ann')!.email).toEqual(ERASED);
    });
  });

  describe('as history', () => {
    const page = (limit: number, asOf?: AsOf) => historyPage(eventStore, codec, client, { limit, asOf });
    /** All of it, the oldest first. */
    const history = async () => (await page(100)).entries.toReversed();
    const fields = (contactId: string, side: 'before' | 'after') => {
      const is = <Value>(value: Value) => ({ before: null, after: null, [side]: value });
      return { email: is(`${contactId}@x.example`), portalEnabled: is(true) };
    };

    it('tells of each append who did it, when and why', async () => {
      const who = { actor: { kind: 'user', id: 'u-1', role: 'manager' }, correlationId: 'c-1' } as const;
      await append(1, [added('ann'), primaryChanged(null, 'ann')], { ...who, reason: 'Ann called' });
      await append(2, [added('bob')]);
      const [first, second] = await history();
      expect(first).toMatchObject({
        ...who,
        firstRevision: 0,
        revision: 1,
        recordedAt: at(1),
        reason: 'Ann called',
        commandId: 'command-0',
        events: [added('ann'), primaryChanged(null, 'ann')],
      });
      expect(second).toMatchObject({ firstRevision: 2, revision: 2, recordedAt: at(2) });
      expect(second).not.toHaveProperty('reason');
    });

    it('tells what the append changed as a whole, before and after', async () => {
      await threeAppends();
      await append(4, [billingEmailChanged(null, 'pay@x.example')]);
      const changes = (await history()).map((entry) => entry.changes);
      expect(changes).toEqual([
        {
          contacts: [{ contactId: 'ann', change: 'added', fields: fields('ann', 'after') }],
          primary: { before: null, after: 'ann' },
        },
        { contacts: [{ contactId: 'bob', change: 'added', fields: fields('bob', 'after') }] },
        {
          contacts: [{ contactId: 'ann', change: 'removed', fields: fields('ann', 'before') }],
          primary: { before: 'ann', after: 'bob' },
        },
        { contacts: [], billingEmail: { before: null, after: 'pay@x.example' } },
      ]);
    });

    it('tells of a change the fields that it changed', async () => {
      await append(1, [added('ann')]);
      const name = { before: null, after: 'Ann' };
      const email = { before: 'ann@x.example', after: 'a@x.example' };
      await append(2, [
        {
          type: 'ContactDetailsChanged',
          data: { contactId: 'ann', changes: { name, email }, generation: 2 },
        },
        { type: 'PortalAccessToggled', data: { contactId: 'ann', enabled: false, generation: 3 } },
      ]);
      const { entries } = await page(1);
      expect(entries[0]!.changes.contacts).toEqual([
        {
          contactId: 'ann',
          change: 'changed',
          fields: { name, email, portalEnabled: { before: true, after: false } },
        },
      ]);
    });

    it('does not tell what the append only passed through', async () => {
      await append(1, [
        added('ann'),
        primaryChanged(null, 'ann'),
        primaryChanged('ann', null),
        removed('ann'),
      ]);
      expect((await history())[0]!.changes).toEqual({ contacts: [] });
    });

    it('has fewer entries where they hold very many events, none is cut, and the next page goes on', async () => {
      const ids = Array.from({ length: 300 }, (_, index) => `c${index}`);
      for (let second = 1; second <= 5; second++)
        await append(
          second,
          ids.map((id) => added(`${id}-${second}`)),
        );
      const first = await page(200);
      expect(first.entries.map(({ revision }) => revision)).toEqual([1499, 1199, 899, 599]);
      expect(first.hasMore).toBe(true);
      const second = await page(200, { revision: first.entries.at(-1)!.firstRevision - 1 });
      expect(second.entries.map(({ events }) => events.length)).toEqual([300]);
      expect(second.hasMore).toBe(false);
    });

    it('comes in pages of whole appends, the newest first', async () => {
      await threeAppends();
      const revisions = async (limit: number, before?: number) => {
        const { entries, hasMore } = await page(
          limit,
          before === undefined ? undefined : { revision: before - 1 },
        );
        return [entries.map(({ revision }) => revision), hasMore];
      };
      expect(await revisions(1)).toEqual([[5], true]);
      expect(await revisions(2)).toEqual([[5, 2], true]);
      expect(await revisions(3)).toEqual([[5, 2, 1], false]);
      expect(await revisions(1, 3)).toEqual([[2], true]);
      expect(await revisions(9, 2)).toEqual([[1], false]);
      expect(await revisions(9, 0)).toEqual([[], false]);
      await expect(page(9, { revision: 6 })).rejects.toThrow(RevisionNotReached);
    });

    it('is the same in pages of any size as at once, over more events than are read at a time', async () => {
      await append(1, [added('ann')]);
      for (let n = 0; n < 120; n += 1) {
        await append(
          2 + n,
          n % 3 === 2 ? [removed(`c${n - 1}`)] : [added(`c${n}`), primaryChanged(null, null)],
        );
      }
      await append(200, [removed('ann'), erasure('c0')]);
      const whole = (await page(1_000)).entries;
      expect(whole).toHaveLength(122);
      for (const limit of [1, 7, 50]) {
        const paged: (typeof whole)[number][] = [];
        for (let asOf: AsOf | undefined, more = true; more;) {
          const { entries, hasMore } = await page(limit, asOf);
          paged.push(...entries);
          more = hasMore;
          asOf = { revision: entries.at(-1)!.firstRevision - 1 };
        }
        expect(paged).toEqual(whole);
      }
      const [last] = whole;
      expect(last!.changes.contacts).toEqual([
        { contactId: 'ann', change: 'removed', fields: fields('ann', 'before') },
        { contactId: 'c0', change: 'erased', fields: {} },
      ]);
    });

    it('reads no more than the page, and decrypts no more than it shows', async () => {
      for (let n = 0; n < 250; n += 1) await append(1, [added(`c${n}`)]);
      await append(2, [removed('c240')]);
      let read = 0;
      const counting = Object.assign(Object.create(eventStore) as EventStoreInMemory, {
        async *readStreamBackwards(...given: Parameters<EventStoreInMemory['readStreamBackwards']>) {
          for await (const event of eventStore.readStreamBackwards(...given)) {
            read += 1;
            yield event;
          }
        },
      });
      keys.asked.length = 0;
      const { entries } = await historyPage(counting, codec, client, { limit: 3 });
      expect(entries[0]!.changes.contacts).toMatchObject([{ contactId: 'c240', change: 'removed' }]);
      expect(read).toBe(100);
      expect(new Set(keys.asked.flat()).size).toBe(3);
    });

    it('tells that a billing email took the place of another, though both are erased', async () => {
      await append(1, [billingEmailChanged(null, 'a@x.example')]);
      await append(2, [billingEmailChanged('a@x.example', 'b@x.example')]);
      keys.destroy(...keys.asked.flat());
      expect((await history()).map(({ changes }) => changes.billingEmail)).toEqual([
        { before: null, after: ERASED },
        { before: ERASED, after: ERASED },
      ]);
    });

    it('names who was erased after they had been removed', async () => {
      await append(1, [added('ann')]);
      await append(2, [removed('ann')]);
      await append(3, [erasure('ann')]);
      const changes = (await history()).flatMap((entry) => entry.changes.contacts);
      expect(changes.map(({ change, fields }) => [change, fields.email])).toEqual([
        ['added', { before: null, after: ERASED }],
        ['removed', { before: ERASED, after: null }],
        ['erased', undefined],
      ]);
    });

    it('shows nothing of someone who was erased but their id, in any append, not even why', async () => {
      await append(1, [added('ann'), added('bob')], { reason: 'Ann and Bob are new' });
      await append(2, [
        {
          type: 'ContactDetailsChanged',
          data: {
            contactId: 'ann',
            changes: { email: { before: 'ann@x.example', after: 'a@x.example' } },
            generation: 2,
          },
        },
      ]);
      await append(3, [erasure('ann')]);
      const text = JSON.stringify(await history());
      expect(text).not.toMatch(/ann@x|a@x|are new/);
      expect(text).toContain('bob@x.example');
      expect((await history())[0]).toMatchObject({ reason: ERASED });
    });
  });
});
