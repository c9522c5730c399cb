import { type ContactBook, evolve, initial } from '../contact-book/contact-book.js';
import { type ClientRef, streamNameOf } from './contact-book-stream.js';
import type { EventStore, Revision } from './event-store.js';
import { fromStoredForm, type RecordedEvent } from './stored-form.js';

/** How many of its last commands a client remembers, to answer a retry with the first answer. */
export const REMEMBERED_COMMANDS = 500;

/** A client's contact book as of a revision; -1 is the empty book of a client nobody has written to. */
export interface BookAtRevision {
  readonly book: ContactBook;
  readonly revision: Revision;
}

/** What one command appended, as the stream remembers it. */
export interface RememberedCommand {
  /** The revision of its append's last event. */
  readonly revision: Revision;
  readonly fingerprint: string;
}

/** Everything that the next decision about a client rests on. */
export interface LoadedBook extends BookAtRevision {
  /** The client's last commands by id, the oldest first. */
  readonly commands: ReadonlyMap<string, RememberedCommand>;
}

export const EMPTY_BOOK: LoadedBook = { book: initial(), revision: -1, commands: new Map() };

/**
 * Folds what the client's stream holds behind `from`, up to and with `until`. Raises EventStoreUnavailable and
 * UnknownEvent.
 */
export async function loadBook(
  eventStore: EventStore,
  client: ClientRef,
  { from = EMPTY_BOOK, until }: { from?: LoadedBook; until?: Revision } = {},
): Promise<LoadedBook> {
  let { book, revision } = from;
  const commands = new Map(from.commands);
  for await (const stored of eventStore.read(streamNameOf(client), revision + 1, until)) {
    const recorded = fromStoredForm(stored);
    book = evolve(book, recorded.event);
    revision = recorded.revision;
    remember(commands, recorded);
  }
  return { book, revision, commands };
}

function remember(commands: Map<string, RememberedCommand>, recorded: RecordedEvent): void {
  const { causationId, revision, fingerprint } = recorded;
  commands.delete(causationId);
  commands.set(causationId, { revision, fingerprint });
  if (commands.size > REMEMBERED_COMMANDS) commands.delete(commands.keys().next().value!);
}
