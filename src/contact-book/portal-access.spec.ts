import { describe, expect, it } from '@jest/globals';
import { added, bookOf, removed, toggled } from './contact-book.given-when-then.js';
import { ERASED } from './erased.js';
import type { ContactBookEvent } from './events.js';
import { isAccessAlive, portalAccessOf } from './portal-access.js';

const accessOf = (...events: ContactBookEvent[]) => portalAccessOf(bookOf(events).contacts.get('ann')!);

describe('who may sign in to the portal', () => {
  it('a contact whose access is on, by the normalised address', () => {
    expect(accessOf(added('ann', { email: 'Ann@Bücher.example' }))).toEqual({
      contactId: 'ann',
      email: 'ann@xn--bcher-kva.example',
      maySignIn: true,
      generation: 1,
    });
  });

  it('not one whose access is off', () => {
    expect(accessOf(added('ann'), toggled('ann', false, 2))).toMatchObject({
      maySignIn: false,
      generation: 2,
    });
  });

  it('not one whose address is erased', () => {
    expect(accessOf(added('ann', { email: ERASED }))).toMatchObject({ maySignIn: false, email: null });
  });
});

describe('a link that was made under generation 1', () => {
  const alive = (...later: ContactBookEvent[]) => isAccessAlive(bookOf([added('ann'), ...later]), 'ann', 1);

  it('is alive until something withdraws it', () => {
    expect(alive()).toBe(true);
  });

  it('is dead once access was turned off, and stays so when it is turned on again', () => {
    expect(alive(toggled('ann', false, 2))).toBe(false);
    expect(alive(toggled('ann', false, 2), toggled('ann', true, 2))).toBe(false);
  });

  it('is dead once the contact is removed or erased', () => {
    expect(alive(removed('ann'))).toBe(false);
    expect(alive({ type: 'ContactErased', data: { contactId: 'ann' } })).toBe(false);
  });

  it('is dead when the contact is not known', () => {
    expect(isAccessAlive(bookOf([added('bob')]), 'ann', 1)).toBe(false);
  });

  it('is dead when access was never on', () => {
    expect(isAccessAlive(bookOf([added('ann', { portalEnabled: false })]), 'ann', 1)).toBe(false);
  });
});
