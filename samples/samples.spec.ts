import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { billingRoute } from '../src/contact-book/billing-route.js';
import { type ContactBook, evolve, initial } from '../src/contact-book/contact-book.js';
import { decide } from '../src/contact-book/decide.js';
import { cleanEmailAddress, normaliseEmailAddress } from '../src/contact-book/email-address.js';
import { warningsOf } from '../src/contact-book/warnings.js';
import { ID_PATTERN } from '../src/event-log/contact-book-stream.js';
import { readSampleClients, type SampleClient, type SampleContact } from './sample-clients.js';

const clients = await readSampleClients(fileURLToPath(new URL('studio-nord', import.meta.url)));
const contacts = clients.flatMap((client) => client.contacts);
const client = (clientId: string) => clients.find((candidate) => candidate.clientId === clientId)!;
const address = (typed: string) => normaliseEmailAddress(cleanEmailAddress(typed));
const addressesOf = ({ contacts: own }: SampleClient) => own.map(({ email }) => address(email));
const warnings = (clientId: string) => warningsOf(book(client(clientId))).map(({ code }) => code);

/** The book that the sample's commands lead to, by the rules of the domain. */
function book(sample: SampleClient): ContactBook {
  const rules = { maxContacts: 200, mayChangePortalAccess: true };
  const commands = [
    ...sample.contacts.map((contact, index) => ({
      type: 'AddContact' as const,
      contactId: String(index),
      ...contact,
    })),
    ...(sample.billingEmail ? [{ type: 'SetBillingEmail' as const, email: sample.billingEmail }] : []),
  ];
  return commands.reduce(
    (current, command) => decide(command, current, rules).reduce(evolve, current),
    initial(),
  );
}

describe('the sample data', () => {
  it('is a workspace of 30 clients with 200 contacts', () => {
    expect(clients).toHaveLength(30);
    expect(contacts).toHaveLength(200);
  });

  it('has an allowed id and a line about its shape for each client, no id twice', () => {
    expect(new Set(clients.map(({ clientId }) => clientId)).size).toBe(clients.length);
    for (const { clientId, about } of clients) {
      expect(clientId).toMatch(ID_PATTERN);
      expect(about).toMatch(/\.$/);
    }
  });

  it('uses reserved example domains only, so that no address is a real one', () => {
    const billingEmails = clients.flatMap(({ billingEmail }) => billingEmail ?? []);
    for (const email of [...contacts.map((contact) => contact.email), ...billingEmails]) {
      expect(address(email)).toMatch(/[@.](?:[a-z0-9-]+\.example|example\.(?:com|org|net))$/);
    }
  });

  it.each(clients.map((sample) => [sample.clientId, sample] as const))(
    'is accepted by the domain, field by field, for %s',
    (_, sample) => {
      const accepted = book(sample);
      expect(accepted.contacts.size).toBe(sample.contacts.length);
      for (const [index, { email, name, title, phone }] of sample.contacts.entries()) {
        expect(accepted.contacts.get(String(index))).toMatchObject({
          email,
          name: name?.normalize('NFC') ?? null,
          title: title ?? null,
          phone: phone ?? null,
        });
      }
    },
  );

  it.each(clients.map((sample) => [sample.clientId, sample] as const))(
    'has no address twice and each flag at most once in %s',
    (_, sample) => {
      expect(new Set(addressesOf(sample)).size).toBe(sample.contacts.length);
      expect(sample.contacts.filter(({ primary }) => primary).length).toBeLessThanOrEqual(1);
      expect(sample.contacts.filter(({ billingDefault }) => billingDefault).length).toBeLessThanOrEqual(1);
    },
  );
});

describe('the shapes in the sample data', () => {
  const containsLetterOf = (script: string) => (contact: SampleContact) =>
    new RegExp(`\\p{Script=${script}}`, 'u').test(contact.name ?? '');

  it('one person is a contact at exactly three clients, typed in more than one way', () => {
    const typed = contacts.filter(({ email }) => address(email) === 'imogen@hartley-bookkeeping.example');
    expect(typed).toHaveLength(3);
    expect(new Set(typed.map(({ email }) => email)).size).toBeGreaterThan(1);
  });

  it('some clients have no primary, and some no billing default', () => {
    expect(warnings('tenpin-alley')).toEqual(['no_primary']);
    expect(warnings('brightwater-dental')).toEqual(['no_billing_default']);
  });

  it('one client has contacts and still nobody receives its invoices', () => {
    expect(warnings('pop-up-ghosts')).toEqual(['no_primary', 'no_billing_default', 'unroutable']);
  });

  it('two clients have no contacts: one is unroutable, one is routed by its billing email', () => {
    expect(clients.filter((sample) => sample.contacts.length === 0)).toHaveLength(2);
    expect(warnings('dormant-press')).toEqual(['unroutable']);
    expect(billingRoute(book(client('paperless-partners'))).rule).toBe('billing_email');
  });

  it("one billing email is nobody's, one is a contact's own in another spelling", () => {
    expect(warnings('rosewood-audio')).toEqual(['billing_email_cannot_sign_in']);
    const quill = client('quill-and-company');
    expect(billingRoute(book(quill))).toMatchObject({ rule: 'billing_email', contactId: '1' });
    expect(quill.billingEmail).not.toBe(quill.contacts[1]!.email);
  });

  it('shared mailboxes stand beside people, mostly without portal access', () => {
    const shared = contacts.filter(({ email }) => /^(?:ap-invoices|accounts|info|office)\b/i.test(email));
    expect(shared.length).toBeGreaterThanOrEqual(10);
    expect(shared.filter(({ portalEnabled }) => portalEnabled === false)).toHaveLength(shared.length);
  });

  it('portal access is off for some, at one client for everybody', () => {
    const off = contacts.filter(({ portalEnabled }) => portalEnabled === false).length;
    expect(off).toBeGreaterThan(40);
    expect(off).toBeLessThan(100);
    expect(client('lagoon-foundation').contacts.every(({ portalEnabled }) => portalEnabled === false)).toBe(
      true,
    );
  });

  it.each([
    'Greek',
    'Cyrillic',
    'Han',
    'Katakana',
    'Arabic',
    'Hangul',
    'Devanagari',
    'Tamil',
    'Hebrew',
    'Georgian',
    'Armenian',
  ])('there are names in %s script', (script) => expect(contacts.some(containsLetterOf(script))).toBe(true));

  it('there are Latin names with marks, and one that is decomposed', () => {
    const marked = contacts.filter(({ name = '' }) => /\p{Script=Latin}\p{M}/u.test(name.normalize('NFD')));
    expect(marked.length).toBeGreaterThan(40);
    expect(contacts.filter(({ name = '' }) => name !== name.normalize('NFC'))).toHaveLength(1);
  });

  it('there are international domains, one of them typed in both of its forms', () => {
    const domains = (sample: SampleClient) =>
      new Set(sample.contacts.map(({ email }) => email.split('@')[1]!));
    const international = clients.filter((sample) =>
      [...domains(sample)].some((domain) => /[^\x20-\x7e]/.test(domain)),
    );
    expect(international.length).toBeGreaterThanOrEqual(5);
    expect(domains(client('hellas-pharos'))).toContain('φάρος.example');
    expect(domains(client('hellas-pharos'))).toContain('xn--hxa2bffq.example');
    expect(address('x@φάρος.example')).toBe('x@xn--hxa2bffq.example');
  });

  it('plus-tags make different addresses of one mailbox, and stay different', () => {
    const tagged = addressesOf(client('vega-robotics')).filter((email) => /^kat(?:\+|@)/.test(email));
    expect(tagged).toHaveLength(3);
  });

  it('there are emails in mixed case, local parts beyond ASCII, and a dotless i that a locale would fold wrongly', () => {
    expect(contacts.filter(({ email }) => /[A-Z]/.test(email)).length).toBeGreaterThanOrEqual(5);
    expect(contacts.filter(({ email }) => /^[^@]*[^\x20-\x7e]/.test(email)).length).toBeGreaterThanOrEqual(3);
    expect(addressesOf(client('ozdemir-tekstil'))).toContain('isil@ozdemir-tekstil.example');
  });

  it('some people have no name, some no title, some nothing but an address', () => {
    expect(contacts.filter(({ name }) => name === undefined).length).toBe(19);
    expect(contacts.some(({ name, title, phone }) => !name && !title && !phone)).toBe(true);
  });

  it('one title has all the hundred characters that a title may have', () => {
    expect(contacts.filter(({ title = '' }) => title.length === 100)).toHaveLength(1);
  });

  it('two people at one client have the same name', () => {
    const names = client('meridian-holdings').contacts.flatMap(({ name }) => name ?? []);
    expect(new Set(names).size).toBe(names.length - 1);
  });

  it('phones come in many forms', () => {
    const forms = new Set(
      contacts.flatMap(({ phone }) => phone?.replaceAll(/\p{Nd}+/gu, '9').replaceAll(/\p{L}+/gu, 'a') ?? []),
    );
    expect(forms.size).toBeGreaterThanOrEqual(30);
  });

  it('one client is a person alone, one is far larger than the rest', () => {
    expect(client('morales-foto').contacts).toHaveLength(1);
    expect(client('meridian-holdings').contacts).toHaveLength(26);
    expect(clients.filter((sample) => sample.contacts.length > 12)).toHaveLength(1);
  });
});
