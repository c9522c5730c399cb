import assert from 'node:assert/strict';
import type { ContactBookCommand } from './commands.js';
import { initial, evolve, type ContactBook } from './contact-book.js';
import { decide, type Rules } from './decide.js';
import { isSameAddress } from './email-address.js';
import type { Personal } from './erased.js';
import type { ContactAdded, ContactBookEvent, ContactDetailsChanged } from './events.js';
import { FormerContacts } from './former-contacts.js';
import { type KnownPast, NO_PAST, pastAfter } from './known-past.js';
import { Refusal, type RefusalCode, type RefusalDetails } from './refusal.js';

export const USUAL_RULES: Rules = { mayChangePortalAccess: true, maxContacts: 200 };

/** The rules for a manager where portal access is left to owner and admin. */
export const PORTAL_CLOSED: Rules = { ...USUAL_RULES, mayChangePortalAccess: false };

/** `given(events).when(command).then(events)`: specs in the words of the book, with its invariants checked on the way. */
export function given(history: readonly ContactBookEvent[]) {
  const book = bookOf(history);
  const past = pastOf(history);
  return {
    when: (command: ContactBookCommand, rules: Rules = USUAL_RULES) => ({
      then(expected: readonly ContactBookEvent[]) {
        const events = decide(command, book, rules, past);
        assert.deepStrictEqual(events, expected);
        assertInvariants(bookOf(events, book));
      },
      thenNothingHappened() {
        assert.deepStrictEqual(decide(command, book, rules, past), []);
      },
      thenRefused<Code extends RefusalCode>(code: Code, details: RefusalDetails[Code]) {
        const refusal = refusalOf(() => decide(command, book, rules, past));
        assert.deepStrictEqual({ code: refusal.code, details: refusal.details }, { code, details });
      },
    }),
  };
}

export function bookOf(events: readonly ContactBookEvent[], from: ContactBook = initial()): ContactBook {
  return events.reduce(evolve, from);
}

export function pastOf(events: readonly ContactBookEvent[]): KnownPast {
  return events.reduce(pastAfter, NO_PAST);
}

/** The fact that a contact was added; the address is made from the id unless another is given. */
export function added(contactId: string, data: Partial<ContactAdded['data']> = {}): ContactAdded {
  const usual = { contactId, email: `${contactId}@client.example`, portalEnabled: true };
  return { type: 'ContactAdded', data: { ...usual, ...data } };
}

export function removed(contactId: string): ContactBookEvent {
  return { type: 'ContactRemoved', data: { contactId } };
}

export function erased(contactId: string): ContactBookEvent {
  return { type: 'ContactErased', data: { contactId, reason: 'requested' } };
}

export function primaryChanged(from: string | null, to: string | null): ContactBookEvent {
  return { type: 'PrimaryContactChanged', data: { from, to } };
}

export function billingDefaultChanged(from: string | null, to: string | null): ContactBookEvent {
  return { type: 'BillingDefaultChanged', data: { from, to } };
}

export function billingEmailChanged(from: Personal | null, to: Personal | null): ContactBookEvent {
  return { type: 'BillingEmailChanged', data: { from, to } };
}

export function toggled(contactId: string, enabled: boolean, generation: number): ContactBookEvent {
  return { type: 'PortalAccessToggled', data: { contactId, enabled, generation } };
}

export function changed(
  contactId: string,
  changes: ContactDetailsChanged['data']['changes'],
  generation: number,
): ContactBookEvent {
  return { type: 'ContactDetailsChanged', data: { contactId, changes, generation } };
}

/** What is true of every book at the end of an append. */
export function assertInvariants(book: ContactBook): void {
  const contacts = [...book.contacts.values()];
  for (const flag of [book.primary, book.billingDefault]) {
    assert.ok(flag === null || book.contacts.has(flag), 'a flag points to nobody');
  }
  for (const [i, contact] of contacts.entries()) {
    const twin = contacts.slice(i + 1).find(({ email }) => isSameAddress(email, contact.email));
    assert.equal(twin, undefined, 'two contacts have one address');
    assert.ok(!book.formerContacts.has(contact.contactId), 'a former contact is in the book');
  }
}

function refusalOf(decision: () => unknown): Refusal {
  try {
    decision();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  assert.fail('the command was not refused');
}

/** The book as it is now, which nothing that is done to `book` reaches. */
export function copyOf(book: ContactBook): ContactBook {
  const { contacts, formerContacts } = book;
  return { ...book, contacts: new Map(contacts), formerContacts: FormerContacts.of(formerContacts) };
}
