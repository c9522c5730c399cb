import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { billingRoute } from './billing-route.js';
import { initial, type ContactBook } from './contact-book.js';
import {
  added,
  billingDefaultChanged,
  billingEmailChanged,
  bookOf,
  primaryChanged,
} from './contact-book.given-when-then.js';
import { ERASED, isErased, type Personal } from './erased.js';

const primary = primaryChanged(null, 'ann');
const billingDefault = billingDefaultChanged(null, 'bob');
const billingEmail = (to: Personal) => billingEmailChanged(null, to);
const people = [added('ann'), added('bob')];

describe('who receives the invoices', () => {
  it('the billing email, if set, even when it is no contact’s (row 18)', () => {
    expect(
      billingRoute(bookOf([...people, primary, billingDefault, billingEmail('pay@client.example')])),
    ).toEqual({
      status: 'routed',
      rule: 'billing_email',
      email: 'pay@client.example',
      contactId: null,
      passedOver: [
        { rule: 'billing_default', contactId: 'bob', reason: 'outranked' },
        { rule: 'primary', contactId: 'ann', reason: 'outranked' },
      ],
    });
  });

  it('the billing email names the contact whose address it is, however it is typed (row 17)', () => {
    expect(billingRoute(bookOf([...people, billingEmail('BOB@client.example')]))).toMatchObject({
      rule: 'billing_email',
      email: 'BOB@client.example',
      contactId: 'bob',
    });
  });

  it('else the billing default', () => {
    expect(billingRoute(bookOf([...people, primary, billingDefault]))).toEqual({
      status: 'routed',
      rule: 'billing_default',
      email: 'bob@client.example',
      contactId: 'bob',
      passedOver: [
        { rule: 'billing_email', reason: 'not_set' },
        { rule: 'primary', contactId: 'ann', reason: 'outranked' },
      ],
    });
  });

  it('the billing default even when their portal access is off (row 19)', () => {
    const book = bookOf([added('bob', { portalEnabled: false }), billingDefault]);
    expect(billingRoute(book)).toMatchObject({ rule: 'billing_default', contactId: 'bob' });
  });

  it('else the primary', () => {
    expect(billingRoute(bookOf([...people, primary]))).toEqual({
      status: 'routed',
      rule: 'primary',
      email: 'ann@client.example',
      contactId: 'ann',
      passedOver: [
        { rule: 'billing_email', reason: 'not_set' },
        { rule: 'billing_default', reason: 'not_set' },
      ],
    });
  });

  it('else nobody, which is an answer', () => {
    for (const book of [initial(), bookOf(people)]) {
      expect(billingRoute(book)).toEqual({
        status: 'unroutable',
        rule: 'none',
        email: null,
        contactId: null,
        passedOver: [
          { rule: 'billing_email', reason: 'not_set' },
          { rule: 'billing_default', reason: 'not_set' },
          { rule: 'primary', reason: 'not_set' },
        ],
      });
    }
  });

  it('nobody in the place of someone whose address is erased: the next rule never fired', () => {
    expect(
      billingRoute(bookOf([added('ann'), added('bob', { email: ERASED }), primary, billingDefault])),
    ).toEqual({
      status: 'unroutable',
      rule: 'none',
      email: null,
      contactId: null,
      passedOver: [
        { rule: 'billing_email', reason: 'not_set' },
        { rule: 'billing_default', contactId: 'bob', reason: 'erased' },
        { rule: 'primary', contactId: 'ann', reason: 'outranked' },
      ],
    });
    expect(billingRoute(bookOf([added('ann'), primary, billingEmail(ERASED)]))).toMatchObject({
      status: 'unroutable',
      passedOver: [
        { rule: 'billing_email', reason: 'erased' },
        { rule: 'billing_default', reason: 'not_set' },
        { rule: 'primary', contactId: 'ann', reason: 'outranked' },
      ],
    });
  });
});

describe('for any book', () => {
  const address = fc.constantFrom<Personal>(
    'a@client.example',
    'B@client.example',
    'c@client.example',
    ERASED,
  );
  const flag = fc.option(fc.constantFrom('0', '1', '2', '3'));
  const anyBook = fc
    .record({
      emails: fc.array(address, { maxLength: 4 }),
      flags: fc.record({ primary: flag, billingDefault: flag, billingEmail: fc.option(address) }),
    })
    .map(({ emails, flags }): ContactBook => ({
      ...bookOf(emails.map((email, i) => added(String(i), { email }))),
      ...flags,
    }));

  it('there is an answer: the first address by precedence unless it is erased, and every other rule is accounted for', () => {
    fc.assert(
      fc.property(anyBook, (book) => {
        const emailOf = (flag: string | null) =>
          flag === null ? null : (book.contacts.get(flag)?.email ?? null);
        const addresses = [book.billingEmail, emailOf(book.billingDefault), emailOf(book.primary)];
        const route = billingRoute(book);
        const first = addresses.find((email) => email !== null) ?? null;
        expect(route.email).toBe(first !== null && isErased(first) ? null : first);
        expect(route.status).toBe(route.email === null ? 'unroutable' : 'routed');

        const rules = ['billing_email', 'billing_default', 'primary'];
        expect(route.passedOver.map(({ rule }) => rule)).toEqual(rules.filter((rule) => rule !== route.rule));
      }),
      { numRuns: 1000 },
    );
  });
});
