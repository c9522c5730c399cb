import type { Contact, ContactBook } from '../contact-book/contact-book.js';
import { evolve } from '../contact-book/contact-book.js';
import type { Personal } from '../contact-book/erased.js';
import type { ContactBookEvent } from '../contact-book/events.js';
import { type BookAtRevision, EMPTY_BOOK, readUntil } from './contact-book-log.js';
import type { ClientRef } from './contact-book-stream.js';
import type { EventStore, Revision, StoredEvent } from './event-store.js';
import type { AppendMetadata, EventCodec, RecordedEvent } from './stored-form.js';

/** A value that an append changed, as it was before and as it is after. */
export interface Changed<Value> {
  readonly before: Value;
  readonly after: Value;
}

/** What an append changed, as a whole: what it only passed through on the way is not to be seen. */
export interface BookChanges {
  /** Those who changed; before is null for someone who was added, after for someone who was removed. */
  readonly contacts: readonly Changed<Contact | null>[];
  readonly primary?: Changed<string | null>;
  readonly billingDefault?: Changed<string | null>;
  readonly billingEmail?: Changed<Personal | null>;
}

/** One append: who did what, when and why. */
export interface HistoryEntry extends AppendMetadata {
  readonly firstRevision: Revision;
  /** The revision that the book has after it. */
  readonly revision: Revision;
  readonly recordedAt: Date;
  readonly events: readonly ContactBookEvent[];
  readonly changes: BookChanges;
}

/**
 * The client's book as of a revision; where that is inside an append, as of the append's start. A revision that the
 * book has not reached gives the book as it is. Who has been erased since is erased. Raises as `loadBook` does.
 */
export function bookAsOfRevision(
  eventStore: EventStore,
  codec: EventCodec,
  client: ClientRef,
  revision: Revision,
): Promise<BookAtRevision> {
  return bookAsLongAs(eventStore, codec, client, (event) => event.revision <= revision);
}

/**
 * The client's book as of a moment: after the longest prefix of whole appends that the event store, by its clock,
 * recorded no later. Who has been erased since is erased. Raises as `loadBook` does.
 */
export function bookAsOfMoment(
  eventStore: EventStore,
  codec: EventCodec,
  client: ClientRef,
  moment: Date,
): Promise<BookAtRevision> {
  return bookAsLongAs(eventStore, codec, client, ({ recordedAt }) => recordedAt <= moment);
}

/**
 * The client's appends behind a revision, oldest first and no more than `limit`. What is to be seen of someone who
 * has been erased since is their id. Raises as `loadBook` does.
 */
export async function historyOf(
  eventStore: EventStore,
  codec: EventCodec,
  client: ClientRef,
  { after = EMPTY_BOOK.revision, limit = Infinity }: { after?: Revision; limit?: number } = {},
): Promise<HistoryEntry[]> {
  const { stored } = await readUntil(eventStore, client, 0, () => true);
  const recorded = await codec.fromStoredForm(stored);
  const entries: HistoryEntry[] = [];
  let { book } = EMPTY_BOOK;
  for (const append of appendsOf(recorded)) {
    if (entries.length === limit) break;
    const before = book;
    book = append.reduce((folded, { event }) => evolve(folded, event), book);
    if (append[0]!.revision > after) entries.push(historyEntry(append, before, book));
  }
  return entries;
}

async function bookAsLongAs(
  eventStore: EventStore,
  codec: EventCodec,
  client: ClientRef,
  isWanted: (event: StoredEvent) => boolean,
): Promise<BookAtRevision> {
  const { stored, behind } = await readUntil(eventStore, client, 0, isWanted);
  const recorded = await codec.fromStoredForm(stored, behind);
  const book = recorded.reduce((folded, { event }) => evolve(folded, event), EMPTY_BOOK.book);
  return { book, revision: recorded.at(-1)?.revision ?? EMPTY_BOOK.revision };
}

function* appendsOf(recorded: readonly RecordedEvent[]): Iterable<RecordedEvent[]> {
  let append: RecordedEvent[] = [];
  for (const event of recorded) {
    append.push(event);
    if (!event.isLastOfAppend) continue;
    yield append;
    append = [];
  }
}

function historyEntry(
  append: readonly RecordedEvent[],
  before: ContactBook,
  after: ContactBook,
): HistoryEntry {
  const last = append.at(-1)!;
  const { actor, correlationId, causationId, commandId, reason, traceparent, revision, recordedAt } = last;
  return {
    firstRevision: append[0]!.revision,
    revision,
    recordedAt,
    actor,
    correlationId,
    causationId,
    commandId,
    ...(reason !== undefined && { reason }),
    ...(traceparent !== undefined && { traceparent }),
    events: append.map(({ event }) => event),
    changes: changesBetween(before, after),
  };
}

/** Unchanged contacts are the same objects in both books, since folding leaves alone what no event speaks of. */
function changesBetween(before: ContactBook, after: ContactBook): BookChanges {
  const ids = new Set([...before.contacts.keys(), ...after.contacts.keys()]);
  const contacts = [...ids].map((id) =>
    changed(before.contacts.get(id) ?? null, after.contacts.get(id) ?? null),
  );
  const [primary, billingDefault, billingEmail] = [
    changed(before.primary, after.primary),
    changed(before.billingDefault, after.billingDefault),
    changed(before.billingEmail, after.billingEmail),
  ];
  return {
    contacts: contacts.filter((change) => change !== undefined),
    ...(primary && { primary }),
    ...(billingDefault && { billingDefault }),
    ...(billingEmail && { billingEmail }),
  };
}

function changed<Value>(before: Value, after: Value): Changed<Value> | undefined {
  return before === after ? undefined : { before, after };
}
