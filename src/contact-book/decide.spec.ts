import { describe, it } from '@jest/globals';
import { added, given, PORTAL_CLOSED, USUAL_RULES } from './contact-book.given-when-then.js';
import type { ContactBookCommand } from './decide.js';
import type { ContactBookEvent } from './events.js';

const removed = (contactId: string): ContactBookEvent => ({ type: 'ContactRemoved', data: { contactId } });
const primary = (from: string | null, to: string | null): ContactBookEvent => ({
  type: 'PrimaryContactChanged',
  data: { from, to },
});
const billingDefault = (from: string | null, to: string | null): ContactBookEvent => ({
  type: 'BillingDefaultChanged',
  data: { from, to },
});
const billingEmail = (from: string | null, to: string | null): ContactBookEvent => ({
  type: 'BillingEmailChanged',
  data: { from, to },
});
const toggled = (contactId: string, enabled: boolean, generation: number): ContactBookEvent => ({
  type: 'PortalAccessToggled',
  data: { contactId, enabled, generation },
});

describe('adding a contact', () => {
  const add = { type: 'AddContact', contactId: 'ann', email: 'ann@client.example' } as const;

  it('sets no flag by itself, not even for the first (row 1); portal access is on unless told otherwise', () => {
    given([])
      .when(add)
      .then([added('ann')]);
  });

  it('stores the cleaned values, and no empty ones', () => {
    given([])
      .when({
        ...add,
        email: ' Ann@Client.example',
        name: ' Ann ',
        title: '',
        phone: null,
        portalEnabled: false,
      })
      .then([added('ann', { email: 'Ann@Client.example', name: 'Ann', portalEnabled: false })]);
  });

  it('sets the flags that were asked for, after the addition', () => {
    given([])
      .when({ ...add, primary: true, billingDefault: true })
      .then([added('ann'), primary(null, 'ann'), billingDefault(null, 'ann')]);
  });

  it('takes a flag from its holder by one fact', () => {
    given([added('bob'), primary(null, 'bob'), billingDefault(null, 'bob')])
      .when({ ...add, primary: true, billingDefault: false })
      .then([added('ann'), primary('bob', 'ann')]);
  });

  it('needs an email', () => {
    given([])
      .when({ ...add, email: ' ' })
      .thenRefused('required', { pointer: '/email' });
  });

  it('needs an email that is one', () => {
    given([])
      .when({ ...add, email: 'ann@client.example, bob@client.example' })
      .thenRefused('invalid_email', { pointer: '/email', reason: 'list' });
  });

  it.each([
    ['name', 200],
    ['title', 100],
    ['phone', 40],
  ] as const)('keeps a %s to %i characters, after cleaning', (field, max) => {
    given([])
      .when({ ...add, [field]: ` ${'x'.repeat(max)} ` })
      .then([added('ann', { [field]: 'x'.repeat(max) })]);
    given([])
      .when({ ...add, [field]: 'x'.repeat(max + 1) })
      .thenRefused('too_long', { pointer: `/${field}`, max });
  });

  it('is refused when the address is taken, however it is typed; the answer names the contact (row 8)', () => {
    given([added('bob', { email: 'Ann@Bücher.example' })])
      .when({ ...add, email: 'ANN@xn--bcher-kva.example' })
      .thenRefused('duplicate_email', { pointer: '/email', contactId: 'bob' });
  });

  it('with the address of the billing email is allowed', () => {
    given([billingEmail(null, 'ann@client.example')])
      .when(add)
      .then([added('ann')]);
  });

  it('who was removed makes a new contact with a new id (row 20)', () => {
    given([added('ann'), removed('ann')])
      .when({ ...add, contactId: 'ann-2' })
      .then([added('ann-2', { email: 'ann@client.example' })]);
  });

  it('never uses an id twice', () => {
    given([added('ann'), removed('ann')])
      .when(add)
      .thenRefused('contact_id_taken', { contactId: 'ann' });
    given([added('ann', { email: 'other@client.example' })])
      .when(add)
      .thenRefused('contact_id_taken', { contactId: 'ann' });
  });

  it('stops at the limit (row 21)', () => {
    const rules = { ...USUAL_RULES, maxContacts: 2 };
    given([added('bob')])
      .when(add, rules)
      .then([added('ann')]);
    given([added('bob'), added('cy')])
      .when(add, rules)
      .thenRefused('too_many_contacts', { max: 2 });
  });
});

describe('a book above a limit that was lowered later (row 21)', () => {
  const rules = { ...USUAL_RULES, maxContacts: 1 };
  const history = [added('ann'), added('bob'), added('cy')];

  it('may be changed and may shrink', () => {
    given(history)
      .when({ type: 'RemoveContact', contactId: 'ann' }, rules)
      .then([removed('ann')]);
    given(history)
      .when({ type: 'SetPrimaryContact', contactId: 'ann' }, rules)
      .then([primary(null, 'ann')]);
  });
});

describe('changing details', () => {
  const history = [added('ann', { name: 'Ann', title: 'CFO', phone: '1' }), added('bob')];
  const change = { type: 'ChangeContactDetails', contactId: 'ann' } as const;

  it('absent keeps, null and the empty text clear (row 11)', () => {
    given(history)
      .when({ ...change, title: null, phone: '' })
      .then([
        {
          type: 'ContactDetailsChanged',
          data: {
            contactId: 'ann',
            changes: { title: { before: 'CFO', after: null }, phone: { before: '1', after: null } },
            generation: 1,
          },
        },
      ]);
  });

  it('can’t clear the email (row 11)', () => {
    given(history)
      .when({ ...change, email: null })
      .thenRefused('required', { pointer: '/email' });
    given(history)
      .when({ ...change, email: '' })
      .thenRefused('required', { pointer: '/email' });
  });

  it('to what is already so is no fact (row 4)', () => {
    given(history).when(change).thenNothingHappened();
    given(history)
      .when({ ...change, email: ' ann@client.example', name: 'Ann ', title: 'CFO', phone: '1' })
      .thenNothingHappened();
    given(history).when({ type: 'ChangeContactDetails', contactId: 'bob', name: '' }).thenNothingHappened();
  });

  it('of the email raises the portal generation', () => {
    given(history)
      .when({ ...change, email: 'lee@client.example' })
      .then([
        {
          type: 'ContactDetailsChanged',
          data: {
            contactId: 'ann',
            changes: { email: { before: 'ann@client.example', after: 'lee@client.example' } },
            generation: 2,
          },
        },
      ]);
  });

  it('of how the email is typed is a fact, but the same address keeps its generation', () => {
    given(history)
      .when({ ...change, email: 'Ann@CLIENT.example' })
      .then([
        {
          type: 'ContactDetailsChanged',
          data: {
            contactId: 'ann',
            changes: { email: { before: 'ann@client.example', after: 'Ann@CLIENT.example' } },
            generation: 1,
          },
        },
      ]);
  });

  it('to another contact’s address is refused (row 8)', () => {
    given(history)
      .when({ ...change, email: 'BOB@client.example' })
      .thenRefused('duplicate_email', { pointer: '/email', contactId: 'bob' });
  });

  it('obeys the limits', () => {
    given(history)
      .when({ ...change, phone: '0'.repeat(41) })
      .thenRefused('too_long', { pointer: '/phone', max: 40 });
    given(history)
      .when({ ...change, email: 'ann' })
      .thenRefused('invalid_email', { pointer: '/email', reason: 'not_one_at_sign' });
  });
});

describe('setting a flag', () => {
  const history = [added('ann'), added('bob'), primary(null, 'ann'), billingDefault(null, 'ann')];

  it('that is vacant is one fact', () => {
    given([added('ann')])
      .when({ type: 'SetPrimaryContact', contactId: 'ann' })
      .then([primary(null, 'ann')]);
    given([added('ann')])
      .when({ type: 'SetBillingDefault', contactId: 'ann' })
      .then([billingDefault(null, 'ann')]);
  });

  it('that someone else holds is one fact (row 2)', () => {
    given(history)
      .when({ type: 'SetPrimaryContact', contactId: 'bob' })
      .then([primary('ann', 'bob')]);
    given(history)
      .when({ type: 'SetBillingDefault', contactId: 'bob' })
      .then([billingDefault('ann', 'bob')]);
  });

  it('to whoever holds it is no fact (row 4)', () => {
    given(history).when({ type: 'SetPrimaryContact', contactId: 'ann' }).thenNothingHappened();
    given(history).when({ type: 'SetBillingDefault', contactId: 'ann' }).thenNothingHappened();
  });

  it('to nobody leaves it vacant (row 5), and is no fact when it was (row 4)', () => {
    given(history)
      .when({ type: 'SetPrimaryContact', contactId: null })
      .then([primary('ann', null)]);
    given(history)
      .when({ type: 'SetBillingDefault', contactId: null })
      .then([billingDefault('ann', null)]);
    given([added('ann')])
      .when({ type: 'SetPrimaryContact', contactId: null })
      .thenNothingHappened();
    given([added('ann')])
      .when({ type: 'SetBillingDefault', contactId: null })
      .thenNothingHappened();
  });

  it('by two people in turn keeps both facts; the last one holds (row 13)', () => {
    given([...history, primary('ann', 'bob')])
      .when({ type: 'SetPrimaryContact', contactId: 'ann' })
      .then([primary('bob', 'ann')]);
  });
});

describe('removing a contact', () => {
  it('is one fact', () => {
    given([added('ann'), added('bob')])
      .when({ type: 'RemoveContact', contactId: 'ann' })
      .then([removed('ann')]);
  });

  it('who holds flags vacates them first, and promotes nobody (row 6)', () => {
    given([added('ann'), added('bob'), primary(null, 'ann'), billingDefault(null, 'ann')])
      .when({ type: 'RemoveContact', contactId: 'ann' })
      .then([primary('ann', null), billingDefault('ann', null), removed('ann')]);
  });

  it('with a successor hands over the flags that the contact held, in the same append (row 6)', () => {
    given([added('ann'), added('bob'), added('cy'), primary(null, 'ann'), billingDefault(null, 'cy')])
      .when({ type: 'RemoveContact', contactId: 'ann', successorId: 'bob' })
      .then([primary('ann', null), removed('ann'), primary(null, 'bob')]);
  });

  it('with a successor but no flags gives the successor nothing', () => {
    given([added('ann'), added('bob')])
      .when({ type: 'RemoveContact', contactId: 'ann', successorId: 'bob' })
      .then([removed('ann')]);
  });

  it('can’t make the contact their own successor', () => {
    given([added('ann')])
      .when({ type: 'RemoveContact', contactId: 'ann', successorId: 'ann' })
      .thenRefused('successor_leaves', { pointer: '/successorId', contactId: 'ann' });
  });

  it('is allowed for the last one, and puts nobody in their place (row 7)', () => {
    given([added('ann')])
      .when({ type: 'RemoveContact', contactId: 'ann' })
      .then([removed('ann')]);
  });
});

describe('the billing email', () => {
  const set = { type: 'SetBillingEmail', email: ' Pay@Client.example' } as const;

  it('is set, cleaned', () => {
    given([])
      .when(set)
      .then([billingEmail(null, 'Pay@Client.example')]);
  });

  it('may be a contact’s (row 17)', () => {
    given([added('ann')])
      .when({ ...set, email: 'ann@client.example' })
      .then([billingEmail(null, 'ann@client.example')]);
  });

  it('is changed and cleared', () => {
    const history = [billingEmail(null, 'old@client.example')];
    given(history)
      .when(set)
      .then([billingEmail('old@client.example', 'Pay@Client.example')]);
    given(history)
      .when({ ...set, email: null })
      .then([billingEmail('old@client.example', null)]);
  });

  it('that is already so is no fact (row 4)', () => {
    given([billingEmail(null, 'Pay@Client.example')])
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
      .then([
        {
          type: 'ContactDetailsChanged',
          data: { contactId: 'ann', changes: { name: { before: null, after: 'Ann' } }, generation: 1 },
        },
      ]);
    given(history)
      .when({ type: 'ChangeContactDetails', contactId: 'bob', email: 'b@client.example' }, PORTAL_CLOSED)
      .then([
        {
          type: 'ContactDetailsChanged',
          data: {
            contactId: 'bob',
            changes: { email: { before: 'bob@client.example', after: 'b@client.example' } },
            generation: 2,
          },
        },
      ]);
    given(history)
      .when({ type: 'RemoveContact', contactId: 'ann' }, PORTAL_CLOSED)
      .then([removed('ann')]);
  });
});

describe('an id that is not in the book, or no longer, is not found (row 16)', () => {
  const history = [added('ann'), added('gone'), removed('gone')];

  it.each<[pointer: string, command: ContactBookCommand]>([
    ['/contactId', { type: 'ChangeContactDetails', contactId: 'gone', name: 'x' }],
    ['/contactId', { type: 'RemoveContact', contactId: 'gone' }],
    ['/successorId', { type: 'RemoveContact', contactId: 'ann', successorId: 'gone' }],
    ['/contactId', { type: 'SetPrimaryContact', contactId: 'gone' }],
    ['/contactId', { type: 'SetBillingDefault', contactId: 'gone' }],
    ['/contactId', { type: 'TogglePortalAccess', contactId: 'gone', enabled: true }],
  ])('%s of %j', (pointer, command) => {
    given(history).when(command).thenRefused('contact_not_found', { pointer, contactId: 'gone' });
  });
});
