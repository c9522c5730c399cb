import { describe, expect, it } from '@jest/globals';
import type { ContactRow, ReplaceContacts } from './commands.js';
import {
  added,
  billingDefaultChanged,
  billingEmailChanged,
  bookOf,
  changed,
  given,
  PORTAL_CLOSED,
  primaryChanged,
  removed,
  toggled,
  USUAL_RULES,
} from './contact-book.given-when-then.js';
import { decide } from './decide.js';

/** New contacts get the ids new-0, new-1, … by row. */
function replaceWith(...contacts: ContactRow[]): ReplaceContacts {
  return { type: 'ReplaceContacts', contacts, newContactIds: contacts.map((_, i) => `new-${i}`) };
}

const emailOf = (name: string) => `${name}@client.example`;
const flagsMoved = (from: string | null, to: string | null) => [
  primaryChanged(from, to),
  billingDefaultChanged(from, to),
];
const emailChanged = (contactId: string, before: string, after: string, generation: number) =>
  changed(contactId, { email: { before, after } }, generation);

const annAndBob = [added('ann'), added('bob')];

describe('replacing the whole list', () => {
  it('adds, changes and removes in one append, in the order of an append (row 12)', () => {
    given([...annAndBob, added('cy', { name: 'Cy' }), ...flagsMoved(null, 'ann')])
      .when(
        replaceWith(
          { email: emailOf('dee'), name: 'Dee', primary: true, billingDefault: true },
          { contactId: 'bob', email: emailOf('bob'), title: 'CFO', portalEnabled: false },
          { email: emailOf('cy') },
        ),
      )
      .then([
        ...flagsMoved('ann', null),
        removed('ann'),
        changed('bob', { title: { before: null, after: 'CFO' } }, 1),
        toggled('bob', false, 2),
        changed('cy', { name: { before: 'Cy', after: null } }, 1),
        added('new-0', { email: emailOf('dee'), name: 'Dee' }),
        ...flagsMoved(null, 'new-0'),
      ]);
  });

  it('by what is already there is no fact, in whatever order (rows 4 and 12)', () => {
    given([...annAndBob, ...flagsMoved(null, 'bob')])
      .when(
        replaceWith(
          { email: emailOf('bob'), primary: true, billingDefault: true },
          { contactId: 'ann', email: emailOf('ann') },
        ),
      )
      .thenNothingHappened();
  });

  it('moves a flag between two who stay by one fact (row 2)', () => {
    given([...annAndBob, primaryChanged(null, 'ann')])
      .when(replaceWith({ email: emailOf('ann') }, { email: emailOf('bob'), primary: true }))
      .then([primaryChanged('ann', 'bob')]);
  });

  it('leaves a flag vacant that no row has, for the list is the whole truth', () => {
    given([...annAndBob, ...flagsMoved(null, 'ann')])
      .when(replaceWith({ email: emailOf('ann'), primary: false }, { email: emailOf('bob'), primary: false }))
      .then(flagsMoved('ann', null));
  });

  it('does not touch the billing email', () => {
    given([...annAndBob, billingEmailChanged(null, 'pay@client.example')])
      .when(replaceWith({ email: emailOf('ann') }, { email: emailOf('bob') }))
      .thenNothingHappened();
  });
});

describe('a row without an id', () => {
  it('is the contact with its email, however it is typed', () => {
    given([added('ann')])
      .when(replaceWith({ email: 'ANN@client.example' }))
      .then([emailChanged('ann', emailOf('ann'), 'ANN@client.example', 1)]);
  });

  it('is a new contact when another row claims that contact by id', () => {
    given([added('ann')])
      .when(replaceWith({ email: emailOf('ann') }, { contactId: 'ann', email: emailOf('lee') }))
      .then([
        emailChanged('ann', emailOf('ann'), emailOf('lee'), 2),
        added('new-0', { email: emailOf('ann') }),
      ]);
  });

  it('is a new contact when its email is only a former contact’s (row 20)', () => {
    given([added('ann'), removed('ann')])
      .when(replaceWith({ email: emailOf('ann') }))
      .then([added('new-0', { email: emailOf('ann') })]);
  });

  it('gets the id that came with the command for that very row', () => {
    given(annAndBob)
      .when(replaceWith({ email: emailOf('ann') }, { email: emailOf('cy') }, { email: emailOf('bob') }))
      .then([added('new-1', { email: emailOf('cy') })]);
  });
});

describe('only the outcome must be valid', () => {
  it('two contacts may swap their emails; both generations rise', () => {
    given(annAndBob)
      .when(
        replaceWith({ contactId: 'ann', email: emailOf('bob') }, { contactId: 'bob', email: emailOf('ann') }),
      )
      .then([
        emailChanged('ann', emailOf('ann'), emailOf('bob'), 2),
        emailChanged('bob', emailOf('bob'), emailOf('ann'), 2),
      ]);
  });

  it('a contact may take the email of one who leaves', () => {
    given(annAndBob)
      .when(replaceWith({ contactId: 'ann', email: emailOf('bob') }))
      .then([removed('bob'), emailChanged('ann', emailOf('ann'), emailOf('bob'), 2)]);
  });
});

describe('portal access in a row', () => {
  it('that is absent keeps what a contact has, and is on for a new one', () => {
    given([added('ann', { portalEnabled: false })])
      .when(replaceWith({ email: emailOf('ann') }, { email: emailOf('bob') }))
      .then([added('new-1', { email: emailOf('bob') })]);
  });

  it('that is closed to the caller must stay as it is', () => {
    const history = [added('ann'), added('bob', { portalEnabled: false })];
    const denied = (row: ContactRow, field: string) =>
      given(history)
        .when(replaceWith({ email: emailOf('cy') }, row), PORTAL_CLOSED)
        .thenRefused('portal_access_denied', { pointer: `/contacts/1/${field}` });
    denied({ email: emailOf('dee'), portalEnabled: true }, 'portalEnabled');
    denied({ contactId: 'ann', email: emailOf('ann'), portalEnabled: false }, 'portalEnabled');
    denied({ contactId: 'bob', email: emailOf('bob'), portalEnabled: true }, 'portalEnabled');
    denied({ contactId: 'ann', email: emailOf('eve') }, 'email');
  });

  it('that is closed to the caller is off for a new contact', () => {
    given([added('ann')])
      .when(
        replaceWith({ email: emailOf('ann'), portalEnabled: true }, { email: emailOf('bob') }),
        PORTAL_CLOSED,
      )
      .then([added('new-1', { email: emailOf('bob'), portalEnabled: false })]);
  });
});

describe('the list is refused as a whole, naming the rows, when', () => {
  it('it is empty and nobody said that it may be', () => {
    given(annAndBob).when(replaceWith()).thenRefused('allow_empty_required', { pointer: '/allowEmpty' });
    given(annAndBob)
      .when({ ...replaceWith(), allowEmpty: true })
      .then([removed('ann'), removed('bob')]);
  });

  it('two rows are flagged primary, or billing default (row 3)', () => {
    const row = (name: string, flag: object = {}) => ({ email: emailOf(name), ...flag });
    given(annAndBob)
      .when(replaceWith(row('ann', { primary: true }), row('bob'), row('cy', { primary: true })))
      .thenRefused('conflicting_rows', { field: 'primary', rows: [0, 2] });
    given(annAndBob)
      .when(
        replaceWith(row('ann'), row('bob', { billingDefault: true }), row('cy', { billingDefault: true })),
      )
      .thenRefused('conflicting_rows', { field: 'billingDefault', rows: [1, 2] });
  });

  it('two rows have one email, however it is typed (row 3)', () => {
    given(annAndBob)
      .when(
        replaceWith(
          { email: emailOf('cy') },
          { contactId: 'ann', email: 'x@bücher.example' },
          { contactId: 'bob', email: 'X@xn--bcher-kva.example' },
        ),
      )
      .thenRefused('conflicting_rows', { field: 'email', rows: [1, 2] });
  });

  it('two rows have one id', () => {
    given(annAndBob)
      .when(replaceWith({ contactId: 'ann', email: emailOf('x') }, { contactId: 'ann', email: emailOf('y') }))
      .thenRefused('conflicting_rows', { field: 'contactId', rows: [0, 1] });
  });

  it('a row’s id is not in the book, or no longer (row 12)', () => {
    given([...annAndBob, removed('bob')])
      .when(
        replaceWith(
          { contactId: 'bob', email: emailOf('bob') },
          { contactId: 'ann', email: emailOf('ann') },
          { contactId: 'nobody', email: emailOf('x') },
        ),
      )
      .thenRefused('unknown_contacts', { rows: [0, 2] });
  });

  it('a row has no email, or none that is one', () => {
    given([])
      .when(replaceWith({ email: emailOf('ann') }, { email: '' }))
      .thenRefused('required', { pointer: '/contacts/1/email' });
    given([])
      .when(replaceWith({ email: emailOf('ann') }, { email: 'Bob <bob@client.example>' }))
      .thenRefused('invalid_email', { pointer: '/contacts/1/email', reason: 'display_name' });
  });

  it('a text is too long', () => {
    given([added('ann')])
      .when(replaceWith({ email: emailOf('ann'), title: 't'.repeat(101) }))
      .thenRefused('too_long', { pointer: '/contacts/0/title', max: 100 });
  });

  it('it holds too many (row 21)', () => {
    const list = replaceWith({ email: emailOf('ann') }, { email: emailOf('bob') }, { email: emailOf('cy') });
    given(annAndBob)
      .when(list, { ...USUAL_RULES, maxContacts: 2 })
      .thenRefused('too_many_contacts', { max: 2 });
  });

  it('the id for a new contact was used before', () => {
    given([added('new-0'), removed('new-0')])
      .when(replaceWith({ email: emailOf('ann') }))
      .thenRefused('contact_id_taken', { contactId: 'new-0' });
  });
});

it('ids for new contacts that are missing or not distinct are the caller’s mistake, not the user’s', () => {
  const list = replaceWith({ email: emailOf('ann') }, { email: emailOf('bob') });
  for (const newContactIds of [[], ['x'], ['x', 'x']]) {
    expect(() => decide({ ...list, newContactIds }, bookOf([]), USUAL_RULES)).toThrow(/ids?\b/);
  }
});

it('the largest list there can be gives an append that leaves room for its encryption in 1 MiB (row 21)', () => {
  const id = (i: number) => String(i).padStart(64, 'c');
  const email = (i: number, letter: string) =>
    `${String(i).padEnd(64, letter)}@${`${'d'.repeat(60)}.`.repeat(3)}example`.slice(0, 254);
  const list = (letter: string, character: string, portalEnabled: boolean): ReplaceContacts => ({
    ...replaceWith(
      ...Array.from({ length: 200 }, (_, i) => ({
        email: email(i, letter),
        name: character.repeat(200),
        title: character.repeat(100),
        phone: character.repeat(40),
        portalEnabled,
      })),
    ),
    newContactIds: Array.from({ length: 200 }, (_, i) => id(i)),
  });
  const before = bookOf(decide(list('x', '漢', true), bookOf([]), USUAL_RULES));
  const next = list('y', '字', false);
  const events = decide(
    { ...next, contacts: next.contacts.map((row, i) => ({ ...row, contactId: id(i) })) },
    before,
    USUAL_RULES,
  );
  expect(events).toHaveLength(400);
  expect(Buffer.byteLength(JSON.stringify(events))).toBeLessThan(600 * 1024);
});
