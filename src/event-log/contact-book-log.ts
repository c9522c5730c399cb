import { type ContactBook, evolve, initial } from '../contact-book/contact-book.js';
import { type ClientRef, streamNameOf } from './contact-book-stream.js';
import type { EventStore, EventToAppend, Revision, StoredEvent } from './event-store.js';
import type { EventCodec, NewAppend, RecordedEvent } from './stored-form.js';

/** How many of its last commands a client remembers, to answer a retry with the first answer. */
export const REMEMBERED_COMMANDS = 500;

/** A client's contact book as of a revision; -1 is the empty book of a client nobody has written to. */
export interface BookAtRevision {
  readonly book: ContactBook;
  readonly revision: Revision;
}

/** What one command appended, as the stream remembers it. */
export interface RememberedCommand {
  /** The revisions of its append's first and last event. */
  readonly firstRevision: Revision;
  readonly revision: Revision;
}

/** Everything that the next decision about a client rests on. */
export interface LoadedBook extends BookAtRevision {
  /** The client's last commands by id, the oldest first. */
  readonly commands: ReadonlyMap<string, RememberedCommand>;
  /** The key of the billing email, where there is one. */
  readonly billingEmailKey: string | null;
}

export const EMPTY_BOOK: LoadedBook = {
  book: initial(),
  revision: -1,
  commands: new Map(),
  billingEmailKey: null,
};

/**
 * Folds what the client's stream holds behind `from`, up to and with `until`. Raises EventStoreUnavailable and
 * UnknownEvent.
 */
export async function loadBook(
  eventStore: EventStore,
  codec: EventCodec,
  client: ClientRef,
  { from = EMPTY_BOOK, until }: { from?: LoadedBook; until?: Revision } = {},
): Promise<LoadedBook> {
  const stored: StoredEvent[] = [];
  for await (const event of eventStore.read(streamNameOf(client), from.revision + 1, until))
    stored.push(event);
  return fold(from, await codec.fromStoredForm(stored));
}

/** The book after an append that this process has just made, without reading it back. */
export function afterAppend(
  before: LoadedBook,
  append: NewAppend,
  _stored: readonly EventToAppend[],
): LoadedBook {
  const first = before.revision + 1;
  return fold(
    before,
    append.events.map((event, index) => ({
      event,
      index,
      revision: first + index,
      commandId: append.commandId,
    })),
  );
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

type Folded = Pick<RecordedEvent, 'event' | 'index' | 'revision' | 'commandId'>;

function fold(from: LoadedBook, events: readonly Folded[]): LoadedBook {
  let { book, revision } = from;
  const commands = new Map(from.commands);
  for (const recorded of events) {
    book = evolve(book, recorded.event);
    revision = recorded.revision;
    remember(commands, recorded);
  }
  return { ...from, book, revision, commands };
}

function remember(commands: Map<string, RememberedCommand>, { commandId, revision, index }: Folded): void {
  commands.delete(commandId);
  commands.set(commandId, { firstRevision: revision - index, revision });
  if (commands.size > REMEMBERED_COMMANDS) commands.delete(commands.keys().next().value!);
}
