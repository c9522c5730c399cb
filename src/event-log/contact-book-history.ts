import type { Contact, ContactBook } from '../contact-book/contact-book.js';
import type { Personal } from '../contact-book/erased.js';
import type { ContactBookEvent } from '../contact-book/events.js';
import { EMPTY_BOOK } from './contact-book-log.js';
import type { ClientRef } from './contact-book-stream.js';
import type { EventStore, Revision } from './event-store.js';
import { type AsOf, recordedHistory } from './recorded-history.js';
import { type AppendMetadata, bookAfter, type EventCodec, type RecordedEvent } from './stored-form.js';

/** A value that an append changed, as it was before and as it is after. */
export interface Changed<Value> {
  readonly before: Value;
  readonly after: Value;
}

/** Whom an append changed: before is null for someone who was not in the book, after for someone who no longer is. */
export interface ChangedContact extends Changed<Contact | null> {
  readonly contactId: string;
  readonly change: 'added' | 'changed' | 'removed' | 'erased';
}

/** What an append changed, as a whole: what it only passed through on the way is not to be seen. */
export interface BookChanges {
  readonly contacts: readonly ChangedContact[];
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
  /** Those that this build knows: see `IgnoredEvent`. */
  readonly events: readonly ContactBookEvent[];
  readonly changes: BookChanges;
}

/** A part of a client's history, and whether there is more of it in the same direction. */
export interface HistoryPage {
  readonly entries: readonly HistoryEntry[];
  readonly hasMore: boolean;
}

/** Which appends: those behind a revision, the oldest first, or those up to a point, the newest first. */
export type HistoryRange = { readonly limit: number } & (
  | { readonly order: 'oldest_first'; readonly after?: Revision | undefined }
  | { readonly order: 'newest_first'; readonly asOf?: AsOf | undefined }
);

/**
 * A page of the client's appends, which costs a read of its whole stream: what an append took away is known from the
 * events before it, and who is erased from those behind it. What is to be seen of someone who has been erased since is
 * their id. Raises as `recordedHistory` does.
 */
export async function historyPage(
  eventStore: EventStore,
  codec: EventCodec,
  client: ClientRef,
  range: HistoryRange,
): Promise<HistoryPage> {
  const { limit, order } = range;
  const after = (order === 'oldest_first' ? range.after : undefined) ?? EMPTY_BOOK.revision;
  const asOf = order === 'newest_first' ? range.asOf : undefined;
  const found: FoldedAppend[] = [];
  for await (const append of foldedAppends(recordedHistory(eventStore, codec, client, asOf))) {
    if (append.events.at(-1)!.revision <= after) continue;
    found.push(append);
    if (found.length <= limit) continue;
    if (order === 'oldest_first') break;
    if (found.length > limit + 1) found.shift();
  }
  const hasMore = found.length > limit;
  const wanted = order === 'oldest_first' ? found.slice(0, limit) : found.slice(-limit).toReversed();
  return { entries: wanted.map(historyEntry), hasMore };
}

/** An append with the book around it. */
interface FoldedAppend extends Changed<ContactBook> {
  readonly events: readonly RecordedEvent[];
}

async function* foldedAppends(batches: AsyncIterable<RecordedEvent[]>): AsyncIterable<FoldedAppend> {
  let { book } = EMPTY_BOOK;
  let events: RecordedEvent[] = [];
  for await (const batch of batches) {
    for (const recorded of batch) {
      events.push(recorded);
      if (!recorded.isLastOfAppend) continue;
      const before = book;
      book = events.reduce((folded, { event }) => bookAfter(folded, event), before);
      yield { events, before, after: book };
      events = [];
    }
  }
}

function historyEntry({ events: append, before, after }: FoldedAppend): HistoryEntry {
  const last = append.at(-1)!;
  const { actor, correlationId, causationId, commandId, reason, traceparent, revision, recordedAt } = last;
  const events = append.flatMap(({ event }) => (event.type === 'Ignored' ? [] : [event]));
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
    events,
    changes: changesOf(events, before, after),
  };
}

function changesOf(
  events: readonly ContactBookEvent[],
  before: ContactBook,
  after: ContactBook,
): BookChanges {
  const erased = new Set(
    events.flatMap(({ type, data }) => (type === 'ContactErased' ? [data.contactId] : [])),
  );
  const ids = new Set([...before.contacts.keys(), ...after.contacts.keys(), ...erased]);
  const primary = changed(before.primary, after.primary);
  const billingDefault = changed(before.billingDefault, after.billingDefault);
  // Two erased values look alike, so the event tells.
  const hasBillingEmail = events.some(({ type }) => type === 'BillingEmailChanged');
  return {
    contacts: [...ids].flatMap((contactId) => {
      const contact = {
        before: before.contacts.get(contactId) ?? null,
        after: after.contacts.get(contactId) ?? null,
      };
      if (erased.has(contactId)) return { contactId, change: 'erased', ...contact };
      // Unchanged contacts are the same objects in both books: folding leaves alone what no event speaks of.
      if (contact.before === contact.after) return [];
      const change = !contact.before ? 'added' : !contact.after ? 'removed' : 'changed';
      return { contactId, change, ...contact };
    }),
    ...(primary && { primary }),
    ...(billingDefault && { billingDefault }),
    ...(hasBillingEmail && { billingEmail: { before: before.billingEmail, after: after.billingEmail } }),
  };
}

function changed<Value>(before: Value, after: Value): Changed<Value> | undefined {
  return before === after ? undefined : { before, after };
}
