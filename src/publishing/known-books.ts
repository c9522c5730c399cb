import type { ContactBook } from '../contact-book/contact-book.js';
import { EMPTY_BOOK, loadBook, type BookAtRevision } from '../event-log/contact-book-log.js';
import { clientKey, type ClientRef, streamNameOf } from '../event-log/contact-book-stream.js';
import type { EventStore, Revision } from '../event-log/event-store.js';
import type { EventCodec } from '../event-log/stored-form.js';
import { lastUnskipped, type Skips, withoutSkipped } from '../subscriptions/skips.js';
import { RevisionGap } from '../subscriptions/revision-gap.js';

/** Contacts and former contacts of all books, about: some tens of megabytes. */
const MAX_WEIGHT = 100_000;

const NO_SKIPS = { of: () => Promise.resolve([]) };

/**
 * The books of the clients that were published last, each as of the last revision that was published. A book that
 * isn't there, or is as of another revision, is folded from the client's stream up to exactly the one asked for:
 * never to the stream's end, which may be far ahead.
 */
export class KnownBooks {
  /** By client, the least recently used first. */
  private readonly books = new Map<string, BookAtRevision>();
  private weight = 0;

  constructor(
    private readonly eventStore: EventStore,
    private readonly codec: EventCodec,
    /** The appends that the publication goes on without: they are not folded either. */
    private readonly skips: Pick<Skips, 'of'> = NO_SKIPS,
    private readonly maxWeight = MAX_WEIGHT,
  ) {}

  /**
   * The client's book as of a revision, -1 being the one of nobody's contacts; with the revision of the last event in
   * it, which is -1 too where all before was skipped. Raises RevisionGap where the stream does not reach it, and as
   * `loadBook` does.
   */
  async asOf(client: ClientRef, revision: Revision): Promise<BookAtRevision> {
    if (revision === EMPTY_BOOK.revision) return EMPTY_BOOK;
    const known = this.books.get(clientKey(client));
    if (known?.revision === revision) return known;
    const skips = await this.skips.of(streamNameOf(client));
    const log = withoutSkipped(this.eventStore, skips);
    const loaded = await loadBook(log, this.codec, client, { until: revision });
    if (loaded.revision !== lastUnskipped(revision, skips)) {
      throw new RevisionGap(
        `the stream of ${clientKey(client)} ends at ${loaded.revision}, before ${revision}`,
      );
    }
    return loaded;
  }

  /** Remembers what the client's book is as of a revision, in the place of what was known before. */
  remember(client: ClientRef, { book, revision }: BookAtRevision): void {
    const key = clientKey(client);
    this.remove(key);
    this.books.set(key, { book, revision });
    this.weight += weightOf(book);
    for (const oldest of this.books.keys()) {
      if (this.weight <= this.maxWeight) return;
      this.remove(oldest);
    }
  }

  /** Has the client's book folded anew when it is asked for next: it may hold what is skipped from now on. */
  forget(client: ClientRef): void {
    this.remove(clientKey(client));
  }

  private remove(key: string): void {
    const known = this.books.get(key);
    if (!known) return;
    this.books.delete(key);
    this.weight -= weightOf(known.book);
  }
}

function weightOf({ contacts, formerContacts }: ContactBook): number {
  return 1 + contacts.size + formerContacts.size;
}
