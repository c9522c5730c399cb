import { type Collection, Long, MongoServerError } from 'mongodb';
import { type Checkpoint, type EventIdentity, type HeldBack, isBefore } from './checkpoint.js';
import { DURABLE_WRITE } from './durable-write.js';

const DUPLICATE_KEY = 11000;

export interface CheckpointDocument {
  readonly _id: string;
  /** The fencing token of the one who may write. */
  readonly token: number;
  /** Raised by each write, so that who writes knows that no one else has. */
  readonly version: number;
  readonly commit?: Long;
  readonly prepare?: Long;
  readonly lastEvent?: EventIdentity;
  readonly heldBack?: readonly HeldBack[];
}

/** Someone else has taken the subscriber over: what this one would store is refused. */
export class CheckpointFenced extends Error {
  override readonly name = 'CheckpointFenced';

  constructor(subscriber: string) {
    super(`another holder of the lease writes the checkpoint of ${subscriber}`);
  }
}

/**
 * One subscriber's checkpoint in MongoDB: written by compare-and-set, never backwards, and only by who holds the
 * latest fencing token.
 */
export class StoredCheckpoint {
  private held: { token: number; version: number; checkpoint: Checkpoint | undefined } | undefined;

  constructor(
    private readonly checkpoints: Collection<CheckpointDocument>,
    private readonly subscriber: string,
  ) {}

  /** Shuts out everyone with an older token, and tells where the subscriber stands. Raises CheckpointFenced. */
  async takeOver(token: number): Promise<Checkpoint | undefined> {
    const found = await this.checkpoints
      .findOneAndUpdate(
        { _id: this.subscriber, token: { $lte: token } },
        { $set: { token }, $inc: { version: 1 } },
        { upsert: true, returnDocument: 'after', promoteLongs: false, ...DURABLE_WRITE },
      )
      .catch((error: unknown) => {
        // Guarded by its token, the document did not match: there is one, with a later token.
        if (error instanceof MongoServerError && error.code === DUPLICATE_KEY)
          throw new CheckpointFenced(this.subscriber);
        throw error;
      });
    const checkpoint = found!.commit && checkpointOf(found!);
    this.held = { token, version: found!.version, checkpoint };
    return checkpoint;
  }

  /** Raises CheckpointFenced, and a RangeError for a step backwards. After any error it must be taken over again. */
  async store(checkpoint: Checkpoint): Promise<void> {
    const { held } = this;
    if (!held) throw new Error('the checkpoint must be taken over before one is stored');
    if (held.checkpoint && isBefore(checkpoint, held.checkpoint))
      throw new RangeError(`the checkpoint of ${this.subscriber} would go backwards`);
    this.held = undefined;
    const { token, version } = held;
    const { matchedCount } = await this.checkpoints.updateOne(
      { _id: this.subscriber, token, version },
      { $set: { version: version + 1, ...fieldsOf(checkpoint) } },
      DURABLE_WRITE,
    );
    if (matchedCount === 0) throw new CheckpointFenced(this.subscriber);
    this.held = { token, version: version + 1, checkpoint };
  }

  /** Raises CheckpointFenced where the checkpoint is not the one that was stored last: it was restored, or someone else's. */
  async requireUnchanged(): Promise<void> {
    const { token, version } = this.held ?? {};
    const found = await this.checkpoints.findOne({ _id: this.subscriber });
    if (!found || found.token !== token || found.version !== version)
      throw new CheckpointFenced(this.subscriber);
  }
}

/** Where the subscriber stands, as anyone may ask; undefined before it has handled anything. */
export async function readCheckpoint(
  checkpoints: Collection<CheckpointDocument>,
  subscriber: string,
): Promise<Checkpoint | undefined> {
  const found = await checkpoints.findOne({ _id: subscriber }, { promoteLongs: false });
  return found?.commit && checkpointOf(found);
}

function fieldsOf({ commit, prepare, lastEvent, heldBack = [] }: Checkpoint) {
  return {
    commit: Long.fromBigInt(commit),
    prepare: Long.fromBigInt(prepare),
    ...(lastEvent && { lastEvent }),
    heldBack,
  };
}

function checkpointOf({ commit, prepare, lastEvent, heldBack }: CheckpointDocument): Checkpoint {
  return {
    commit: commit!.toBigInt(),
    prepare: prepare!.toBigInt(),
    ...(lastEvent && { lastEvent }),
    ...(heldBack && heldBack.length > 0 && { heldBack }),
  };
}
