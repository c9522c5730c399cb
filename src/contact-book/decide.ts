import type {
  AddContact,
  ChangeContactDetails,
  ContactBookCommand,
  EraseContact,
  RemoveContact,
  SetBillingEmail,
  TogglePortalAccess,
} from './commands.js';
import { withContact, type Contact, type ContactBook } from './contact-book.js';
import {
  changedContact,
  cleanedEmail,
  newContact,
  refuseTakenId,
  type PortalRules,
} from './contact-fields.js';
import { isSameAddress } from './email-address.js';
import { eraseContact } from './erase-contact.js';
import type { ContactBookEvent } from './events.js';
import { eventsBetween } from './events-between.js';
import type { KnownPast } from './known-past.js';
import { Refusal } from './refusal.js';
import { replaceContacts } from './replace-contacts.js';

export interface Rules extends PortalRules {
  /** The limit to which a book may grow; one that is above it already may stay there and shrink. */
  readonly maxContacts: number;
}

/**
 * The facts that a command gives, for one append; none when it changes nothing. Only an erasure needs the `past`, that
 * of this very book.
 *
 * @throws {Refusal} when the rules forbid it.
 */
export function decide(
  command: ContactBookCommand,
  book: ContactBook,
  rules: Rules,
  past?: KnownPast,
): ContactBookEvent[] {
  if (command.type === 'EraseContact') return eraseContact(command, book, knownPast(past));
  const desired = desiredBook(command, book, rules);
  const { size } = desired.contacts;
  if (size > rules.maxContacts && size > book.contacts.size) {
    throw new Refusal('too_many_contacts', { max: rules.maxContacts });
  }
  return eventsBetween(book, desired);
}

/** The book as the command wants it. */
function desiredBook(
  command: Exclude<ContactBookCommand, EraseContact>,
  book: ContactBook,
  rules: Rules,
): ContactBook {
  switch (command.type) {
    case 'AddContact':
      return addContact(command, book, rules);
    case 'ChangeContactDetails':
      return changeContactDetails(command, book, rules);
    case 'RemoveContact':
      return removeContact(command, book);
    case 'SetPrimaryContact':
      return { ...book, primary: holder(command.contactId, book) };
    case 'SetBillingDefault':
      return { ...book, billingDefault: holder(command.contactId, book) };
    case 'SetBillingEmail':
      return setBillingEmail(command, book);
    case 'TogglePortalAccess':
      return togglePortalAccess(command, book, rules);
    case 'ReplaceContacts':
      return replaceContacts(command, book, rules);
    default:
      return neverHappens(command);
  }
}

function knownPast(past: KnownPast | undefined): KnownPast {
  if (!past) throw new Error('an erasure is decided on the past of the book');
  return past;
}

function addContact(command: AddContact, book: ContactBook, rules: Rules): ContactBook {
  const { contactId } = command;
  const contact = newContact(contactId, command, rules);
  refuseTakenEmail(contact, book);
  refuseTakenId(contactId, book);
  return {
    ...withContact(book, contact),
    primary: command.primary ? contactId : book.primary,
    billingDefault: command.billingDefault ? contactId : book.billingDefault,
  };
}

function changeContactDetails(command: ChangeContactDetails, book: ContactBook, rules: Rules): ContactBook {
  const { contactId, email, name, title, phone } = command;
  const contact = existing(contactId, book, '/contactId');
  if (email === null) throw new Refusal('required', { pointer: '/email' });
  const changed = changedContact(contact, { email, name, title, phone }, rules);
  refuseTakenEmail(changed, book);
  return withContact(book, changed);
}

function removeContact({ contactId, successorId }: RemoveContact, book: ContactBook): ContactBook {
  existing(contactId, book, '/contactId');
  if (successorId !== undefined) existing(successorId, book, '/successorId');
  if (successorId === contactId) {
    throw new Refusal('successor_leaves', { pointer: '/successorId', contactId });
  }
  const inherited = (flag: string | null) => (flag === contactId ? (successorId ?? null) : flag);
  return {
    ...book,
    contacts: new Map([...book.contacts].filter(([id]) => id !== contactId)),
    primary: inherited(book.primary),
    billingDefault: inherited(book.billingDefault),
  };
}

function setBillingEmail({ email }: SetBillingEmail, book: ContactBook): ContactBook {
  return { ...book, billingEmail: email === null ? null : cleanedEmail(email, '/email') };
}

function togglePortalAccess(command: TogglePortalAccess, book: ContactBook, rules: Rules): ContactBook {
  const contact = existing(command.contactId, book, '/contactId');
  if (contact.portalEnabled !== command.enabled && !rules.mayChangePortalAccess) {
    throw new Refusal('portal_access_denied', { pointer: '/enabled' });
  }
  return withContact(book, { ...contact, portalEnabled: command.enabled });
}

function holder(contactId: string | null, book: ContactBook): string | null {
  return contactId === null ? null : existing(contactId, book, '/contactId').contactId;
}

function existing(contactId: string, book: ContactBook, pointer: string): Contact {
  const contact = book.contacts.get(contactId);
  if (!contact) throw new Refusal('contact_not_found', { pointer, contactId });
  return contact;
}

function refuseTakenEmail(contact: Contact, book: ContactBook): void {
  for (const { contactId, email } of book.contacts.values()) {
    if (contactId !== contact.contactId && isSameAddress(email, contact.email)) {
      throw new Refusal('duplicate_email', { pointer: '/email', contactId });
    }
  }
}

function neverHappens(command: never): never {
  throw new Error(`unknown command type ${(command as { type: string }).type}`);
}
