import type { ContactRow, ReplaceContacts } from './commands.js';
import type { ContactBook } from './contact-book.js';
import {
  changedContact,
  cleanedEmail,
  newContact,
  refuseTakenId,
  type ContactFields,
  type PortalRules,
} from './contact-fields.js';
import { normaliseEmailAddress } from './email-address.js';
import { isErased } from './erased.js';
import { Refusal, type RefusalDetails } from './refusal.js';

/**
 * The book whose contacts and flags are exactly those of the rows. A row is the contact with its id; without an id
 * the contact with its email, unless another row claims that one by id; else a new contact. Only the outcome must be
 * valid, so two contacts may swap their emails. Contacts who stay keep their place, new ones follow in row order.
 *
 * @throws {Refusal} naming the rows; then none of them has been applied.
 */
export function replaceContacts(
  command: ReplaceContacts,
  book: ContactBook,
  rules: PortalRules,
): ContactBook {
  const rows = command.contacts;
  if (rows.length === 0 && !command.allowEmpty) {
    throw new Refusal('allow_empty_required', { pointer: '/allowEmpty' });
  }
  const emails = rows.map((row, i) => normaliseEmailAddress(cleanedEmail(row.email, `/contacts/${i}/email`)));
  refuseUnknown(rows, book);
  refuseConflicts('contactId', rows, ({ contactId }) => contactId);
  refuseConflicts('email', emails, (email) => email);
  refuseConflicts('primary', rows, ({ primary }) => primary || undefined);
  refuseConflicts('billingDefault', rows, ({ billingDefault }) => billingDefault || undefined);

  const ids = contactIds(command, emails, book);
  const desired = new Map([...book.contacts].filter(([contactId]) => ids.includes(contactId)));
  rows.forEach((row, i) => {
    const contactId = ids[i]!;
    const contact = book.contacts.get(contactId);
    const at = `/contacts/${i}`;
    desired.set(
      contactId,
      contact ? changedContact(contact, wholeContact(row), rules, at) : newContact(contactId, row, rules, at),
    );
  });
  const holder = (flag: 'primary' | 'billingDefault') => ids[rows.findIndex((row) => row[flag])] ?? null;
  return { ...book, contacts: desired, primary: holder('primary'), billingDefault: holder('billingDefault') };
}

/** The id of each row's contact. */
function contactIds(command: ReplaceContacts, emails: readonly string[], book: ContactBook): string[] {
  const claimed = new Set(command.contacts.map((row) => row.contactId));
  const byEmail = new Map<string, string>();
  for (const { contactId, email } of book.contacts.values()) {
    if (!claimed.has(contactId) && !isErased(email)) byEmail.set(normaliseEmailAddress(email), contactId);
  }
  const ids = command.contacts.map(
    (row, i) => row.contactId ?? byEmail.get(emails[i]!) ?? freshId(command.newContactIds[i], book),
  );
  if (new Set(ids).size < ids.length) throw new Error('the ids of new contacts are not distinct');
  return ids;
}

function freshId(contactId: string | undefined, book: ContactBook): string {
  if (contactId === undefined) throw new Error('a row needs an id in case its contact is new');
  refuseTakenId(contactId, book);
  return contactId;
}

function wholeContact({
  email,
  name = null,
  title = null,
  phone = null,
  portalEnabled,
}: ContactRow): ContactFields {
  return { email, name, title, phone, portalEnabled };
}

function refuseUnknown(rows: readonly ContactRow[], book: ContactBook): void {
  const unknown = [...rows.keys()].filter((i) => {
    const contactId = rows[i]!.contactId;
    return contactId !== undefined && !book.contacts.has(contactId);
  });
  if (unknown.length > 0) throw new Refusal('unknown_contacts', { rows: unknown });
}

/** Refuses the first value that several rows have; undefined is no value. */
function refuseConflicts<Row>(
  field: RefusalDetails['conflicting_rows']['field'],
  rows: readonly Row[],
  valueOf: (row: Row) => string | true | undefined,
): void {
  const rowsByValue = new Map<string | true, number[]>();
  rows.forEach((row, i) => {
    const value = valueOf(row);
    if (value === undefined) return;
    const same = rowsByValue.get(value);
    if (same) same.push(i);
    else rowsByValue.set(value, [i]);
  });
  const conflicting = [...rowsByValue.values()].find(({ length }) => length > 1);
  if (conflicting) throw new Refusal('conflicting_rows', { field, rows: conflicting });
}
