import type { StoredEvent } from '../event-log/event-store.js';
import { endsAppend } from '../event-log/stored-metadata.js';

/**
 * Reads ahead of the handler, up to a bound, and hands out what has arrived in batches of whole appends.
 * Bounds are soft: an append larger than the bound is read, and handed out, whole.
 */
export class ArrivedEvents {
  private readonly waiting: StoredEvent[] = [];
  /** How many of the waiting events belong to whole appends. */
  private whole = 0;
  private ended = false;
  private failure: { error: unknown } | undefined;
  private wakeReader = () => {};
  private wakeTaker = () => {};

  constructor(private readonly readAhead: number) {}

  /** Reads the source to its end, holding back while enough is waiting. Never rejects: a failure reaches `take`. */
  async readFrom(source: AsyncIterable<StoredEvent>): Promise<void> {
    try {
      for await (const event of source) {
        this.waiting.push(event);
        if (endsAppend(event)) {
          this.whole = this.waiting.length;
          this.wakeTaker();
        }
        while (this.whole > 0 && this.waiting.length >= this.readAhead && !this.ended) {
          await new Promise<void>((resolve) => (this.wakeReader = resolve));
        }
      }
    } catch (error) {
      this.failure = { error };
    }
    this.end();
  }

  /**
   * The next batch: at least one whole append, at most about `max` events, waiting until there is one.
   * Undefined once the source has ended. Raises the source's failure after what arrived before it.
   */
  async take(max: number): Promise<StoredEvent[] | undefined> {
    while (this.whole === 0) {
      if (this.failure) throw this.failure.error;
      if (this.ended) return undefined;
      await new Promise<void>((resolve) => (this.wakeTaker = resolve));
    }
    const batch = this.waiting.splice(0, this.lengthOfWholeAppends(max));
    this.whole -= batch.length;
    this.wakeReader();
    return batch;
  }

  /** Lets the reader and the taker go. */
  end(): void {
    this.ended = true;
    this.wakeReader();
    this.wakeTaker();
  }

  private lengthOfWholeAppends(max: number): number {
    let length = Math.min(max, this.whole);
    const endsThere = (count: number) => endsAppend(this.waiting[count - 1]!);
    while (length > 0 && !endsThere(length)) length -= 1;
    if (length === 0) {
      length = 1;
      while (!endsThere(length)) length += 1;
    }
    return length;
  }
}
