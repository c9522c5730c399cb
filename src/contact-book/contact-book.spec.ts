import { describe, expect, it } from '@jest/globals';
import { evolve, initial } from './contact-book.js';
import {
  added,
  billingDefaultChanged,
  billingEmailChanged,
  bookOf,
  changed,
  copyOf,
  erased,
  primaryChanged,
  removed,
  toggled,
} from './contact-book.given-when-then.js';
import { ERASED } from './erased.js';
import { FormerContacts } from './former-contacts.js';
import type { ContactBookEvent } from './events.js';

const ann = {
  contactId: 'ann',
  email: 'ann@client.example',
  name: null,
  title: null,
  phone: null,
  portalEnabled: true,
  generation: 1,
};

describe('the book', () => {
  it('of a client nobody has written to is empty (row 23)', () => {
    expect(initial()).toEqual({
      contacts: new Map(),
      formerContacts: FormerContacts.of([]),
      primary: null,
      billingDefault: null,
      billingEmail: null,
    });
  });

  it('lists contacts in the order in which they were added, whatever changes later', () => {
    const book = bookOf([
      added('ann'),
      added('bob'),
      added('cy'),
      removed('bob'),
      changed('ann', { name: { before: null, after: 'Ann' } }, 1),
    ]);
    expect([...book.contacts.keys()]).toEqual(['ann', 'cy']);
  });

  it('holds what was added', () => {
    const data = { name: 'Ann Lee', title: 'CFO', phone: '+1 555', portalEnabled: false };
    expect(bookOf([added('ann', data)]).contacts.get('ann')).toEqual({ ...ann, ...data });
  });

  it('takes over changed fields, cleared ones too, with the generation that the fact states', () => {
    const history: ContactBookEvent[] = [
      added('ann', { name: 'Ann', title: 'CFO', phone: '1' }),
      changed(
        'ann',
        {
          email: { before: 'ann@client.example', after: 'lee@client.example' },
          name: { before: 'Ann', after: null },
          title: { before: 'CFO', after: 'CEO' },
        },
        2,
      ),
    ];
    expect(bookOf(history).contacts.get('ann')).toEqual({
      ...ann,
      email: 'lee@client.example',
      title: 'CEO',
      phone: '1',
      generation: 2,
    });
  });

  it('can be folded when every personal value was erased, and still knows the generations', () => {
    const book = bookOf([
      added('ann', { email: ERASED, name: ERASED }),
      changed('ann', { email: { before: ERASED, after: ERASED } }, 2),
      toggled('ann', false, 3),
      billingEmailChanged(null, ERASED),
    ]);
    expect(book.contacts.get('ann')).toEqual({
      ...ann,
      email: ERASED,
      name: ERASED,
      portalEnabled: false,
      generation: 3,
    });
    expect(book.billingEmail).toEqual(ERASED);
  });

  it('stays as it is when another fact is folded', () => {
    const before = bookOf([added('ann'), added('bob'), added('dan'), removed('dan')]);
    const seen = copyOf(before);
    const facts: ContactBookEvent[] = [
      added('cy'),
      primaryChanged(null, 'ann'),
      billingDefaultChanged(null, 'ann'),
      billingEmailChanged(null, 'pay@client.example'),
      toggled('ann', false, 2),
      changed('ann', { name: { before: null, after: 'Ann' } }, 1),
      removed('ann'),
      erased('ann'),
      erased('dan'),
    ];
    for (const fact of facts) expect(evolve(before, fact)).not.toEqual(before);
    expect(before).toEqual(seen);
  });
});

describe('someone who leaves', () => {
  const toggledOff: ContactBookEvent = toggled('ann', false, 2);

  it('is remembered by id alone, with a raised generation', () => {
    const book = bookOf([added('ann'), toggledOff, removed('ann')]);
    expect(book.contacts.size).toBe(0);
    expect([...book.formerContacts]).toEqual([{ contactId: 'ann', generation: 3 }]);
  });

  it('by erasure is removed too (row 22)', () => {
    const book = bookOf([added('ann'), added('bob'), erased('ann')]);
    expect([...book.contacts.keys()]).toEqual(['bob']);
    expect(book.formerContacts.get('ann')).toEqual({ contactId: 'ann', generation: 2 });
  });

  it('and is erased later gets a higher generation still (row 22)', () => {
    const book = bookOf([added('ann'), removed('ann'), erased('ann')]);
    expect(book.formerContacts.get('ann')).toEqual({ contactId: 'ann', generation: 3 });
  });
});

describe('a damaged log is not folded on', () => {
  it.each<ContactBookEvent>([
    removed('ann'),
    erased('ann'),
    toggled('ann', true, 1),
    changed('ann', {}, 1),
    primaryChanged(null, 'ann'),
    billingDefaultChanged(null, 'ann'),
    { type: 'SomethingElse', data: {} } as unknown as ContactBookEvent,
  ])('$type of or about nobody it knows', (event) => {
    expect(() => evolve(initial(), event)).toThrow();
  });
});
