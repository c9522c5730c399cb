import type { Contact, ContactBook } from './contact-book.js';
import { isSameAddress } from './email-address.js';
import {
  type Change,
  CONTACT_FIELDS,
  type ContactAdded,
  type ContactBookEvent,
  type ContactField,
} from './events.js';

/**
 * The facts that lead from one book to another, in the order of an append: flags vacated, removals, changes,
 * additions, flags set; none when the books are alike. Generations in `after` are not looked at: they follow from
 * the facts.
 *
 * A flag that moves is one event among the flags set, unless its holder leaves: then it is vacated before they go,
 * and set when everyone is there. So a flag never points to nobody, not even in the middle of an append.
 */
export function eventsBetween(before: ContactBook, after: ContactBook): ContactBookEvent[] {
  const primary = flagMoves(before.primary, after.primary, after);
  const billingDefault = flagMoves(before.billingDefault, after.billingDefault, after);
  const events: ContactBookEvent[] = [];

  if (primary.vacated) events.push({ type: 'PrimaryContactChanged', data: primary.vacated });
  if (billingDefault.vacated) events.push({ type: 'BillingDefaultChanged', data: billingDefault.vacated });
  for (const contactId of before.contacts.keys()) {
    if (!after.contacts.has(contactId)) events.push({ type: 'ContactRemoved', data: { contactId } });
  }
  for (const contact of before.contacts.values()) {
    const changed = after.contacts.get(contact.contactId);
    if (changed) events.push(...contactChanges(contact, changed));
  }
  for (const contact of after.contacts.values()) {
    if (!before.contacts.has(contact.contactId)) events.push(addition(contact));
  }
  if (primary.set) events.push({ type: 'PrimaryContactChanged', data: primary.set });
  if (billingDefault.set) events.push({ type: 'BillingDefaultChanged', data: billingDefault.set });
  if (before.billingEmail !== after.billingEmail) {
    const data = { from: before.billingEmail, to: after.billingEmail };
    events.push({ type: 'BillingEmailChanged', data });
  }
  return events;
}

interface Move {
  readonly from: string | null;
  readonly to: string | null;
}

function flagMoves(
  from: string | null,
  to: string | null,
  after: ContactBook,
): { vacated?: Move; set?: Move } {
  if (from === to) return {};
  if (to === null) return { vacated: { from, to } };
  const holderLeaves = from !== null && !after.contacts.has(from);
  return holderLeaves ? { vacated: { from, to: null }, set: { from: null, to } } : { set: { from, to } };
}

function contactChanges(before: Contact, after: Contact): ContactBookEvent[] {
  const { contactId } = before;
  const events: ContactBookEvent[] = [];
  let { generation } = before;

  const changed = CONTACT_FIELDS.filter((field) => before[field] !== after[field]);
  if (changed.length > 0) {
    if (changed.includes('email') && !isSameAddress(before.email, after.email)) generation += 1;
    const changes: { [Field in ContactField]?: Change } = Object.fromEntries(
      changed.map((field) => [field, { before: before[field], after: after[field] }]),
    );
    events.push({ type: 'ContactDetailsChanged', data: { contactId, changes, generation } });
  }
  if (before.portalEnabled !== after.portalEnabled) {
    const enabled = after.portalEnabled;
    if (!enabled) generation += 1;
    events.push({ type: 'PortalAccessToggled', data: { contactId, enabled, generation } });
  }
  return events;
}

function addition({ contactId, email, name, title, phone, portalEnabled }: Contact): ContactAdded {
  return {
    type: 'ContactAdded',
    data: {
      contactId,
      email,
      ...(name !== null && { name }),
      ...(title !== null && { title }),
      ...(phone !== null && { phone }),
      portalEnabled,
    },
  };
}
