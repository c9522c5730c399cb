import type { IndexDescription } from 'mongodb';
import type { ContactBook } from '../contact-book/contact-book.js';
import { EMPTY_BOOK } from '../event-log/contact-book-log.js';
import { clientKey, type ClientRef } from '../event-log/contact-book-stream.js';
import type { Revision } from '../event-log/event-store.js';
import { bookAfter, type RecordedEvent } from '../event-log/stored-form.js';
import { type BookDocument, bookOfDocument, documentOfBook } from './book-document.js';
import type { SkippedAppend } from '../subscriptions/batch-handler.js';
import { RevisionGap } from '../subscriptions/revision-gap.js';

/** One append of a client, with the book before it and after it. Nobody sees the book in its middle. */
export interface FoldedAppend {
  readonly events: readonly RecordedEvent[];
  readonly before: ContactBook;
  readonly after: ContactBook;
}

/** What a read model is: its name, and what it adds to the book for those who query it. Pure. */
export interface ReadModel<View extends object> {
  readonly name: string;
  /** Raised whenever `fold` gives another result for the same log: the collection carries it. */
  readonly version: number;
  readonly indexes: readonly IndexDescription[];
  /** The view of a client whom nobody has written to. */
  readonly initial: View;
  /** The view after the appends, of which there is at least one; `view` is the one before them. */
  fold(view: View, appends: readonly FoldedAppend[]): View;
}

/** One document a client, never deleted, with the revision that it has seen. */
export interface ReadModelDocument<View extends object = object> {
  readonly _id: string;
  readonly workspaceId: string;
  readonly clientId: string;
  readonly revision: Revision;
  /** When the event store recorded the last event that the document has seen. */
  readonly recordedAt: Date;
  readonly book: BookDocument;
  readonly view: View;
  /** The appends that someone has decided to go on without, as if they were not in the log. */
  readonly skipped?: readonly SkippedRevisions[];
}

/** The revisions of an append that is skipped, and when the event store recorded it. */
export type SkippedRevisions = Pick<SkippedAppend, 'from' | 'to' | 'recordedAt'>;

/**
 * The document after an append that has no effect but that its client goes on behind it; the very same one when it has
 * seen the append. Raises RevisionGap.
 */
export function passOver<View extends object>(
  readModel: ReadModel<View>,
  document: ReadModelDocument<View> | undefined,
  { client, from, to, recordedAt }: SkippedRevisions & { readonly client: ClientRef },
): ReadModelDocument<View> {
  const seen = document?.revision ?? EMPTY_BOOK.revision;
  if (document && seen >= to) return document;
  if (seen !== from - 1)
    throw new RevisionGap(`revision ${from} of ${clientKey(client)} came behind ${seen}`);
  return {
    _id: clientKey(client),
    workspaceId: client.workspaceId,
    clientId: client.clientId,
    revision: to,
    recordedAt,
    book: document?.book ?? documentOfBook(EMPTY_BOOK.book),
    view: document?.view ?? readModel.initial,
    skipped: [...(document?.skipped ?? []), { from, to, recordedAt }],
  };
}

/**
 * The document after whole appends of its client, which come in order; those it has seen have no effect.
 * Returns the very same document when it had seen all. Raises RevisionGap, and RangeError where an append is not whole.
 */
export function project<View extends object>(
  readModel: ReadModel<View>,
  client: ClientRef,
  document: ReadModelDocument<View> | undefined,
  events: readonly RecordedEvent[],
): ReadModelDocument<View> | undefined {
  const seen = document?.revision ?? EMPTY_BOOK.revision;
  const unseen = events.filter(({ revision }) => revision > seen);
  const last = unseen.at(-1);
  if (!last) return document;
  unseen.forEach(({ revision }, index) => {
    const behind = seen + index;
    if (revision === behind + 1) return;
    throw new RevisionGap(`revision ${revision} of ${clientKey(client)} came behind ${behind}`);
  });
  const appends = [...foldedAppends(document ? bookOfDocument(document.book) : EMPTY_BOOK.book, unseen)];
  return {
    _id: clientKey(client),
    workspaceId: client.workspaceId,
    clientId: client.clientId,
    revision: last.revision,
    recordedAt: last.recordedAt,
    book: documentOfBook(appends.at(-1)!.after),
    view: readModel.fold(document?.view ?? readModel.initial, appends),
    ...(document?.skipped && { skipped: document.skipped }),
  };
}

function* foldedAppends(book: ContactBook, events: readonly RecordedEvent[]): Iterable<FoldedAppend> {
  let before = book;
  let append: RecordedEvent[] = [];
  for (const event of events) {
    append.push(event);
    if (!event.isLastOfAppend) continue;
    const after = append.reduce((folded, { event }) => bookAfter(folded, event), before);
    yield { events: append, before, after };
    before = after;
    append = [];
  }
  if (append.length > 0) throw new RangeError('only whole appends can be folded');
}
