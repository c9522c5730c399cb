import { describe, expect, it } from '@jest/globals';
import { added, bookOf, toggled } from './contact-book.given-when-then.js';
import { ERASED } from './erased.js';
import type { ContactBookEvent } from './events.js';
import { portalAccessOf } from './portal-access.js';

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

  it('under the generation that a withdrawal left, also when access is on again: links made before stay dead', () => {
    expect(accessOf(added('ann'), toggled('ann', false, 2), toggled('ann', true, 2))).toMatchObject({
      maySignIn: true,
      generation: 2,
    });
  });
});
