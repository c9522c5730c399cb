import { describe, it } from '@jest/globals';
import type { ContactBookCommand } from './commands.js';
import {
  added,
  billingDefaultChanged,
  billingEmailChanged,
  changed,
  given,
  primaryChanged,
  removed,
  USUAL_RULES,
} from './contact-book.given-when-then.js';
import { ERASED } from './erased.js';

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
      .then([added('ann'), primaryChanged(null, 'ann'), billingDefaultChanged(null, 'ann')]);
  });

  it('leaves flags that it was not asked for where they are', () => {
    given([added('bob'), primaryChanged(null, 'bob'), billingDefaultChanged(null, 'bob')])
      .when({ ...add, primary: false })
      .then([added('ann')]);
  });

  it('takes a flag from its holder by one fact', () => {
    given([added('bob'), primaryChanged(null, 'bob'), billingDefaultChanged(null, 'bob')])
      .when({ ...add, primary: true, billingDefault: false })
      .then([added('ann'), primaryChanged('bob', 'ann')]);
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
    given([billingEmailChanged(null, 'ann@client.example')])
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
      .then([primaryChanged(null, 'ann')]);
  });
});

describe('changing details', () => {
  const history = [added('ann', { name: 'Ann', title: 'CFO', phone: '1' }), added('bob')];
  const change = { type: 'ChangeContactDetails', contactId: 'ann' } as const;

  it('absent keeps, null and the empty text clear (row 11)', () => {
    given(history)
      .when({ ...change, title: null, phone: '' })
      .then([
        changed('ann', { title: { before: 'CFO', after: null }, phone: { before: '1', after: null } }, 1),
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
      .then([changed('ann', { email: { before: 'ann@client.example', after: 'lee@client.example' } }, 2)]);
  });

  it('of how the email is typed is a fact, but the same address keeps its generation', () => {
    given(history)
      .when({ ...change, email: 'Ann@CLIENT.example' })
      .then([changed('ann', { email: { before: 'ann@client.example', after: 'Ann@CLIENT.example' } }, 1)]);
  });

  it('of something else keeps the generation, even where the address is erased', () => {
    given([added('ann', { email: ERASED })])
      .when({ ...change, name: 'Ann' })
      .then([changed('ann', { name: { before: null, after: 'Ann' } }, 1)]);
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

describe('removing a contact', () => {
  it('is one fact', () => {
    given([added('ann'), added('bob')])
      .when({ type: 'RemoveContact', contactId: 'ann' })
      .then([removed('ann')]);
  });

  it('who holds flags vacates them first, and promotes nobody (row 6)', () => {
    given([added('ann'), added('bob'), primaryChanged(null, 'ann'), billingDefaultChanged(null, 'ann')])
      .when({ type: 'RemoveContact', contactId: 'ann' })
      .then([primaryChanged('ann', null), billingDefaultChanged('ann', null), removed('ann')]);
  });

  it('with a successor hands over the flags that the contact held, in the same append (row 6)', () => {
    given([
      added('ann'),
      added('bob'),
      added('cy'),
      primaryChanged(null, 'ann'),
      billingDefaultChanged(null, 'cy'),
    ])
      .when({ type: 'RemoveContact', contactId: 'ann', successorId: 'bob' })
      .then([primaryChanged('ann', null), removed('ann'), primaryChanged(null, 'bob')]);
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
