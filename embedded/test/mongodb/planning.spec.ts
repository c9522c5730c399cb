import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encode } from '../../src/mongodb/bson/codec.js';
import type { Document } from '../../src/mongodb/bson/types.js';
import { Deadline } from '../../src/mongodb/deadline.js';
import { execute } from '../../src/mongodb/query/execute.js';
import { compileSort } from '../../src/mongodb/query/sort.js';
import { Collection } from '../../src/mongodb/storage/collection.js';

const noDeadline = new Deadline(undefined);

const number = fc.integer({ min: 0, max: 4 });
const scalar = fc.oneof(
  { weight: 4, arbitrary: number },
  { weight: 1, arbitrary: fc.constantFrom('a', 'b', null, true, 2.5, undefined) },
);
const embedded = fc.record({ b: scalar, c: scalar }, { requiredKeys: [] });
const value = fc.oneof(
  scalar,
  embedded,
  fc.array(scalar, { maxLength: 3 }),
  fc.array(fc.oneof({ weight: 3, arbitrary: embedded }, scalar), { maxLength: 3 }),
);
const document = fc.record({ a: value, d: scalar }, { requiredKeys: ['a'] });

const operand = fc.oneof(
  { weight: 4, arbitrary: number },
  { weight: 1, arbitrary: fc.constantFrom('a', null, true, 2.5) },
);
const condition = fc.oneof(
  operand,
  fc.record({ $in: fc.array(operand, { maxLength: 3 }) }),
  fc.record({ $gt: operand, $lt: operand }),
  fc.record({ $gte: operand }),
  fc.record({ $ne: operand }),
  fc.record({ $exists: fc.boolean() }),
);
const path = fc.constantFrom('a', 'a.b', 'a.c', 'd');
const conditions = (names: string[], most: number) =>
  fc.dictionary(fc.constantFrom(...names), condition, { minKeys: 1, maxKeys: most });
const filter: fc.Arbitrary<Document> = fc.oneof(
  fc.dictionary(path, condition, { maxKeys: 3 }),
  fc.record({ 'a.b': number, 'a.c': number }),
  fc.record({ a: fc.record({ $gt: number, $lt: number }) }),
  fc.record({ a: fc.record({ $gt: number }) }),
  fc.record({ a: fc.record({ $elemMatch: conditions(['b', 'c'], 2) }) }),
  fc.record({ $or: fc.array(conditions(['a', 'a.b', 'd'], 2), { minLength: 1, maxLength: 2 }) }),
);
const direction = fc.constantFrom(1, -1);
const sort = fc.oneof(
  fc.record({ a: direction }),
  fc.record({ 'a.b': direction }),
  fc.record({ d: direction, 'a.b': direction }),
  fc.record({ 'a.b': direction, d: direction }),
);
const keys = fc.subarray<Document>(
  [{ a: 1 }, { 'a.b': -1 }, { 'a.b': 1, 'a.c': 1 }, { d: 1, 'a.b': 1 }, { 'a.b': 1, d: -1 }],
  { minLength: 1 },
);

function stripUndefined(document: Document): Document {
  return JSON.parse(JSON.stringify(document)) as Document;
}

function collectionOf(
  documents: readonly Document[],
  indexes: readonly Document[],
  sparse: boolean,
): Collection {
  const collection = new Collection('t.c', new Uint8Array(16));
  for (const [i, key] of indexes.entries())
    collection.addIndex({ v: 2, key, name: `index${i}`, ...(sparse && { sparse }) });
  for (const [i, content] of documents.entries()) {
    const stored = { _id: i, ...stripUndefined(content) };
    collection.insert(encode(stored), stored);
  }
  return collection;
}

const ids = (collection: Collection, query: Parameters<typeof execute>[1]) =>
  Array.from(execute(collection, query, noDeadline).matches, ({ document: { _id } }) => Number(String(_id)));

describe('a planned query', () => {
  it('finds what looking at every document finds, whatever the indexes', () => {
    fc.assert(
      fc.property(
        fc.array(document, { maxLength: 12 }),
        keys,
        fc.boolean(),
        filter,
        (documents, indexes, sparse, wanted) => {
          const collection = collectionOf(documents, indexes, sparse);
          const byScan = ids(collection, { filter: wanted, hint: { $natural: 1 } });
          expect(ids(collection, { filter: wanted }).toSorted((a, b) => a - b)).toEqual(byScan);
          for (const [i] of indexes.entries()) {
            if (sparse) continue;
            const byHint = ids(collection, { filter: wanted, hint: `index${i}` });
            expect(byHint.toSorted((a, b) => a - b)).toEqual(byScan);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('sorts as sorting every document does, but among equals', () => {
    fc.assert(
      fc.property(
        fc.array(document, { maxLength: 10 }),
        keys,
        filter,
        sort,
        (documents, indexes, wanted, order) => {
          const collection = collectionOf(documents, indexes, false);
          const scan = { filter: wanted, sort: order, hint: { $natural: 1 } };
          const all = ids(collection, scan);
          for (const hint of [undefined, ...indexes.map((_, i) => `index${i}`)]) {
            const planned = ids(collection, { filter: wanted, sort: order, hint });
            expect([...planned].toSorted((a, b) => a - b)).toEqual([...all].toSorted((a, b) => a - b));
            expect(sortKeys(collection, planned, order)).toEqual(sortKeys(collection, all, order));
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('stays so while documents change', () => {
    const change = fc.record({ at: fc.nat(9), to: fc.option(document, { nil: undefined }) });
    fc.assert(
      fc.property(
        fc.array(document, { minLength: 1, maxLength: 10 }),
        fc.array(change, { maxLength: 10 }),
        keys,
        filter,
        (documents, changes, indexes, wanted) => {
          const collection = collectionOf(documents, indexes, false);
          for (const { at, to } of changes) {
            const stored = collection.byId(at);
            if (!stored) continue;
            const next = to && { _id: at, ...stripUndefined(to) };
            if (next) collection.replace(stored, encode(next), next);
            else collection.remove(stored);
          }
          const byScan = ids(collection, { filter: wanted, hint: { $natural: 1 } });
          expect(ids(collection, { filter: wanted }).toSorted((a, b) => a - b)).toEqual(byScan);
        },
      ),
      { numRuns: 500 },
    );
  });
});

/** The sort keys in the order of the documents, for orders that differ only among equals. */
function sortKeys(collection: Collection, order: readonly number[], by: Document): unknown[] {
  return order.map((id) => {
    const [match] = execute(collection, { filter: { _id: id } }, noDeadline).matches;
    return JSON.stringify(compileSort(by)!.keyOf(match!.document), (_key, v: unknown) =>
      v === undefined ? 'undefined' : v,
    );
  });
}
