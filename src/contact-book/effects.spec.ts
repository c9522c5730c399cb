import { describe, expect, it } from '@jest/globals';
import type { ContactBookCommand } from './commands.js';
import { type ContactBook, evolve, initial } from './contact-book.js';
import { decide, type Rules } from './decide.js';
import { effectsBetween, replacementBy } from './effects.js';

const RULES: Rules = { maxContacts: 200, mayChangePortalAccess: true };

function after(book: ContactBook, command: ContactBookCommand): ContactBook {
  return decide(command, book, RULES).reduce(evolve, book);
}

const ann = after(initial(), { type: 'AddContact', contactId: 'ann', email: 'ann@x.example', primary: true });

describe('the effects of a change', () => {
  it('tell the route before and after, and the access of someone new', () => {
    const { billingRoute, portalAccess } = effectsBetween(initial(), ann);
    expect([billingRoute.before.rule, billingRoute.after.rule]).toEqual(['none', 'primary']);
    expect(portalAccess).toEqual([
      {
        contactId: 'ann',
        before: null,
        after: { contactId: 'ann', email: 'ann@x.example', maySignIn: true, generation: 1 },
      },
    ]);
  });

  it('tell that an old link is dead after a change of the address, and after a removal', () => {
    const moved = after(ann, { type: 'ChangeContactDetails', contactId: 'ann', email: 'ann@y.example' });
    const removed = after(ann, { type: 'RemoveContact', contactId: 'ann' });
    expect(effectsBetween(ann, moved).portalAccess).toMatchObject([{ after: { generation: 2 } }]);
    expect(effectsBetween(ann, removed).portalAccess).toMatchObject([
      { before: { maySignIn: true }, after: { maySignIn: false, email: null, generation: 2 } },
    ]);
  });

  it('leave out whose access stays as it was', () => {
    const renamed = after(ann, { type: 'ChangeContactDetails', contactId: 'ann', name: 'Ann' });
    expect(effectsBetween(ann, renamed).portalAccess).toEqual([]);
  });
});

describe('the outcome of a replacement', () => {
  it('counts a contact whose flag alone moved as changed, and each contact once', () => {
    const book = after(ann, { type: 'AddContact', contactId: 'bob', email: 'bob@x.example' });
    const events = decide(
      {
        type: 'ReplaceContacts',
        contacts: [{ email: 'bob@x.example' }, { email: 'cy@x.example', primary: true }],
        newContactIds: ['new-0', 'new-1'],
      },
      book,
      RULES,
    );
    expect(replacementBy(events, book)).toEqual({
      added: ['new-1'],
      changed: [],
      removed: ['ann'],
      unchanged: ['bob'],
    });
    const cleared = decide({ type: 'SetPrimaryContact', contactId: 'bob' }, book, RULES);
    expect(replacementBy(cleared, book)).toMatchObject({ changed: ['ann', 'bob'], unchanged: [] });
  });
});
