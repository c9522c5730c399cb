import { type Collection, Long } from 'mongodb';
import type { Position } from '../event-log/event-store.js';

interface CheckpointDocument {
  _id: string;
  commit: Long;
  prepare: Long;
}

/** Where each subscriber stands: the position of the last event that it has handled. */
export class CheckpointStore {
  constructor(private readonly checkpoints: Collection<CheckpointDocument>) {}

  /** Where the subscriber stands; undefined before it has handled anything. */
  async load(subscriber: string): Promise<Position | undefined> {
    const found = await this.checkpoints.findOne({ _id: subscriber }, { promoteLongs: false });
    return found ? { commit: found.commit.toBigInt(), prepare: found.prepare.toBigInt() } : undefined;
  }

  async store(subscriber: string, { commit, prepare }: Position): Promise<void> {
    await this.checkpoints.updateOne(
      { _id: subscriber },
      { $set: { commit: Long.fromBigInt(commit), prepare: Long.fromBigInt(prepare) } },
      { upsert: true, writeConcern: { w: 'majority', journal: true } },
    );
  }
}

export type { CheckpointDocument };
