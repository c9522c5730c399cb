import { type Collection, MongoError } from 'mongodb';
import type { ReadModelDocument } from './read-model.js';

/** A read model's documents in the version that serves reads, whichever that is at the moment. */
export interface Served<View extends object> {
  readonly documents: Collection<ReadModelDocument<View>>;
  readonly version: number;
  /** Who keeps them. */
  readonly subscriber: string;
}

/** The read models can't be asked at the moment; the cause, where there is one, is the error of MongoDB's client. */
export class ReadModelUnavailable extends Error {
  override readonly name = 'ReadModelUnavailable';
}

/** The way to a read model's documents. */
export class ServedDocuments<View extends object> {
  constructor(private readonly served: Served<View>) {}

  /** Asks the documents, and gives what `ask` gives. Raises ReadModelUnavailable. */
  read<Answer>(ask: (served: Served<View>) => Promise<Answer>): Promise<Answer> {
    return answered(ask(this.served));
  }
}

/** What MongoDB answers a read. Whatever its client raises means that it did not: a read has no fault of its own. */
export async function answered<Answer>(read: Promise<Answer>): Promise<Answer> {
  try {
    return await read;
  } catch (error) {
    if (!(error instanceof MongoError)) throw error;
    throw new ReadModelUnavailable('the read models can not be read', { cause: error });
  }
}
