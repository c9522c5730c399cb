import type { LoadedBook } from '../event-log/contact-book-log.js';

/** A book as it was read, or changed, when so many connections to the event store had been lost. */
export interface KnownBook extends LoadedBook {
  readonly lostConnections: number;
}

/**
 * The folded books of the clients that were used last, by stream. Each was true at its revision; whether the
 * stream has gone on since, only the event store knows.
 */
export class BookCache {
  /** The least recently used first. */
  private readonly books = new Map<string, KnownBook>();
  private weight = 0;

  /** `maxWeight` counts contacts, former contacts and remembered commands of all books. */
  constructor(private readonly maxWeight: number) {}

  get(stream: string): KnownBook | undefined {
    const book = this.books.get(stream);
    if (book) {
      this.books.delete(stream);
      this.books.set(stream, book);
    }
    return book;
  }

  set(stream: string, book: KnownBook): void {
    this.delete(stream);
    this.books.set(stream, book);
    this.weight += weightOf(book);
    for (const oldest of this.books.keys()) {
      if (this.weight <= this.maxWeight) return;
      this.delete(oldest);
    }
  }

  delete(stream: string): void {
    const book = this.books.get(stream);
    if (!book) return;
    this.books.delete(stream);
    this.weight -= weightOf(book);
  }
}

function weightOf({ book, commands }: LoadedBook): number {
  return 1 + book.contacts.size + book.formerContacts.size + commands.size;
}
