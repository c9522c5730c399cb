import type { Collection } from 'mongodb';
import type { Revision } from '../event-log/event-store.js';
import { DURABLE_WRITE } from './durable-write.js';

/** Why a client is held back. What is held back is not in it: the client's stream itself is the queue. */
export interface ParkedClient {
  readonly subscriber: string;
  readonly stream: string;
  /** The first revision that could not be handled: an append's first one. */
  readonly from: Revision;
  /** The name of the error, and what it says where that holds no personal data. */
  readonly cause: string;
  readonly reason?: string;
  /** The version of the program that could not. */
  readonly build: string;
  readonly failedAt: Date;
}

export type ParkedClientDocument = ParkedClient & { readonly _id: string };

/** One subscriber's parked clients. */
export interface ParkedClients {
  /** Writes the entry, in the place of a former one of that client. Raises MongoDB's errors. */
  put(entry: Omit<ParkedClient, 'subscriber'>): Promise<void>;
  /** Unless it is of a later revision: whoever has held the client back again by then put it there. */
  remove(stream: string, until: Revision): Promise<void>;
  all(): Promise<readonly ParkedClient[]>;
}

/** The entries in MongoDB, a document each. */
export class StoredParkedClients implements ParkedClients {
  constructor(
    private readonly entries: Collection<ParkedClientDocument>,
    private readonly subscriber: string,
  ) {}

  async put(entry: Omit<ParkedClient, 'subscriber'>): Promise<void> {
    const { subscriber } = this;
    const _id = `${subscriber}/${entry.stream}`;
    await this.entries.replaceOne({ _id }, { ...entry, subscriber }, { upsert: true, ...DURABLE_WRITE });
  }

  async remove(stream: string, until: Revision): Promise<void> {
    const _id = `${this.subscriber}/${stream}`;
    await this.entries.deleteOne({ _id, from: { $lte: until } }, DURABLE_WRITE);
  }

  all(): Promise<readonly ParkedClient[]> {
    return this.entries
      .find({ subscriber: this.subscriber })
      .project<ParkedClient>({ _id: 0 })
      .sort({ _id: 1 })
      .toArray();
  }
}
