import { setTimeout as sleep } from 'node:timers/promises';
import { type Collection, type Db, MongoError } from 'mongodb';
import { editionName, type EditionStore } from './editions/editions.js';
import type { ReadModel, ReadModelDocument } from './read-model.js';

/** For how long a process goes by its last look at the alias: so long after a cut-over it may read the old edition. */
export const LOOK_LIFE_MS = 500;
/** An answer that took longer since its look is not given; an edition is dropped only when none can be under way. */
export const ANSWER_LIFE_MS = 10_000;
/** How long the first read of a process waits for an edition to serve. */
const FIRST_WAIT_MS = 1_000;

/** A read model's documents in the edition that serves reads at the moment. */
export interface Served<View extends object> {
  readonly documents: Collection<ReadModelDocument<View>>;
  readonly version: number;
  /** Who keeps them. */
  readonly subscriber: string;
}

/** The read models can't be asked at the moment; the cause, where there is one, is the error of MongoDB's client. */
export class ReadModelUnavailable extends Error {
  override readonly name: string = 'ReadModelUnavailable';
}

/** No edition serves yet, or one of a version that this build doesn't know: what it reads would be a guess. */
export class NoEditionServes extends ReadModelUnavailable {
  override readonly name = 'NoEditionServes';
}

/** The way to a read model's documents: through the alias, so that a cut-over needs no restart. */
export class ServedDocuments<View extends object> {
  private look: { readonly served: Served<View>; readonly at: number } | undefined;
  private hasWaited = false;

  constructor(
    private readonly database: Db,
    private readonly editions: Pick<EditionStore, 'load'>,
    /** In each version that this build can read. */
    private readonly versions: readonly ReadModel<View>[],
  ) {}

  /** Asks the documents, and gives what `ask` gives. Raises ReadModelUnavailable and NoEditionServes. */
  async read<Answer>(ask: (served: Served<View>) => Promise<Answer>): Promise<Answer> {
    return answered(async () => {
      const { served, at } = await this.current();
      const answer = await ask(served);
      if (performance.now() - at < ANSWER_LIFE_MS) return answer;
      throw new ReadModelUnavailable('the edition that was read may be gone by now');
    });
  }

  private async current(): Promise<{ served: Served<View>; at: number }> {
    if (this.look && performance.now() - this.look.at < LOOK_LIFE_MS) return this.look;
    const until = performance.now() + FIRST_WAIT_MS;
    for (;;) {
      const at = performance.now();
      const served = await this.serving();
      if (served) return (this.look = { served, at });
      if (this.hasWaited || performance.now() >= until) break;
      await sleep(20);
    }
    this.hasWaited = true;
    throw new NoEditionServes(`no edition of ${this.versions[0]!.name} serves that this build can read`);
  }

  private async serving(): Promise<Served<View> | undefined> {
    const { name } = this.versions[0]!;
    const alias = await this.editions.load(name);
    const edition = alias?.editions.find(({ number }) => number === alias.serving);
    if (!edition || !this.versions.some(({ version }) => version === edition.version)) return undefined;
    const subscriber = editionName(name, edition);
    return { documents: this.database.collection(subscriber), version: edition.version, subscriber };
  }
}

/** What MongoDB answers a read. Whatever its client raises means that it did not: a read has no fault of its own. */
async function answered<Answer>(read: () => Promise<Answer>): Promise<Answer> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof MongoError)) throw error;
    throw new ReadModelUnavailable('the read models can not be read', { cause: error });
  }
}
