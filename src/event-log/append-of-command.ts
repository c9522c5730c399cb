import type { ContactBookEvent } from '../contact-book/events.js';
import { type BookAtRevision, EMPTY_BOOK } from './contact-book-log.js';
import type { ClientRef } from './contact-book-stream.js';
import type { EventStore } from './event-store.js';
import { recordedHistory } from './recorded-history.js';
import type { RememberedCommand } from './remembered-commands.js';
import { bookAfter, type EventCodec } from './stored-form.js';

/** An append with the book as it was before, and as it was after. */
export interface AppendAndBook extends BookAtRevision {
  readonly before: BookAtRevision;
  readonly events: readonly ContactBookEvent[];
}

/** What a command appended, folded again: whoever has been erased since is erased in it. Raises as `recordedHistory` does. */
export async function appendOfCommand(
  eventStore: EventStore,
  codec: EventCodec,
  client: ClientRef,
  { firstRevision, revision }: RememberedCommand,
): Promise<AppendAndBook> {
  let { book } = EMPTY_BOOK;
  let before = book;
  const events: ContactBookEvent[] = [];
  for await (const batch of recordedHistory(eventStore, codec, client, { revision })) {
    for (const { event, revision: at } of batch) {
      if (at === firstRevision) before = book;
      if (at >= firstRevision && event.type !== 'Ignored') events.push(event);
      book = bookAfter(book, event);
    }
  }
  return { before: { book: before, revision: firstRevision - 1 }, book, revision, events };
}
