import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { EMPTY_BOOK, loadBehind, loadBook, type LoadedBook } from './contact-book-log.js';
import { type ClientRef, snapshotStreamOf } from './contact-book-stream.js';
import type { EventStore, Revision } from './event-store.js';
import { type DataKeys, KeyStoreUnavailable } from './personal-data/data-keys.js';
import { openedSnapshot, sealedSnapshot } from './snapshot-form.js';
import type { EventCodec } from './stored-form.js';

const SNAPSHOT = 'ContactBookSnapshot';
/** How many are written at a time; one that is due beyond that waits for the next occasion. */
const MAX_WRITING = 4;

/**
 * Folded books in streams of their own beside the log, so that what it costs to load a book does not grow with its
 * history. Never a source of truth: a snapshot that is not there, or not this log's, or no good, costs time alone.
 */
export class BookSnapshots {
  private readonly writing = new Set<string>();

  /** `interval`: a snapshot is due each time that a book passes so many revisions; 0: never. */
  constructor(
    private readonly eventStore: EventStore,
    private readonly codec: EventCodec,
    private readonly keys: DataKeys,
    private readonly interval: number,
    private readonly log: Pick<Logger, 'warn'>,
  ) {}

  /** The client's book at the end of its stream: from its snapshot on, where there is a good one. Raises as `loadBook` does. */
  async load(client: ClientRef): Promise<LoadedBook> {
    const snapshot = await this.latest(client);
    const later = snapshot && (await loadBehind(snapshot, this.eventStore, this.codec, client));
    const loaded = later ?? (await loadBook(this.eventStore, this.codec, client));
    this.keepUp(client, later ? snapshot.revision : EMPTY_BOOK.revision, loaded);
    return loaded;
  }

  /** Stores the book, without being waited for, where a snapshot has become due since the revision before. */
  keepUp(client: ClientRef, before: Revision, book: LoadedBook): void {
    const due = (revision: Revision) => Math.floor((revision + 1) / this.interval);
    const stream = snapshotStreamOf(client);
    if (this.interval === 0 || due(book.revision) <= due(before)) return;
    if (this.writing.size >= MAX_WRITING || this.writing.has(stream)) return;
    this.writing.add(stream);
    void this.store(client, book)
      .catch((error: unknown) => this.warn(error, 'a snapshot was not stored'))
      .finally(() => this.writing.delete(stream));
  }

  /** Stores the book as the client's snapshot. Raises as appends and keys do; then there is the former one, or none. */
  async store(client: ClientRef, book: LoadedBook): Promise<void> {
    const stream = snapshotStreamOf(client);
    const last = await this.eventStore.readLast(stream);
    if (!last) await this.eventStore.keepLast(stream, 1);
    const id = randomUUID();
    const data = await sealedSnapshot(book, client, id, this.keys);
    await this.eventStore.append(stream, last?.revision ?? -1, [{ id, type: SNAPSHOT, data, metadata: {} }]);
  }

  private async latest(client: ClientRef): Promise<LoadedBook | undefined> {
    const last = await this.eventStore.readLast(snapshotStreamOf(client));
    if (last?.type !== SNAPSHOT) return undefined;
    try {
      return await openedSnapshot(last, client, this.keys);
    } catch (error) {
      if (error instanceof KeyStoreUnavailable) throw error;
      this.warn(error, 'a snapshot can not be used');
      return undefined;
    }
  }

  /** By name only: a message may quote what it is about. */
  private warn(error: unknown, message: string): void {
    this.log.warn({ cause: (error as Error).name }, message);
  }
}
