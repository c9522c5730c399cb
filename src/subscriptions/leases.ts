import { setTimeout as sleep } from 'node:timers/promises';
import { type Collection, MongoServerError } from 'mongodb';
import { DURABLE_WRITE } from './durable-write.js';
import { Lease, type LeaseDocument } from './lease.js';

const DUPLICATE_KEY = 11000;
/** How many times in one time to live a candidate looks. */
const LOOKS_PER_LIFE = 10;

export interface LeaseSettings {
  /** How long a holder that shows no sign of life is left alone, in milliseconds. */
  readonly ttlMs: number;
}

interface Observation {
  readonly token: number;
  readonly beat: number;
  /** On this process's monotonic clock. */
  readonly at: number;
}

/**
 * The leases of all subscribers, a MongoDB document each, as one replica sees them. Nothing compares the clocks of
 * two machines: a candidate takes over what it has itself seen unchanged for one time to live.
 */
export class Leases {
  constructor(
    private readonly leases: Collection<LeaseDocument>,
    /** Who this is: unique among all processes that ever run. */
    readonly holder: string,
    private readonly settings: LeaseSettings,
  ) {}

  /**
   * Waits until the subscriber's lease is to be had, and takes it. `status` is what the holder says of itself with
   * each beat. Undefined once the signal has ended the wait. Calls `unanswered` with MongoDB's errors, and goes on.
   */
  async acquire(
    subscriber: string,
    signal: AbortSignal,
    status: () => object = () => ({}),
    unanswered: (error: unknown) => void = () => {},
  ): Promise<Lease | undefined> {
    let seen: Observation | undefined;
    while (!signal.aborted) {
      try {
        const lookedAt = performance.now();
        const found = await this.leases.findOne({ _id: subscriber });
        if (!found || this.isToBeHad(found, seen, lookedAt)) {
          const lease = await this.take(subscriber, found, status);
          if (lease) return lease;
        } else if (seen?.token !== found.token || seen.beat !== found.beat) {
          seen = { token: found.token, beat: found.beat, at: performance.now() };
        }
      } catch (error) {
        unanswered(error);
      }
      await sleep(this.settings.ttlMs / LOOKS_PER_LIFE, undefined, { signal, ref: false }).catch(() => {});
    }
    return undefined;
  }

  /** What every subscriber's last holder said of itself. */
  all(): Promise<LeaseDocument[]> {
    return this.leases.find().sort({ _id: 1 }).toArray();
  }

  private isToBeHad(found: LeaseDocument, seen: Observation | undefined, lookedAt: number): boolean {
    // Its own, where the answer to its taking was lost, or its renewal failed for too long.
    if (found.released || found.holder === this.holder) return true;
    const isUnchanged = seen?.token === found.token && seen.beat === found.beat;
    return isUnchanged && lookedAt - seen.at >= this.settings.ttlMs;
  }

  /** Undefined where another one was faster. */
  private async take(
    _id: string,
    found: LeaseDocument | null,
    status: () => object,
  ): Promise<Lease | undefined> {
    const sentAt = performance.now();
    const token = (found?.token ?? 0) + 1;
    const taken = { holder: this.holder, token, beat: 0, released: false, status: status() };
    if (found) {
      const former = { _id, token: found.token, beat: found.beat };
      const { matchedCount } = await this.leases.updateOne(former, { $set: taken }, DURABLE_WRITE);
      if (matchedCount === 0) return undefined;
    } else {
      try {
        await this.leases.insertOne({ _id, ...taken }, DURABLE_WRITE);
      } catch (error) {
        if (error instanceof MongoServerError && error.code === DUPLICATE_KEY) return undefined;
        throw error;
      }
    }
    return new Lease(_id, token, this.leases, this.settings.ttlMs, status, sentAt);
  }
}
