import type { Contact, ContactBook } from './contact-book.js';
import { cleanText, MAX_TEXT_LENGTH } from './contact-text.js';
import { cleanEmailAddress, InvalidEmailAddress } from './email-address.js';
import type { Personal } from './erased.js';
import { Refusal } from './refusal.js';

/** A contact's fields as a command brings them. Absent keeps what is there; null or '' clears a text. */
export interface ContactFields {
  readonly email?: string | undefined;
  readonly name?: string | null | undefined;
  readonly title?: string | null | undefined;
  readonly phone?: string | null | undefined;
  readonly portalEnabled?: boolean | undefined;
}

export interface PortalRules {
  /** False for a caller to whom portal access is closed: they neither turn it on or off nor move it to another address. */
  readonly mayChangePortalAccess: boolean;
}

/**
 * A contact who is not in the book yet. Portal access is on unless told otherwise, and off where the caller has no
 * say in it. `at` is the JSON pointer of the fields in the command.
 */
export function newContact(contactId: string, fields: ContactFields, rules: PortalRules, at = ''): Contact {
  const contact = {
    contactId,
    email: cleanedEmail(fields.email, `${at}/email`),
    name: textAfter(null, fields.name, 'name', at),
    title: textAfter(null, fields.title, 'title', at),
    phone: textAfter(null, fields.phone, 'phone', at),
    portalEnabled: fields.portalEnabled ?? rules.mayChangePortalAccess,
    generation: 1,
  };
  if (contact.portalEnabled && !rules.mayChangePortalAccess) deny(`${at}/portalEnabled`);
  return contact;
}

/** `contact` with new fields; the events decide on its generation. `at` is the JSON pointer of the fields. */
export function changedContact(
  contact: Contact,
  fields: ContactFields,
  rules: PortalRules,
  at = '',
): Contact {
  const changed = {
    ...contact,
    email: fields.email === undefined ? contact.email : cleanedEmail(fields.email, `${at}/email`),
    name: textAfter(contact.name, fields.name, 'name', at),
    title: textAfter(contact.title, fields.title, 'title', at),
    phone: textAfter(contact.phone, fields.phone, 'phone', at),
    portalEnabled: fields.portalEnabled ?? contact.portalEnabled,
  };
  if (!rules.mayChangePortalAccess) {
    if (changed.portalEnabled !== contact.portalEnabled) deny(`${at}/portalEnabled`);
    if (contact.portalEnabled && changed.email !== contact.email) deny(`${at}/email`);
  }
  return changed;
}

/** Ids are never used twice, not even after a removal. */
export function refuseTakenId(contactId: string, book: ContactBook): void {
  if (book.contacts.has(contactId) || book.formerContacts.has(contactId)) {
    throw new Refusal('contact_id_taken', { contactId });
  }
}

/** @throws {Refusal} `required` or `invalid_email`, at the JSON pointer. */
export function cleanedEmail(typed: string | null | undefined, pointer: string): string {
  try {
    return cleanEmailAddress(typed ?? '');
  } catch (error) {
    if (!(error instanceof InvalidEmailAddress)) throw error;
    if (error.reason === 'empty') throw new Refusal('required', { pointer });
    throw new Refusal('invalid_email', { pointer, reason: error.reason });
  }
}

function textAfter(
  before: Personal | null,
  typed: string | null | undefined,
  field: keyof typeof MAX_TEXT_LENGTH,
  at: string,
): Personal | null {
  if (typed === undefined) return before;
  return typed === null ? null : cleanedText(typed, field, at);
}

/** @throws {Refusal} `too_long`, at the JSON pointer of the field. */
export function cleanedText(typed: string, field: keyof typeof MAX_TEXT_LENGTH, at = ''): string | null {
  const text = cleanText(typed);
  const max = MAX_TEXT_LENGTH[field];
  if (text !== null && text.length > max) throw new Refusal('too_long', { pointer: `${at}/${field}`, max });
  return text;
}

function deny(pointer: string): never {
  throw new Refusal('portal_access_denied', { pointer });
}
