import type { Collection } from 'mongodb';
import type { EventStore, Revision } from '../event-log/event-store.js';
import { DURABLE_WRITE } from './durable-write.js';

/** An append of a client that a subscriber goes on without: who decided it, why, and when. */
export interface Skip {
  readonly subscriber: string;
  readonly stream: string;
  readonly from: Revision;
  readonly to: Revision;
  readonly by: string;
  readonly reason: string;
  readonly decidedAt: Date;
}

export type SkipDocument = Skip & { readonly _id: string };

/** What one subscriber skips. */
export interface Skips {
  /** Writes it down; a second time has no effect. Raises MongoDB's errors. */
  put(skip: Omit<Skip, 'subscriber'>): Promise<void>;
  of(stream: string): Promise<readonly Skip[]>;
}

/** The skips in MongoDB, a document each. */
export class StoredSkips implements Skips {
  constructor(
    private readonly skips: Collection<SkipDocument>,
    private readonly subscriber: string,
  ) {}

  async put(skip: Omit<Skip, 'subscriber'>): Promise<void> {
    const { subscriber } = this;
    const _id = `${this.idOf(skip.stream)}@${skip.from}`;
    const written = { $setOnInsert: { ...skip, subscriber } };
    await this.skips.updateOne({ _id }, written, { upsert: true, ...DURABLE_WRITE });
  }

  /** Whether any stream whose name begins so has an append that is skipped. Raises MongoDB's errors. */
  async hasAny(streamPrefix: string): Promise<boolean> {
    const begin = this.idOf(streamPrefix);
    const found = await this.skips.findOne({ _id: { $gte: begin, $lt: `${begin}\uffff` } });
    return found !== null;
  }

  of(stream: string): Promise<readonly Skip[]> {
    const { subscriber } = this;
    return this.skips.find({ subscriber, stream }).project<Skip>({ _id: 0 }).sort({ from: 1 }).toArray();
  }

  private idOf(stream: string): string {
    return `${this.subscriber}/${stream}`;
  }
}

/** The streams as if the skipped appends, all of one stream, were not in it. */
export function withoutSkipped(
  eventStore: Pick<EventStore, 'read'>,
  skips: readonly Pick<Skip, 'from' | 'to'>[],
): Pick<EventStore, 'read'> {
  if (skips.length === 0) return eventStore;
  return {
    async *read(...range) {
      for await (const event of eventStore.read(...range))
        if (!skips.some(({ from, to }) => from <= event.revision && event.revision <= to)) yield event;
    },
  };
}

/** The last revision up to that one that is not skipped; -1 where there is none. */
export function lastUnskipped(revision: Revision, skips: readonly Pick<Skip, 'from' | 'to'>[]): Revision {
  const skip = skips.find(({ from, to }) => from <= revision && revision <= to);
  return skip ? lastUnskipped(skip.from - 1, skips) : revision;
}
