import { describe, expect, it } from '@jest/globals';
import { added, changed, erased, pastOf, removed } from './contact-book.given-when-then.js';
import { ERASED } from './erased.js';
import { isAddressOf, othersWithAddressOf } from './known-past.js';

const moved = (contactId: string, before: string, after: string) =>
  changed(contactId, { email: { before, after } }, 2);

describe('the past of a book', () => {
  it('knows each address that someone ever had, however it is typed, after their removal too', () => {
    const past = pastOf([
      added('ann'),
      moved('ann', 'ann@client.example', 'a@other.example'),
      removed('ann'),
    ]);
    for (const address of ['ANN@client.example', 'a@OTHER.example'])
      expect(isAddressOf('ann', address, past)).toBe(true);
    for (const address of ['b@other.example', ERASED, null])
      expect(isAddressOf('ann', address, past)).toBe(false);
    expect(isAddressOf('bob', 'ann@client.example', past)).toBe(false);
  });

  it('tells who else has, or had, one of these addresses', () => {
    const past = pastOf([
      added('ann'),
      moved('ann', 'ann@client.example', 'a@other.example'),
      added('second', { email: 'ann@client.example' }),
      removed('second'),
      added('third', { email: 'A@other.example' }),
      added('bob'),
    ]);
    expect(othersWithAddressOf('ann', past)).toEqual(['second', 'third']);
    expect(othersWithAddressOf('bob', past)).toEqual([]);
    expect(othersWithAddressOf('nobody', past)).toEqual([]);
  });

  it('keeps nothing of who was erased but that they were', () => {
    const past = pastOf([added('ann'), added('second', { email: ERASED }), erased('ann')]);
    expect(past.addresses).toEqual(new Map());
    expect(past.erased).toEqual(new Set(['ann']));
  });
});
