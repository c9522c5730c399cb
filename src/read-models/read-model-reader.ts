import type { Collection } from 'mongodb';
import { type BookAtRevision, EMPTY_BOOK } from '../event-log/contact-book-log.js';
import { clientKey, type ClientRef } from '../event-log/contact-book-stream.js';
import type { EventStore, Revision } from '../event-log/event-store.js';
import { type AsOf, recordedHistory } from '../event-log/recorded-history.js';
import type { EventCodec } from '../event-log/stored-form.js';
import { bookOfDocument } from './book-document.js';
import type { HeldBackClients } from './held-back.js';
import { project, type ReadModel, type ReadModelDocument } from './read-model.js';
import { NoEditionServes, type ServedDocuments } from './served-documents.js';
import type { WrittenDocuments } from './written-documents.js';

const MAX_POLL_MS = 100;

export interface ReadSettings {
  /** How long a read waits for the projection to reach the revision that was asked for. */
  readonly waitMs: number;
  /**
   * The first pause between two looks at it; each further one is twice as long, up to 100 ms or the first. A projector
   * of the same process ends it.
   */
  readonly pollMs: number;
}

/** What a read of one client gives: the view, the revision it is of, and whether it was folded from the log itself. */
export type ReadOfClient<View> = BookAtRevision & {
  readonly view: View;
  readonly source: 'read_model' | 'log';
  /** Whether the read model holds the client back: it could not handle one of the client's events. */
  readonly heldBack?: true;
};

/** Which state of a client is read: the current one, at `minRevision` or later, or one in the past. */
export type PointOfRead = { readonly minRevision?: Revision | undefined } | AsOf;

/** Reads one client's document, at a revision the caller has seen or later: a caller reads their own writes. */
export class ReadModelReader<View extends object> {
  constructor(
    private readonly readModel: ReadModel<View>,
    private readonly served: ServedDocuments<View>,
    private readonly eventStore: EventStore,
    private readonly codec: EventCodec,
    private readonly heldBackClients: Pick<HeldBackClients, 'holds'>,
    private readonly written: WrittenDocuments,
    private readonly settings: ReadSettings,
  ) {}

  /** Raises ReadModelUnavailable; and as `recordedHistory` does where the log must be read, as for a past state. */
  async read(client: ClientRef, point: PointOfRead = {}): Promise<ReadOfClient<View>> {
    if ('revision' in point || 'moment' in point)
      return this.answer(await this.foldLog(client, point), 'log');
    const { minRevision = EMPTY_BOOK.revision } = point;
    const current = await this.readDocument(client, minRevision);
    if (current === 'held back') return { ...this.answer(await this.foldLog(client), 'log'), heldBack: true };
    if (current) return this.answer(current.document, 'read_model');
    return this.answer(await this.foldLog(client), 'log');
  }

  /** Undefined where the documents can't show that revision, or none serve. One that stands still is not waited for. */
  private async readDocument(
    client: ClientRef,
    minRevision: Revision,
  ): Promise<{ document: ReadModelDocument<View> | null } | 'held back' | undefined> {
    const reading = this.served.read(async ({ documents, subscriber }) => {
      if (await this.heldBackClients.holds(subscriber, client)) return 'held back' as const;
      if (!(await this.hasReached(documents, clientKey(client), minRevision))) return undefined;
      const document = await documents.findOne({ _id: clientKey(client) });
      // Less than it just had is what a fail-over may show.
      return (document?.revision ?? EMPTY_BOOK.revision) >= minRevision ? { document } : undefined;
    });
    return reading.catch((error: unknown) => {
      if (error instanceof NoEditionServes) return undefined;
      throw error;
    });
  }

  /** Waits until the document has seen the revision; false when it still has not at the end of the wait. */
  private async hasReached(
    documents: Collection<ReadModelDocument<View>>,
    _id: string,
    minRevision: Revision,
  ): Promise<boolean> {
    if (minRevision <= EMPTY_BOOK.revision) return true;
    const { waitMs, pollMs } = this.settings;
    const until = performance.now() + waitMs;
    const watch = this.written.watch(documents.collectionName, _id);
    try {
      for (let pause = pollMs; ; pause = Math.min(pause * 2, Math.max(pollMs, MAX_POLL_MS))) {
        const seen = await documents.findOne({ _id }, { projection: { revision: 1 } });
        if (seen && seen.revision >= minRevision) return true;
        if (performance.now() >= until) return false;
        await watch.nextWrite(pause);
      }
    } finally {
      watch.close();
    }
  }

  private async foldLog(client: ClientRef, asOf?: AsOf): Promise<ReadModelDocument<View> | undefined> {
    let document: ReadModelDocument<View> | undefined;
    for await (const events of recordedHistory(this.eventStore, this.codec, client, asOf))
      document = project(this.readModel, client, document, events);
    return document;
  }

  private answer(
    document: ReadModelDocument<View> | null | undefined,
    source: ReadOfClient<View>['source'],
  ): ReadOfClient<View> {
    if (!document) {
      const { book, revision } = EMPTY_BOOK;
      return { book, revision, view: this.readModel.initial, source };
    }
    const { book, revision, view } = document;
    return { book: bookOfDocument(book), revision, view, source };
  }
}
