import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { followed, type FollowedRevisions } from './followed-revisions.js';

/** Reads so many records of a partition, now and then beginning again at an earlier one, until all were read. */
function readWithReturns(revisions: readonly number[], returns: readonly { at: number; to: number }[]) {
  let known: FollowedRevisions | undefined;
  let next = 0;
  for (const { at, to } of [...returns, { at: revisions.length, to: revisions.length }]) {
    const end = Math.max(next, Math.min(at, revisions.length));
    known = followed(known, revisions.slice(next, end));
    next = Math.min(to, end);
  }
  return followed(known, revisions.slice(next));
}

const returns = fc.array(fc.record({ at: fc.nat(40), to: fc.nat(40) }), { maxLength: 6 });

describe('the revisions of a client', () => {
  it('are without a gap from the first one on, however often they are read again', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.integer({ min: 1, max: 40 }), returns, (first, count, again) => {
        const revisions = Array.from({ length: count }, (_, index) => first + index);
        expect(readWithReturns(revisions, again)).toEqual({ revision: first + count - 1, gaps: [] });
      }),
    );
  });

  it('have just the gaps of those that did not come, each told once', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(40), { minLength: 1 }), returns, (came, again) => {
        const revisions = came.toSorted((one, other) => one - other);
        const missing = revisions.slice(1).flatMap((revision, index) => {
          const from = revisions[index]! + 1;
          return from < revision ? [{ from, to: revision - 1 }] : [];
        });
        expect(readWithReturns(revisions, again)).toEqual({ revision: revisions.at(-1), gaps: missing });
      }),
    );
  });

  it('are not known where none came', () => {
    expect(followed(undefined, [])).toBeUndefined();
  });
});
