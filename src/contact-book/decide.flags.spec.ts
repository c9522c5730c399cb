import { describe, it } from '@jest/globals';
import {
  added,
  billingDefaultChanged,
  billingEmailChanged,
  changed,
  given,
  PORTAL_CLOSED,
  primaryChanged,
  removed,
  toggled,
} from './contact-book.given-when-then.js';

describe('setting a flag', () => {
  const history = [
    added('ann'),
    added('bob'),
    primaryChanged(null, 'ann'),
    billingDefaultChanged(null, 'ann'),
  ];

  it('that is vacant is one fact', () => {
    given([added('ann')])
      .when({ type: 'SetPrimaryContact', contactId: 'ann' })
      .then([primaryChanged(null, 'ann')]);
    given([added('ann')])
      .when({ type: 'SetBillingDefault', contactId: 'ann' })
      .then([billingDefaultChanged(null, 'ann')]);
  });

  it('that someone else holds is one fact (row 2)', () => {
    given(history)
      .when({ type: 'SetPrimaryContact', contactId: 'bob' })
      .then([primaryChanged('ann', 'bob')]);
    given(history)
      .when({ type: 'SetBillingDefault', contactId: 'bob' })
      .then([billingDefaultChanged('ann', 'bob')]);
  });

  it('to whoever holds it is no fact (row 4)', () => {
    given(history).when({ type: 'SetPrimaryContact', contactId: 'ann' }).thenNothingHappened();
    given(history).when({ type: 'SetBillingDefault', contactId: 'ann' }).thenNothingHappened();
  });

  it('to nobody leaves it vacant (row 5), and is no fact when it was (row 4)', () => {
    given(history)
      .when({ type: 'SetPrimaryContact', contactId: null })
      .then([primaryChanged('ann', null)]);
    given(history)
      .when({ type: 'SetBillingDefault', contactId: null })
      .then([billingDefaultChanged('ann', null)]);
    given([added('ann')])
      .when({ type: 'SetPrimaryContact', contactId: null })
      .thenNothingHappened();
    given([added('ann')])
      .when({ type: 'SetBillingDefault', contactId: null })
      .thenNothingHappened();
  });

  it('by two people in turn keeps both facts; the last one holds (row 13)', () => {
    given([...history, primaryChanged('ann', 'bob')])
      .when({ type: 'SetPrimaryContact', contactId: 'ann' })
      .then([primaryChanged('bob', 'ann')]);
  });
});

describe('the billing email', () => {
  const set = { type: 'SetBillingEmail', email: ' Pay@Client.example' } as const;

  it('is set, cleaned', () => {
    given([])
      .when(set)
      .then([billingEmailChanged(null, 'Pay@Client.example')]);
  });

  it('may be a contact’s (row 17)', () => {
    given([added('ann')])
      .when({ ...set, email: 'ann@client.example' })
      .then([billingEmailChanged(null, 'ann@client.example')]);
  });

  it('is changed and cleared', () => {
    const history = [billingEmailChanged(null, 'old@client.example')];
    given(history)
      .when(set)
      .then([billingEmailChanged('old@client.example', 'Pay@Client.example')]);
    given(history)
      .when({ ...set, email: null })
      .then([billingEmailChanged('old@client.example', null)]);
  });

  it('that is already so is no fact (row 4)', () => {
    given([billingEmailChanged(null, 'Pay@Client.example')])
      .when(set)
      .thenNothingHappened();
    given([])
      .when({ ...set, email: null })
      .thenNothingHappened();
  });

  it('must be an address; only null clears', () => {
    given([])
      .when({ ...set, email: '' })
      .thenRefused('required', { pointer: '/email' });
    given([])
      .when({ ...set, email: 'pay@client.example\nBcc: eve@evil.example' })
      .thenRefused('invalid_email', { pointer: '/email', reason: 'line_break' });
  });
});

describe('turning portal access', () => {
  const toggle = { type: 'TogglePortalAccess', contactId: 'ann' } as const;

  it('off raises the generation, so that every link is dead', () => {
    given([added('ann')])
      .when({ ...toggle, enabled: false })
      .then([toggled('ann', false, 2)]);
  });

  it('on again keeps it, so that no old link comes back to life', () => {
    given([added('ann'), toggled('ann', false, 2)])
      .when({ ...toggle, enabled: true })
      .then([toggled('ann', true, 2)]);
  });

  it('to what it is already is no fact (row 4)', () => {
    given([added('ann')])
      .when({ ...toggle, enabled: true })
      .thenNothingHappened();
    given([added('ann', { portalEnabled: false })])
      .when({ ...toggle, enabled: false })
      .thenNothingHappened();
  });
});

describe('where portal access is closed to the caller', () => {
  const history = [added('ann'), added('bob', { portalEnabled: false })];

  it('it is turned neither on nor off', () => {
    given(history)
      .when({ type: 'TogglePortalAccess', contactId: 'ann', enabled: false }, PORTAL_CLOSED)
      .thenRefused('portal_access_denied', { pointer: '/enabled' });
    given(history)
      .when({ type: 'TogglePortalAccess', contactId: 'bob', enabled: true }, PORTAL_CLOSED)
      .thenRefused('portal_access_denied', { pointer: '/enabled' });
  });

  it('what is already so is no fact (row 4)', () => {
    given(history)
      .when({ type: 'TogglePortalAccess', contactId: 'ann', enabled: true }, PORTAL_CLOSED)
      .thenNothingHappened();
  });

  it('contacts are added without it, and asking for it is refused', () => {
    const add = { type: 'AddContact', contactId: 'cy', email: 'cy@client.example' } as const;
    given([])
      .when(add, PORTAL_CLOSED)
      .then([added('cy', { portalEnabled: false })]);
    given([])
      .when({ ...add, portalEnabled: true }, PORTAL_CLOSED)
      .thenRefused('portal_access_denied', { pointer: '/portalEnabled' });
  });

  it('the email of a contact who has it can’t be changed, not even how it is typed', () => {
    for (const email of ['eve@client.example', 'Ann@client.example']) {
      given(history)
        .when({ type: 'ChangeContactDetails', contactId: 'ann', email }, PORTAL_CLOSED)
        .thenRefused('portal_access_denied', { pointer: '/email' });
    }
  });

  it('everything else can be changed, and the email of a contact who has none', () => {
    given(history)
      .when(
        { type: 'ChangeContactDetails', contactId: 'ann', email: 'ann@client.example', name: 'Ann' },
        PORTAL_CLOSED,
      )
      .then([changed('ann', { name: { before: null, after: 'Ann' } }, 1)]);
    given(history)
      .when({ type: 'ChangeContactDetails', contactId: 'bob', email: 'b@client.example' }, PORTAL_CLOSED)
      .then([changed('bob', { email: { before: 'bob@client.example', after: 'b@client.example' } }, 2)]);
    given(history)
      .when({ type: 'RemoveContact', contactId: 'ann' }, PORTAL_CLOSED)
      .then([removed('ann')]);
  });
});
