import { type ContactBook, initial } from '../contact-book/contact-book.js';
import { type ClientRef, streamNameOf } from './contact-book-stream.js';
import type { EventStore, EventToAppend, Revision, StoredEvent } from './event-store.js';
import { type RememberedCommand, RememberedCommands } from './remembered-commands.js';
import { billingEmailKeyAfter } from './stored-data.js';
import { bookAfter, type EventCodec, type NewAppend, type RecordedEvent } from './stored-form.js';
import { endsAppend } from './stored-metadata.js';

/** A client's contact book as of a revision; -1 is the empty book of a client nobody has written to. */
export interface BookAtRevision {
  readonly book: ContactBook;
  readonly revision: Revision;
}

/** Everything that the next decision about a client rests on. */
export interface LoadedBook extends BookAtRevision {
  /** The id of the event at that revision, by which a log is told from another one; null for the empty book. */
  readonly eventId: string | null;
  readonly commands: RememberedCommands;
  /** The key of the billing email, where there is one. */
  readonly billingEmailKey: string | null;
}

export const EMPTY_BOOK: LoadedBook = {
  book: initial(),
  revision: -1,
  eventId: null,
  commands: RememberedCommands.of([]),
  billingEmailKey: null,
};

/** How many events are decoded at a time, about: a bound on memory, and one query for their keys. */
const EVENTS_AT_A_TIME = 500;

/**
 * Folds what the client's stream holds, up to and with `until`, in whole appends. Raises EventStoreUnavailable,
 * UnknownEvent, KeyStoreUnavailable, KeyMissing and PersonalDataUnreadable.
 */
export async function loadBook(
  eventStore: Pick<EventStore, 'read'>,
  codec: EventCodec,
  client: ClientRef,
  { until }: { until?: Revision } = {},
): Promise<LoadedBook> {
  if (until === undefined) return foldOn(EMPTY_BOOK, eventStore.read(streamNameOf(client), 0), codec);
  const { stored, behind } = await readUntil(eventStore, client, until);
  return fold(EMPTY_BOOK, await codec.fromStoredForm(stored, behind), stored);
}

/**
 * The book at the stream's end, from one that was known earlier; undefined where that is not of this stream, as when
 * the log was replaced by an older copy. Raises as `loadBook` does.
 */
export async function loadBehind(
  known: LoadedBook,
  eventStore: EventStore,
  codec: EventCodec,
  client: ClientRef,
): Promise<LoadedBook | undefined> {
  if (known.eventId === null) return loadBook(eventStore, codec, client);
  const events = eventStore.read(streamNameOf(client), known.revision)[Symbol.asyncIterator]();
  const last = await events.next();
  if (last.done || last.value.id !== known.eventId) {
    await events.return?.();
    return undefined;
  }
  return foldOn(known, { [Symbol.asyncIterator]: () => events }, codec);
}

/**
 * The stream's whole appends up to a revision, and of those behind it the erasures: who is erased there is erased in the
 * past too, so a stream is always read to its end.
 */
async function readUntil(
  eventStore: Pick<EventStore, 'read'>,
  client: ClientRef,
  until: Revision,
): Promise<{ stored: StoredEvent[]; behind: StoredEvent[] }> {
  const stored: StoredEvent[] = [];
  const behind: StoredEvent[] = [];
  for await (const event of eventStore.read(streamNameOf(client), 0)) {
    if (event.revision <= until) stored.push(event);
    else if (event.type === 'ContactErased') behind.push(event);
  }
  while (stored.length > 0 && !endsAppend(stored.at(-1)!)) stored.pop();
  return { stored, behind };
}

/** The book after an append that this process has just made, without reading it back. */
export function afterAppend(
  before: LoadedBook,
  { events, commandId }: NewAppend,
  stored: readonly EventToAppend[],
): LoadedBook {
  const first = before.revision + 1;
  const folded = events.map((event, index) => ({ event, index, revision: first + index, commandId }));
  return fold(before, folded, stored);
}

/** Whether the command's append came from the same request; undefined where that can no longer be told. */
export async function isSameRequest(
  eventStore: EventStore,
  codec: EventCodec,
  client: ClientRef,
  { firstRevision, revision }: RememberedCommand,
  request: string,
): Promise<boolean | undefined> {
  const append: StoredEvent[] = [];
  for await (const event of eventStore.read(streamNameOf(client), firstRevision, revision))
    append.push(event);
  return codec.isSameRequest(append, request);
}

async function* batchesOf(events: AsyncIterable<StoredEvent>): AsyncIterable<StoredEvent[]> {
  let batch: StoredEvent[] = [];
  for await (const event of events) {
    batch.push(event);
    if (batch.length < EVENTS_AT_A_TIME || !endsAppend(event)) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function foldOn(
  known: LoadedBook,
  events: AsyncIterable<StoredEvent>,
  codec: EventCodec,
): Promise<LoadedBook> {
  let loaded = known;
  for await (const stored of batchesOf(events))
    loaded = fold(loaded, await codec.fromStoredForm(stored), stored);
  return loaded;
}

type Folded = Pick<RecordedEvent, 'event' | 'index' | 'revision' | 'commandId'>;

function fold(from: LoadedBook, events: readonly Folded[], stored: readonly EventToAppend[]): LoadedBook {
  let { book, revision, billingEmailKey } = from;
  events.forEach((recorded, index) => {
    book = bookAfter(book, recorded.event);
    revision = recorded.revision;
    billingEmailKey = billingEmailKeyAfter(stored[index]!, billingEmailKey);
  });
  const eventId = stored.at(-1)?.id ?? from.eventId;
  const commands = from.commands.with(events);
  return { book, revision, eventId, commands, billingEmailKey };
}
