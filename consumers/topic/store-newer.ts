import { type AnyBulkWriteOperation, type Collection, MongoBulkWriteError } from 'mongodb';
import { DURABLE } from './durable.js';

/** What is stored of a record: by its key, as of a revision. */
export interface Revised {
  readonly _id: string;
  readonly revision: number;
}

const DUPLICATE_KEY = 11_000;

/**
 * Stores each document unless one of the same id and the same or a later revision is there: so a record that comes
 * again, late, or to two members of a group has its effect once. Whole documents, so nothing of a former one stays.
 * Raises the driver's errors; what was stored then may be stored again.
 */
export async function storeNewer<T extends Revised>(
  collection: Collection<T>,
  documents: readonly T[],
): Promise<void> {
  const newest = new Map<string, T>();
  for (const document of documents) {
    if (document.revision > (newest.get(document._id)?.revision ?? -1)) newest.set(document._id, document);
  }
  if (newest.size === 0) return;
  const refused = await write(collection, [...newest.values()], true);
  // Each was there already, or was inserted by another member just now: in either case it can be replaced from here on.
  if (refused.length > 0) await write(collection, refused, false);
}

/** The documents whose insertion was refused, as their ids are there. */
async function write<T extends Revised>(
  collection: Collection<T>,
  documents: readonly T[],
  upsert: boolean,
): Promise<T[]> {
  const operations = documents.map((document) => ({
    replaceOne: {
      filter: { _id: document._id, revision: { $lt: document.revision } },
      replacement: document,
      upsert,
    },
  }));
  try {
    await collection.bulkWrite(operations as unknown as AnyBulkWriteOperation<T>[], {
      ...DURABLE,
      ordered: false,
    });
    return [];
  } catch (error) {
    return refusedBy(error).map((index) => documents[index]!);
  }
}

/** Which operations of an unordered bulk were refused, all as duplicates of a key. Raises the error if it is another one. */
export function refusedBy(error: unknown): number[] {
  if (!(error instanceof MongoBulkWriteError)) throw error;
  const errors = [error.writeErrors].flat();
  if (errors.length === 0 || errors.some(({ code }) => code !== DUPLICATE_KEY)) throw error;
  return errors.map(({ index }) => index);
}
