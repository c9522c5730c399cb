import type { Collection } from 'mongodb';
import type { MongodbDataKeys } from '../event-log/personal-data/mongodb-data-keys.js';
import type { RecordedEvent } from '../event-log/stored-form.js';
import type { BatchHandler } from '../subscriptions/batch-handler.js';
import type { Checkpoint } from '../subscriptions/checkpoint.js';
import { type CheckpointDocument, StoredCheckpoint } from '../subscriptions/checkpoint-store.js';

/** The name of the subscriber that destroys keys. */
export const KEY_DESTRUCTION = 'key_destruction';

/** How often it is looked whether the key store is still the one that was written to, in milliseconds. */
const LOOK_INTERVAL_MS = 30_000;

/**
 * Destroys the keys that each erasure names. Its checkpoint stands in the key store itself: where that is restored from
 * a backup, the checkpoint of then comes back with the keys, and what was destroyed since is destroyed again.
 */
export class KeyDestruction implements BatchHandler {
  private readonly checkpoint: StoredCheckpoint;
  readonly heartbeat;

  constructor(
    private readonly keys: Pick<MongodbDataKeys, 'destroy'>,
    /** In the database of the keys. */
    checkpoints: Collection<CheckpointDocument>,
    lookIntervalMs = LOOK_INTERVAL_MS,
  ) {
    this.checkpoint = new StoredCheckpoint(checkpoints, KEY_DESTRUCTION);
    this.heartbeat = { intervalMs: lookIntervalMs, beat: () => this.checkpoint.requireUnchanged() };
  }

  /** Raises CheckpointFenced and MongoDB's errors. */
  position(fencingToken: number): Promise<Checkpoint | undefined> {
    return this.checkpoint.takeOver(fencingToken);
  }

  /** Raises KeyStoreUnavailable, CheckpointFenced and MongoDB's errors; some of the keys may be destroyed then. */
  async handle(batch: readonly RecordedEvent[], checkpoint: Checkpoint): Promise<void> {
    const named = new Set(batch.flatMap(({ erasedKeys = [] }) => erasedKeys));
    if (named.size > 0) await this.keys.destroy([...named]);
    await this.checkpoint.store(checkpoint);
  }
}
