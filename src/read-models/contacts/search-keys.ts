import { domainToUnicode } from 'node:url';
import type { Contact, ContactBook } from '../../contact-book/contact-book.js';
import { normaliseEmailAddress } from '../../contact-book/email-address.js';
import { isErased, type Personal } from '../../contact-book/erased.js';

/** What a contact is found by. What was erased can't be searched. */
export interface SearchKeys {
  readonly contactId: string;
  /** The address and its domain, the domain in both of its forms: it is found by how any of them begins. */
  readonly email: readonly string[];
  /** The words, each of which it is found by the beginning of. */
  readonly name: readonly string[];
  readonly title: readonly string[];
  readonly primary: boolean;
  readonly billingDefault: boolean;
  readonly portalEnabled: boolean;
}

export function searchKeysOf(book: ContactBook, contact: Contact): SearchKeys {
  const { contactId, email, name, title, portalEnabled } = contact;
  return {
    contactId,
    email: isErased(email) ? [] : addressKeys(normaliseEmailAddress(email)),
    name: wordsOfPersonal(name),
    title: wordsOfPersonal(title),
    primary: book.primary === contactId,
    billingDefault: book.billingDefault === contactId,
    portalEnabled,
  };
}

/** A text as it compares: Unicode NFC in lower case whatever the locale. Accents count. */
export function searchForm(text: string): string {
  return text.normalize('NFC').toLowerCase().replaceAll('ς', 'σ').normalize('NFC');
}

/** The words of a text as they compare, parted at everything that is neither letter, mark nor digit. */
export function wordsOf(text: string): string[] {
  return [...new Set(searchForm(text).match(/[\p{L}\p{M}\p{N}]+/gu))];
}

function wordsOfPersonal(text: Personal | null): string[] {
  return text === null || isErased(text) ? [] : wordsOf(text);
}

function addressKeys(address: string): string[] {
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  const domains = [domain, domainToUnicode(domain) || domain];
  return [...new Set(domains.flatMap((domain) => [`${address.slice(0, at)}@${domain}`, domain]))];
}
