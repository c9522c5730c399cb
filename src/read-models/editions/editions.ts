import { type Collection, MongoServerError } from 'mongodb';
import { DURABLE_WRITE } from '../../subscriptions/durable-write.js';

const DUPLICATE_KEY = 11000;

/** One build of a read model, in a collection of its own. */
export interface Edition {
  /** Counts the editions of the read model; never given twice. */
  readonly number: number;
  /** The version of the fold that it was built by. */
  readonly version: number;
  /** `building`: a rebuild is at work on it. `kept`: the projectors keep it current. */
  readonly state: 'building' | 'kept';
}

/** The alias of a read model: which of its editions there are, and which of them serves reads. */
export interface Editions {
  readonly _id: string;
  /** Raised by each change: all changes are made by compare-and-set. */
  readonly change: number;
  /** Null until the first edition has been built. */
  readonly serving: number | null;
  /** The one that served before, to which to roll back. */
  readonly former: number | null;
  readonly editions: readonly Edition[];
  /** The highest number that was ever given. */
  readonly lastNumber: number;
}

/** Someone else changed the alias at the same time: look again. */
export class EditionsChanged extends Error {
  override readonly name = 'EditionsChanged';
}

/** The collection of an edition, and the name of the subscriber that keeps it. */
export function editionName(readModel: string, { version, number }: Edition): string {
  return `${readModel}_v${version}_${number}`;
}

/** The aliases of all read models, a document each. */
export class EditionStore {
  constructor(private readonly aliases: Collection<Editions>) {}

  async load(readModel: string): Promise<Editions | undefined> {
    return (await this.aliases.findOne({ _id: readModel })) ?? undefined;
  }

  /** The alias, which gets a first edition of that version where there is none yet. */
  async loadOrBegin(readModel: string, version: number): Promise<Editions> {
    const found = await this.load(readModel);
    if (found) return found;
    const first: Edition = { number: 1, version, state: 'kept' };
    const begun = { change: 0, serving: null, former: null, editions: [first], lastNumber: 1 };
    await this.aliases.insertOne({ _id: readModel, ...begun }, DURABLE_WRITE).catch((error: unknown) => {
      const isThere = error instanceof MongoServerError && error.code === DUPLICATE_KEY;
      if (!isThere) throw error;
    });
    return (await this.load(readModel))!;
  }

  /** Puts the changed alias in the place of the one that it was made from. Raises EditionsChanged. */
  async replace(former: Editions, changes: Partial<Omit<Editions, '_id' | 'change'>>): Promise<Editions> {
    const { _id, change } = former;
    const changed = { ...former, ...changes, change: change + 1 };
    const { matchedCount } = await this.aliases.replaceOne({ _id, change }, changed, DURABLE_WRITE);
    if (matchedCount === 0) throw new EditionsChanged(`the editions of ${_id} were changed by someone else`);
    return changed;
  }
}
