import { describe, expect, it } from '@jest/globals';
import { initial } from './contact-book.js';
import {
  added,
  billingDefaultChanged,
  billingEmailChanged,
  bookOf,
  primaryChanged,
  removed,
} from './contact-book.given-when-then.js';
import { ERASED, type Personal } from './erased.js';
import type { ContactBookEvent } from './events.js';
import { warningsOf } from './warnings.js';

const primary = primaryChanged(null, 'ann');
const billingDefault = billingDefaultChanged(null, 'ann');
const billingEmail = (to: Personal) => billingEmailChanged(null, to);
const warned = (...events: ContactBookEvent[]) => warningsOf(bookOf(events)).map(({ code }) => code);

describe('the book warns', () => {
  it('of flags that nobody holds, and of being unroutable (row 1)', () => {
    expect(warned(added('ann'))).toEqual(['no_primary', 'no_billing_default', 'unroutable']);
    expect(warned(added('ann'), primary)).toEqual(['no_billing_default']);
    expect(warned(added('ann'), billingDefault)).toEqual(['no_primary']);
  });

  it('of nothing when both flags are held, even where the portal access of the holder is off (row 19)', () => {
    expect(warned(added('ann', { portalEnabled: false }), primary, billingDefault)).toEqual([]);
  });

  it('that nobody can be reached once the last contact is gone and no billing email is set (row 7)', () => {
    const gone: ContactBookEvent = removed('ann');
    expect(warned(added('ann'), gone)).toEqual(['unroutable']);
    expect(warningsOf(initial())).toEqual([{ code: 'unroutable' }]);
    expect(warned(billingEmail('ann@client.example'), added('ann'), gone)).not.toContain('unroutable');
  });

  it('that a billing email which is no contact can’t sign in (row 18)', () => {
    expect(warned(added('ann'), primary, billingDefault, billingEmail('pay@client.example'))).toEqual([
      'billing_email_cannot_sign_in',
    ]);
    expect(warned(billingEmail('pay@client.example'))).toEqual(['billing_email_cannot_sign_in']);
  });

  it('not of a billing email that is a contact’s, however it is typed (row 17)', () => {
    expect(warned(added('ann'), primary, billingDefault, billingEmail('ANN@client.example'))).toEqual([]);
  });

  it('of being unroutable when the only address is erased', () => {
    expect(warned(billingEmail(ERASED))).toEqual(['unroutable']);
  });
});
