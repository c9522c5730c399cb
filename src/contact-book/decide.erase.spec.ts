import { describe, expect, it } from '@jest/globals';
import type { EraseContact } from './commands.js';
import {
  added,
  billingDefaultChanged,
  billingEmailChanged,
  bookOf,
  changed,
  erased,
  given,
  PORTAL_CLOSED,
  primaryChanged,
  removed,
  toggled,
  USUAL_RULES,
} from './contact-book.given-when-then.js';
import { decide } from './decide.js';
import { ERASED } from './erased.js';

const erase = (contactId: string): EraseContact => ({ type: 'EraseContact', contactId, reason: 'requested' });
const emailChanged = (before: string, after: string) => changed('ann', { email: { before, after } }, 2);

describe('erasing a contact (row 22)', () => {
  it('says that it was done, and why by a code', () => {
    given([added('ann'), added('bob')])
      .when({ ...erase('ann'), reason: 'consent_withdrawn' })
      .then([{ type: 'ContactErased', data: { contactId: 'ann', reason: 'consent_withdrawn' } }]);
  });

  it('vacates both flags in the same append, and promotes nobody', () => {
    given([added('ann'), added('bob'), primaryChanged(null, 'ann'), billingDefaultChanged(null, 'ann')])
      .when(erase('ann'))
      .then([primaryChanged('ann', null), billingDefaultChanged('ann', null), erased('ann')]);
  });

  it('leaves alone the flags of others', () => {
    given([added('ann'), added('bob'), primaryChanged(null, 'bob'), billingDefaultChanged(null, 'ann')])
      .when(erase('ann'))
      .then([billingDefaultChanged('ann', null), erased('ann')]);
  });

  it('is done to the only contact, and to one whose portal access is off', () => {
    given([added('ann'), toggled('ann', false, 2)])
      .when(erase('ann'))
      .then([erased('ann')]);
  });

  it('is no matter of portal access: where that is closed it is done all the same', () => {
    given([added('ann')])
      .when(erase('ann'), PORTAL_CLOSED)
      .then([erased('ann')]);
  });

  it('is done where the book is above its limit', () => {
    given([added('ann'), added('bob')])
      .when(erase('ann'), { ...USUAL_RULES, maxContacts: 1 })
      .then([erased('ann')]);
  });

  it('is done to someone who was removed long ago, whose generation rises once more', () => {
    given([added('ann'), removed('ann'), added('bob')])
      .when(erase('ann'))
      .then([erased('ann')]);
  });

  it.each([
    ['from the book', [added('ann'), erased('ann')]],
    ['after a removal', [added('ann'), removed('ann'), erased('ann')]],
  ])('gives nothing a second time: %s', (_, history) => {
    given(history).when(erase('ann')).thenNothingHappened();
  });

  it('of somebody who never was in the book is refused', () => {
    given([added('ann')])
      .when(erase('bob'))
      .thenRefused('contact_not_found', { pointer: '/contactId', contactId: 'bob' });
  });

  it('cannot be decided without the past', () => {
    expect(() => decide(erase('ann'), bookOf([added('ann')]), USUAL_RULES)).toThrow(/past/);
  });

  describe('clears the billing email, naming it no more', () => {
    const cleared = [erased('ann'), billingEmailChanged(ERASED, null)];

    it('where it is the address that the contact has', () => {
      given([added('ann'), billingEmailChanged(null, 'ann@client.example')])
        .when(erase('ann'))
        .then(cleared);
    });

    it('where it is typed another way', () => {
      given([added('ann', { email: 'Jos\u00e9@b\u00fccher.example' })])
        .when({ type: 'SetBillingEmail', email: 'JOSE\u0301@xn--bcher-kva.example' })
        .then([billingEmailChanged(null, 'JOS\u00c9@xn--bcher-kva.example')]);
      given([
        added('ann', { email: 'Jos\u00e9@b\u00fccher.example' }),
        billingEmailChanged(null, 'JOS\u00c9@xn--bcher-kva.example'),
      ])
        .when(erase('ann'))
        .then(cleared);
    });

    it('where the contact had the address once, and was removed since', () => {
      given([
        added('ann', { email: 'first@client.example' }),
        emailChanged('first@client.example', 'second@client.example'),
        removed('ann'),
        billingEmailChanged(null, 'First@client.example'),
      ])
        .when(erase('ann'))
        .then(cleared);
    });

    it('but not where it is another address', () => {
      given([added('ann'), added('bob'), billingEmailChanged(null, 'bob@client.example')])
        .when(erase('ann'))
        .then([erased('ann')]);
    });
  });

  it('of one contact leaves another one with the same address in the past erasable', () => {
    given([added('ann'), removed('ann'), added('ann2', { email: 'ann@client.example' }), erased('ann')])
      .when(erase('ann2'))
      .then([erased('ann2')]);
  });

  it('frees the address: whoever comes with it is somebody new (row 20)', () => {
    given([added('ann'), erased('ann')])
      .when({ type: 'AddContact', contactId: 'new', email: 'ann@client.example' })
      .then([added('new', { email: 'ann@client.example' })]);
  });
});
