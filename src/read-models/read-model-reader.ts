import { setTimeout as sleep } from 'node:timers/promises';
import type { Collection } from 'mongodb';
import { type BookAtRevision, EMPTY_BOOK, loadBook } from '../event-log/contact-book-log.js';
import { clientKey, type ClientRef } from '../event-log/contact-book-stream.js';
import type { EventStore, Revision } from '../event-log/event-store.js';
import { bookOfDocument } from './book-document.js';
import type { EventCodec } from '../event-log/stored-form.js';
import type { ReadModel, ReadModelDocument } from './read-model.js';

export interface ReadSettings {
  /** How long a read waits for the projection to reach the revision that was asked for. */
  readonly waitMs: number;
  readonly pollMs: number;
}

/** The injection token of the ReadSettings. */
export const READ_SETTINGS = Symbol('ReadSettings');

/** What a read of one client gives: the view, the revision it is of, and whether it was folded from the log itself. */
export type ReadOfClient<View> = BookAtRevision & {
  readonly view: View;
  readonly source: 'read_model' | 'log';
};

/** Reads one client's document, at a revision the caller has seen or later: a caller reads their own writes. */
export class ReadModelReader<View extends object> {
  constructor(
    private readonly readModel: ReadModel<View>,
    private readonly documents: Collection<ReadModelDocument>,
    private readonly eventStore: EventStore,
    private readonly codec: EventCodec,
    private readonly settings: ReadSettings,
  ) {}

  /** Raises MongoDB's errors, and EventStoreUnavailable where the log must be read. */
  async read(client: ClientRef, minRevision: Revision = EMPTY_BOOK.revision): Promise<ReadOfClient<View>> {
    const until = performance.now() + this.settings.waitMs;
    for (;;) {
      const current = await this.readDocument(client);
      if (current.revision >= minRevision) return current;
      if (performance.now() >= until) break;
      await sleep(this.settings.pollMs);
    }
    const current = await loadBook(this.eventStore, this.codec, client);
    return { ...current, view: this.readModel.view(current.book), source: 'log' };
  }

  private async readDocument(client: ClientRef): Promise<ReadOfClient<View>> {
    const document = await this.documents.findOne({ _id: clientKey(client) });
    if (!document) return { ...EMPTY_BOOK, view: this.readModel.view(EMPTY_BOOK.book), source: 'read_model' };
    return {
      book: bookOfDocument(document.book),
      revision: document.revision,
      view: document.view as View,
      source: 'read_model',
    };
  }
}
