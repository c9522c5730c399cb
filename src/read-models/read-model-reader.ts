import { setTimeout as sleep } from 'node:timers/promises';
import { type Collection, MongoError } from 'mongodb';
import { type BookAtRevision, EMPTY_BOOK, loadBook } from '../event-log/contact-book-log.js';
import { clientKey, type ClientRef } from '../event-log/contact-book-stream.js';
import type { EventStore, Revision } from '../event-log/event-store.js';
import { bookOfDocument } from './book-document.js';
import type { EventCodec } from '../event-log/stored-form.js';
import type { ReadModel, ReadModelDocument } from './read-model.js';

const MAX_POLL_MS = 100;

export interface ReadSettings {
  /** How long a read waits for the projection to reach the revision that was asked for. */
  readonly waitMs: number;
  /** The first pause between two looks at it; each further one is twice as long, up to 100 ms. */
  readonly pollMs: number;
}

/** What a read of one client gives: the view, the revision it is of, and whether it was folded from the log itself. */
export type ReadOfClient<View> = BookAtRevision & {
  readonly view: View;
  readonly source: 'read_model' | 'log';
};

/** The server that holds the read models did not answer a read; the cause is its client's error. */
export class ReadModelUnavailable extends Error {
  override readonly name = 'ReadModelUnavailable';
}

/** Reads one client's document, at a revision the caller has seen or later: a caller reads their own writes. */
export class ReadModelReader<View extends object> {
  constructor(
    private readonly readModel: ReadModel<View>,
    private readonly documents: Collection<ReadModelDocument>,
    private readonly eventStore: EventStore,
    private readonly codec: EventCodec,
    private readonly settings: ReadSettings,
  ) {}

  /** Raises ReadModelUnavailable; and EventStoreUnavailable and KeyStoreUnavailable where the log must be read. */
  async read(client: ClientRef, minRevision: Revision = EMPTY_BOOK.revision): Promise<ReadOfClient<View>> {
    if (await answered(this.hasReached(clientKey(client), minRevision))) {
      const current = await answered(this.readDocument(clientKey(client)));
      // Less than it just had is what a fail-over may show.
      if (current.revision >= minRevision) return current;
    }
    const current = await loadBook(this.eventStore, this.codec, client);
    return { ...current, view: this.readModel.view(current.book), source: 'log' };
  }

  /** Waits until the document has seen the revision; false when it still has not at the end of the wait. */
  private async hasReached(_id: string, minRevision: Revision): Promise<boolean> {
    if (minRevision <= EMPTY_BOOK.revision) return true;
    const until = performance.now() + this.settings.waitMs;
    for (let pause = this.settings.pollMs; ; pause = Math.min(pause * 2, MAX_POLL_MS)) {
      const seen = await this.documents.findOne({ _id }, { projection: { revision: 1 } });
      if (seen && seen.revision >= minRevision) return true;
      if (performance.now() >= until) return false;
      await sleep(pause);
    }
  }

  private async readDocument(_id: string): Promise<ReadOfClient<View>> {
    const document = await this.documents.findOne({ _id });
    if (!document) return { ...EMPTY_BOOK, view: this.readModel.view(EMPTY_BOOK.book), source: 'read_model' };
    return {
      book: bookOfDocument(document.book),
      revision: document.revision,
      view: document.view as View,
      source: 'read_model',
    };
  }
}

/** What MongoDB answers a read. Whatever its client raises means that it did not: a read has no fault of its own. */
async function answered<Answer>(read: Promise<Answer>): Promise<Answer> {
  try {
    return await read;
  } catch (error) {
    if (!(error instanceof MongoError)) throw error;
    throw new ReadModelUnavailable('the read models can not be read', { cause: error });
  }
}
