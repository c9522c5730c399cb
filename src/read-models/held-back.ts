import type { Collection } from 'mongodb';
import { type ClientRef, ID_PATTERN, streamNameOf } from '../event-log/contact-book-stream.js';
import { type CheckpointDocument, readCheckpoint } from '../subscriptions/checkpoint-store.js';

/** Tells which documents stand still while those of other clients go on. */
export interface HeldBackClients {
  /**
   * The clients of a workspace whose events this subscriber could not handle and holds back, by id: what is shown of
   * them is of an earlier revision. To be asked before the documents are read: then none is missing that was held back
   * when they were. Raises MongoDB's errors.
   */
  of(subscriber: string, workspaceId: string): Promise<readonly string[]>;
  /** Whether this one is among them; to be asked before the document is read. Raises MongoDB's errors. */
  holds(subscriber: string, client: ClientRef): Promise<boolean>;
}

/** The injection token of the HeldBackClients. */
export const HELD_BACK_CLIENTS = Symbol('HeldBackClients');

/** Asks the subscriber's checkpoint, which names them. */
export class HeldBackByCheckpoint implements HeldBackClients {
  constructor(private readonly checkpoints: Collection<CheckpointDocument>) {}

  async of(subscriber: string, workspaceId: string): Promise<readonly string[]> {
    const { heldBack = [] } = (await readCheckpoint(this.checkpoints, subscriber)) ?? {};
    const prefix = streamNameOf({ workspaceId, clientId: '' });
    // A stream that someone else has named may be held back too; it is no client's.
    return heldBack
      .filter(({ stream }) => stream.startsWith(prefix))
      .map(({ stream }) => stream.slice(prefix.length))
      .filter((clientId) => ID_PATTERN.test(clientId))
      .toSorted();
  }

  async holds(subscriber: string, client: ClientRef): Promise<boolean> {
    const held = { _id: subscriber, 'heldBack.stream': streamNameOf(client) };
    return (await this.checkpoints.findOne(held, { projection: { _id: 1 } })) !== null;
  }
}
