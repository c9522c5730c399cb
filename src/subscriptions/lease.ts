import type { Collection } from 'mongodb';
import { DURABLE_WRITE } from './durable-write.js';

export interface LeaseDocument {
  /** The subscriber whose lease it is. */
  readonly _id: string;
  readonly holder: string;
  /** Raised with each new holder; each checkpoint is written under it. */
  readonly token: number;
  /** Raised by the holder at short intervals: who sees it stand still for a time to live takes over. */
  readonly beat: number;
  readonly released: boolean;
  /** What the holder says of itself. */
  readonly status?: object;
}

/** The lease is someone else's, or could not be renewed in time. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';

  constructor(subscriber: string) {
    super(`the lease of ${subscriber} is lost`);
  }
}

/** What a subscriber asks of its lease. */
export type HeldLease = Pick<Lease, 'token' | 'lost' | 'isHeld' | 'renew' | 'release'>;

/** How many times a holder shows itself in one time to live. */
export const BEATS_PER_LIFE = 5;

/**
 * Held by the one replica that runs a subscriber, as long as it renews it. That it is lost is known before another
 * one can have taken it: by this process's own monotonic clock, from when the last renewal was sent.
 */
export class Lease {
  private readonly ended = new AbortController();
  private readonly beating: NodeJS.Timeout;
  private renewing: Promise<void> | undefined;

  constructor(
    readonly subscriber: string,
    /** The fencing token. */
    readonly token: number,
    private readonly leases: Collection<LeaseDocument>,
    private readonly ttlMs: number,
    private readonly status: () => object,
    private confirmedAt: number,
  ) {
    this.beating = setInterval(() => this.beat(), ttlMs / BEATS_PER_LIFE);
    this.beating.unref();
  }

  /** Aborted once the lease is lost. */
  get lost(): AbortSignal {
    return this.ended.signal;
  }

  /** Whether it is certain that no one else holds it. */
  get isHeld(): boolean {
    if (!this.ended.signal.aborted && performance.now() - this.confirmedAt >= this.ttlMs) this.end();
    return !this.ended.signal.aborted;
  }

  /** Shows that the holder is alive, and what it says of itself. Raises LeaseLost and MongoDB's errors. */
  renew(): Promise<void> {
    this.renewing ??= this.sendBeat().finally(() => (this.renewing = undefined));
    return this.renewing;
  }

  /** Gives it back: whoever waits for it may take it at once. Raises MongoDB's errors; it then runs out by itself. */
  async release(): Promise<void> {
    await this.renewing?.catch(() => {});
    this.end();
    const { subscriber: _id, token } = this;
    const status = this.status();
    await this.leases.updateOne({ _id, token }, { $set: { released: true, status } }, DURABLE_WRITE);
  }

  private beat(): void {
    // A renewal that fails is tried again with the next beat, until the time is over.
    if (this.isHeld) this.renew().catch(() => {});
  }

  private async sendBeat(): Promise<void> {
    if (!this.isHeld) throw new LeaseLost(this.subscriber);
    const { subscriber: _id, token } = this;
    const sentAt = performance.now();
    const { matchedCount } = await this.leases.updateOne(
      { _id, token, released: false },
      { $inc: { beat: 1 }, $set: { status: this.status() } },
      DURABLE_WRITE,
    );
    if (matchedCount === 0) this.end();
    else this.confirmedAt = sentAt;
    if (!this.isHeld) throw new LeaseLost(this.subscriber);
  }

  private end(): void {
    clearInterval(this.beating);
    this.ended.abort();
  }
}
