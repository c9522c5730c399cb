import { setTimeout as sleep } from 'node:timers/promises';
import type { Collection, Db } from 'mongodb';
import { streamNameOf } from '../event-log/contact-book-stream.js';
import type { EventStore } from '../event-log/event-store.js';
import { isBefore } from '../subscriptions/checkpoint.js';
import { type CheckpointDocument, readCheckpoint } from '../subscriptions/checkpoint-store.js';
import { parkingIn } from '../subscriptions/parking.js';
import { lastOfOurs } from './log-end.js';

/** Tells whether documents stand for all that the log holds. */
export interface Completeness {
  /**
   * Whether what this subscriber keeps shows everything that was in the log when the question came: no client of the
   * workspace is held back, and nothing of one was dropped. It may wait a little for that. Raises
   * EventStoreUnavailable and MongoDB's errors.
   */
  isComplete(subscriber: string, workspaceId: string): Promise<boolean>;
}

/** The injection token of the Completeness. */
export const COMPLETENESS = Symbol('Completeness');

/** Asks the log for its end, and the subscriber's checkpoint whether it has come there. */
export class CompletenessByCheckpoint implements Completeness {
  private readonly checkpoints: Collection<CheckpointDocument>;

  constructor(
    private readonly eventStore: EventStore,
    private readonly database: Db,
    private readonly settings: { readonly waitMs: number; readonly pollMs: number },
  ) {
    this.checkpoints = database.collection('checkpoints');
  }

  async isComplete(subscriber: string, workspaceId: string): Promise<boolean> {
    const until = performance.now() + this.settings.waitMs;
    const before = await readCheckpoint(this.checkpoints, subscriber);
    const end = await lastOfOurs(this.eventStore, before);
    for (let checkpoint = before; ; checkpoint = await readCheckpoint(this.checkpoints, subscriber)) {
      const hasReached = !end || (checkpoint && !isBefore(checkpoint, end));
      if (hasReached) {
        const prefix = streamNameOf({ workspaceId, clientId: '' });
        if ((checkpoint?.heldBack ?? []).some(({ stream }) => stream.startsWith(prefix))) return false;
        // Behind the checkpoint: a skip is written down before the checkpoint that goes past its append.
        return !(await parkingIn(this.database, subscriber).skips.hasAny(prefix));
      }
      if (performance.now() >= until) return false;
      await sleep(this.settings.pollMs);
    }
  }
}
