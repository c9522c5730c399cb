import type { Collection, Db, IndexDescription } from 'mongodb';
import type { ContactBook } from '../contact-book/contact-book.js';
import { type BookAtRevision, EMPTY_BOOK } from '../event-log/contact-book-log.js';
import { clientKey, type ClientRef } from '../event-log/contact-book-stream.js';
import type { Revision } from '../event-log/event-store.js';
import { bookAfter, type RecordedEvent } from '../event-log/stored-form.js';
import { type BookDocument, bookOfDocument, documentOfBook } from './book-document.js';

/** What a read model is: its collection, and what it adds to the book for those who query it. Pure. */
export interface ReadModel<View extends object> {
  readonly name: string;
  /** Raised whenever `view` gives another result for the same book: the collection carries it. */
  readonly version: number;
  readonly indexes: readonly IndexDescription[];
  view(book: ContactBook): View;
}

/** One document a client, never deleted, with the revision that it has seen. */
export interface ReadModelDocument {
  readonly _id: string;
  readonly workspaceId: string;
  readonly clientId: string;
  readonly revision: Revision;
  /** When the event store recorded the last event that the document has seen. */
  readonly recordedAt: Date;
  readonly book: BookDocument;
  readonly view: object;
}

export function collectionName({ name, version }: ReadModel<object>): string {
  return `${name}_v${version}`;
}

/** Where the read model's documents are. */
export function documentsOf(database: Db, readModel: ReadModel<object>): Collection<ReadModelDocument> {
  return database.collection(collectionName(readModel));
}

/** The stream holds events that the document's revision says should be there, and they did not come. */
export class RevisionGap extends Error {
  override readonly name = 'RevisionGap';
}

/**
 * The document after the events of its client, which come in order; those it has seen have no effect.
 * Returns the very same document when it had seen all. Raises RevisionGap.
 */
export function project(
  readModel: ReadModel<object>,
  client: ClientRef,
  document: ReadModelDocument | undefined,
  events: readonly RecordedEvent[],
): ReadModelDocument | undefined {
  const seen = document?.revision ?? EMPTY_BOOK.revision;
  const unseen = events.filter(({ revision }) => revision > seen);
  const last = unseen.at(-1);
  if (!last) return document;
  let current: BookAtRevision = {
    book: document ? bookOfDocument(document.book) : EMPTY_BOOK.book,
    revision: seen,
  };
  for (const { event, revision } of unseen) {
    if (revision !== current.revision + 1) {
      throw new RevisionGap(`revision ${revision} of ${clientKey(client)} came behind ${current.revision}`);
    }
    current = { book: bookAfter(current.book, event), revision };
  }
  return {
    _id: clientKey(client),
    workspaceId: client.workspaceId,
    clientId: client.clientId,
    revision: last.revision,
    recordedAt: last.recordedAt,
    book: documentOfBook(current.book),
    view: readModel.view(current.book),
  };
}
