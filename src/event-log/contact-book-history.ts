import type { ContactBookEvent } from '../contact-book/events.js';
import {
  type BookChanges,
  changesOfAppend,
  contactsAfter,
  NO_CONTACTS,
} from '../contact-book/book-changes.js';
import { EMPTY_BOOK } from './contact-book-log.js';
import { type ClientRef, streamNameOf } from './contact-book-stream.js';
import type { EventStore, Revision, StoredEvent } from './event-store.js';
import { type AsOf, revisionAsOf, RevisionNotReached } from './recorded-history.js';
import type { AppendMetadata, EventCodec, RecordedEvent } from './stored-form.js';
import { beginsAppend } from './stored-metadata.js';

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

/** A part of a client's history, the newest first, and whether there is more before it. */
export interface HistoryPage {
  readonly entries: readonly HistoryEntry[];
  readonly hasMore: boolean;
}

/** How many events are read at a time. */
const EVENTS_AT_A_TIME = 100;
/** How many events a page shows, but for those of its oldest append: one append may hold hundreds. */
const EVENTS_OF_PAGE = 1_000;

/**
 * The client's last appends up to a point in the past, or until now: `limit` at most, and fewer where they hold very
 * many events. The stream is read backwards from its end, since who
 * is erased behind the page is erased in it, to the page's oldest append; and, where someone was removed in the page, on
 * to where they were added, since a removal does not tell who it was. Only what is shown is decrypted.
 *
 * Raises RevisionNotReached, EventStoreUnavailable, UnknownEvent, KeyStoreUnavailable, KeyMissing and
 * PersonalDataUnreadable.
 */
export async function historyPage(
  eventStore: EventStore,
  codec: EventCodec,
  client: ClientRef,
  { limit, asOf }: { readonly limit: number; readonly asOf?: AsOf | undefined },
): Promise<HistoryPage> {
  const until = asOf && (await revisionAsOf(eventStore, client, asOf));
  const { page, older, erasures, hasMore } = await readPage(eventStore, client, limit, until);
  const stored = [...page, ...older].toReversed().flat();
  const entries = entriesOf(await codec.fromStoredForm(stored, erasures));
  return { entries: entries.slice(older.length).toReversed(), hasMore };
}

/** The page's appends, and of those before it the ones about whom the page removes, each list the newest first. */
async function readPage(
  eventStore: EventStore,
  client: ClientRef,
  limit: number,
  until: Revision | undefined,
) {
  const page: StoredEvent[][] = [];
  const older: StoredEvent[][] = [];
  const erasures: StoredEvent[] = [];
  const removed = new Set<unknown>();
  let head = EMPTY_BOOK.revision;
  let [hasMore, eventsOfPage] = [false, 0];
  for await (const append of appendsBackwards(eventStore, streamNameOf(client))) {
    const { revision } = append.at(-1)!;
    head = Math.max(head, revision);
    erasures.push(...append.filter(({ type }) => type === 'ContactErased'));
    if (until !== undefined && revision > until) continue;
    hasMore = page.length === limit || eventsOfPage >= EVENTS_OF_PAGE;
    if (!hasMore) {
      page.push(append);
      eventsOfPage += append.length;
    } else if (append.some(({ data }) => removed.has(data['contactId']))) older.push(append);
    for (const { type, data } of append.toReversed()) {
      if (type === 'ContactRemoved' && !hasMore) removed.add(data['contactId']);
      if (type === 'ContactAdded') removed.delete(data['contactId']);
    }
    if (hasMore && removed.size === 0) break;
  }
  if (until !== undefined && until > head) throw new RevisionNotReached(head);
  return { page, older, erasures, hasMore };
}

/** The whole appends of a stream, the newest first. */
async function* appendsBackwards(eventStore: EventStore, stream: string): AsyncIterable<StoredEvent[]> {
  let append: StoredEvent[] = [];
  for (let from: Revision | undefined; from === undefined || from >= 0;) {
    const events: StoredEvent[] = [];
    for await (const event of eventStore.readStreamBackwards(stream, EVENTS_AT_A_TIME, from))
      events.push(event);
    for (const event of events) {
      append.unshift(event);
      if (!beginsAppend(event)) continue;
      yield append;
      append = [];
    }
    from = (events.at(-1)?.revision ?? 0) - 1;
  }
}

function entriesOf(recorded: readonly RecordedEvent[]): HistoryEntry[] {
  const entries: HistoryEntry[] = [];
  let contacts = NO_CONTACTS;
  let append: RecordedEvent[] = [];
  for (const event of recorded) {
    append.push(event);
    if (!event.isLastOfAppend) continue;
    const events = append.flatMap(({ event }) => (event.type === 'Ignored' ? [] : [event]));
    const before = contacts;
    contacts = contactsAfter(before, events);
    entries.push(historyEntry(append, events, changesOfAppend(events, before, contacts)));
    append = [];
  }
  return entries;
}

function historyEntry(
  append: readonly RecordedEvent[],
  events: readonly ContactBookEvent[],
  changes: BookChanges,
): HistoryEntry {
  const { actor, correlationId, causationId, commandId, reason, traceparent, revision, recordedAt } =
    append.at(-1)!;
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
    changes,
  };
}
