import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type FormerContact, FormerContacts } from './former-contacts.js';

describe('former contacts', () => {
  it('each know their own, whatever follows on them, and whatever else follows on the same', () => {
    const step = fc.record({ on: fc.nat(20), id: fc.nat(12).map((n) => `c${n}`), generation: fc.nat(9) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const known: [FormerContacts, ReadonlyMap<string, FormerContact>][] = [
          [FormerContacts.of([]), new Map()],
        ];
        for (const { on, id: contactId, generation } of steps) {
          const [formerContacts, expected] = known[on % known.length]!;
          const one = { contactId, generation };
          known.push([formerContacts.with(one), new Map(expected).set(contactId, one)]);
        }
        for (const [formerContacts, expected] of known) {
          expect([...formerContacts]).toEqual([...expected.values()]);
          expect(formerContacts.size).toBe(expected.size);
          for (const { id } of steps) {
            expect(formerContacts.get(id)).toEqual(expected.get(id));
            expect(formerContacts.has(id)).toBe(expected.has(id));
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
