import type { LogMark, Position, StoredEvent } from '../event-log/event-store.js';
import { endsAppend } from '../event-log/stored-metadata.js';

/** What has arrived since the last time, in its order. */
export interface Arrival {
  /** Whole appends. */
  readonly events: readonly StoredEvent[];
  /** A position up to which the log holds nothing further that concerns the reader. */
  readonly checkpoint?: Position;
}

/**
 * Reads ahead of the handler, up to a bound, and hands out what has arrived in batches of whole appends.
 * Bounds are soft: an append larger than the bound is read, and handed out, whole.
 */
export class ArrivedEvents {
  private readonly waiting: StoredEvent[] = [];
  /** How many of the waiting events belong to whole appends. */
  private whole = 0;
  /** Behind all that is waiting. */
  private checkpoint: Position | undefined;
  private caughtUp = false;
  private nudged = false;
  private ended = false;
  private failure: { error: unknown } | undefined;
  private wakeReader = () => {};
  private wakeTaker = () => {};

  constructor(private readonly readAhead: number) {}

  /** How many events wait to be taken. */
  get count(): number {
    return this.waiting.length;
  }

  /** The first of them. */
  get first(): StoredEvent | undefined {
    return this.waiting[0];
  }

  /** Whether the source has come to the log's end, and all that came before was taken. */
  get isLive(): boolean {
    return this.caughtUp && this.waiting.length === 0;
  }

  /** Whether the source has fallen behind the log's end, or not reached it yet. */
  get isBehind(): boolean {
    return !this.caughtUp;
  }

  /** Reads the source to its end, holding back while enough is waiting. Never rejects: a failure reaches `take`. */
  async readFrom(source: AsyncIterable<StoredEvent | LogMark>): Promise<void> {
    try {
      for await (const item of source) {
        if ('mark' in item) this.note(item);
        else this.add(item);
        while (this.whole > 0 && this.waiting.length >= this.readAhead && !this.ended) {
          await new Promise<void>((resolve) => (this.wakeReader = resolve));
        }
      }
    } catch (error) {
      this.failure ??= { error };
    }
    this.end();
  }

  /**
   * What has arrived: whole appends of at most about `max` events; or none, but a checkpoint, the log's end, or a
   * nudge. Waits for any of these. Undefined once the source has ended; raises its failure after what came before.
   */
  async take(max: number): Promise<Arrival | undefined> {
    while (this.whole === 0 && !this.checkpoint && !this.nudged) {
      if (this.failure) throw this.failure.error;
      if (this.ended) return undefined;
      await new Promise<void>((resolve) => (this.wakeTaker = resolve));
    }
    this.nudged = false;
    const events = this.whole > 0 ? this.waiting.splice(0, this.lengthOfWholeAppends(max)) : [];
    this.whole -= events.length;
    this.wakeReader();
    const { checkpoint } = this;
    if (!checkpoint || this.waiting.length > 0) return { events };
    this.checkpoint = undefined;
    return { events, checkpoint };
  }

  /** Lets one `take` return, although nothing has arrived. */
  nudge(): void {
    this.nudged = true;
    this.wakeTaker();
  }

  /** Ends the reading with this error. */
  fail(error: unknown): void {
    this.failure ??= { error };
    this.end();
  }

  /** Lets the reader and the taker go. */
  end(): void {
    this.ended = true;
    this.wakeReader();
    this.wakeTaker();
  }

  private add(event: StoredEvent): void {
    this.waiting.push(event);
    this.checkpoint = undefined;
    if (!endsAppend(event)) return;
    this.whole = this.waiting.length;
    this.wakeTaker();
  }

  private note(item: LogMark): void {
    // Inside an append it is no place to go on from.
    if (item.mark === 'checkpoint' && this.whole === this.waiting.length) this.checkpoint = item.position;
    if (item.mark === 'caught_up') this.caughtUp = true;
    if (item.mark === 'fell_behind') this.caughtUp = false;
    this.nudge();
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
