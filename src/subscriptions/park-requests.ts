import { randomUUID } from 'node:crypto';
import { type Collection, MongoServerError } from 'mongodb';
import type { Revision } from '../event-log/event-store.js';
import { DURABLE_WRITE } from './durable-write.js';

const DUPLICATE_KEY = 11000;

/**
 * What someone asks of whoever holds a subscriber's lease: `replay` a held-back client, or `drop` the append that
 * can't be handled and replay what comes behind it.
 */
export interface ParkRequest {
  /** No other request's: an answer that comes late is not taken for another one's. */
  readonly id: string;
  readonly subscriber: string;
  readonly stream: string;
  readonly action: 'replay' | 'drop';
  /** The revision from which the client was held back when it was asked: no other append is dropped. */
  readonly from: Revision;
  /** Who asks, and why: it is kept with what was dropped. */
  readonly by: string;
  readonly reason: string;
}

/** What came of a request. */
export interface ParkRequestOutcome {
  /** From where, and why, the client is held back afterwards; null where it is in the flow again. */
  readonly heldBack: { readonly from: Revision; readonly cause: string } | null;
}

export type ParkRequestDocument = ParkRequest & {
  readonly _id: string;
  readonly outcome: ParkRequestOutcome | null;
};

/** A request about that client waits already: there is one at a time. */
export class RequestPending extends Error {
  override readonly name = 'RequestPending';
}

/** One subscriber's requests, as the holder of its lease sees them. */
export interface ParkRequests {
  pending(): Promise<readonly ParkRequest[]>;
  /** Has no effect where it was answered already. */
  answer(request: ParkRequest, outcome: ParkRequestOutcome): Promise<void>;
}

/** The requests in MongoDB, a document each: one at a time for a client. */
export class StoredParkRequests implements ParkRequests {
  constructor(
    private readonly requests: Collection<ParkRequestDocument>,
    private readonly subscriber: string,
  ) {}

  pending(): Promise<readonly ParkRequest[]> {
    return this.requests
      .find({ subscriber: this.subscriber, outcome: null })
      .project<ParkRequest>({ _id: 0, outcome: 0 })
      .sort({ _id: 1 })
      .toArray();
  }

  async answer({ id, stream }: ParkRequest, outcome: ParkRequestOutcome): Promise<void> {
    const asked = { _id: this.idOf(stream), id, outcome: null };
    await this.requests.updateOne(asked, { $set: { outcome } }, DURABLE_WRITE);
  }

  /** Asks for it, in the place of one that has been answered. Raises RequestPending and MongoDB's errors. */
  async ask(request: Omit<ParkRequest, 'id' | 'subscriber'>): Promise<void> {
    const { subscriber } = this;
    const _id = this.idOf(request.stream);
    await this.requests.deleteOne({ _id, outcome: { $ne: null } }, DURABLE_WRITE);
    await this.requests
      .insertOne({ _id, id: randomUUID(), ...request, subscriber, outcome: null }, DURABLE_WRITE)
      .catch((error: unknown) => {
        if (!(error instanceof MongoServerError && error.code === DUPLICATE_KEY)) throw error;
        throw new RequestPending(`a request about ${request.stream} waits for ${subscriber} already`);
      });
  }

  /** What came of the last request about that client; undefined while it waits. */
  async outcomeOf(stream: string): Promise<ParkRequestOutcome | undefined> {
    return (await this.requests.findOne({ _id: this.idOf(stream) }))?.outcome ?? undefined;
  }

  private idOf(stream: string): string {
    return `${this.subscriber}/${stream}`;
  }
}
