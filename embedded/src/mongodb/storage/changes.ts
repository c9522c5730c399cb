import { serialize } from 'bson';
import { decode, own } from '../bson/codec.js';
import type { Document } from '../bson/types.js';
import type { IndexSpecification } from './collection-index.js';

/** What a write does to the data, as the journal keeps it. Namespaces are `database.collection`. */
export type Change =
  | { change: 'createCollection'; namespace: string; uuid: Uint8Array }
  | { change: 'dropCollection'; namespace: string }
  | { change: 'createIndex'; namespace: string; index: IndexSpecification }
  | { change: 'dropIndex'; namespace: string; name: string }
  | { change: 'put'; namespace: string; documents: readonly Uint8Array[] }
  | { change: 'remove'; namespace: string; id: unknown }
  | { change: 'remember'; session: string; transaction: string; documents: readonly Uint8Array[] };

/** A record is a run of BSON documents: each change, followed by the documents that it carries. */
export function encodeChanges(changes: readonly Change[]): Buffer {
  return Buffer.concat(
    changes.flatMap((change) => {
      if (!('documents' in change)) return [serialize(change, { ignoreUndefined: false })];
      const { documents, ...rest } = change;
      return [serialize({ ...rest, count: documents.length }), ...documents];
    }),
  );
}

/** The changes of a record; the documents are copies that do not hold on to it. */
export function* decodeChanges(record: Buffer): Generator<Change> {
  let offset = 0;
  const next = (): Buffer => record.subarray(offset, (offset += record.readInt32LE(offset)));
  while (offset < record.length) {
    const { count, uuid, ...change } = decode(next()) as Document & {
      count?: { value: number };
      uuid?: { value(): Uint8Array };
    };
    const documents = count && Array.from({ length: count.value }, () => own(next()));
    yield {
      ...change,
      ...(documents && { documents }),
      ...(uuid && { uuid: uuid.value() }),
    } as unknown as Change;
  }
}
