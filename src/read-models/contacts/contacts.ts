import { billingRoute } from '../../contact-book/billing-route.js';
import type { ContactBook } from '../../contact-book/contact-book.js';
import { warningsOf } from '../../contact-book/warnings.js';
import { EMPTY_BOOK } from '../../event-log/contact-book-log.js';
import type { ReadModel } from '../read-model.js';
import { ServedDocuments } from '../served-documents.js';
import type { ClientSummary } from './client-summary.js';
import { searchKeysOf, type SearchKeys } from './search-keys.js';

/** What is added to the contact book for those who look over a whole workspace. */
export interface ContactsView {
  readonly summary: ClientSummary;
  readonly searchKeys: readonly SearchKeys[];
}

/** The contact book as it stands, in a form that can be searched. */
export const contacts: ReadModel<ContactsView> = {
  name: 'contacts',
  version: 1,
  indexes: [
    { key: { workspaceId: 1, clientId: 1 } },
    { key: { workspaceId: 1, 'view.searchKeys.email': 1, clientId: 1 } },
    { key: { workspaceId: 1, 'view.searchKeys.name': 1, clientId: 1 } },
    { key: { workspaceId: 1, 'view.searchKeys.title': 1, clientId: 1 } },
  ],
  initial: viewOf(EMPTY_BOOK.book),
  fold: (_, appends) => viewOf(appends.at(-1)!.after),
};

/** Where its documents are read. */
export class ContactsDocuments extends ServedDocuments<ContactsView> {}

function viewOf(book: ContactBook): ContactsView {
  const contacts = [...book.contacts.values()];
  const { status, rule } = billingRoute(book);
  return {
    summary: {
      contacts: contacts.length,
      portalEnabled: contacts.filter(({ portalEnabled }) => portalEnabled).length,
      primary: book.primary,
      billingDefault: book.billingDefault,
      hasBillingEmail: book.billingEmail !== null,
      billingRoute: { status, rule },
      warnings: warningsOf(book).map(({ code }) => code),
    },
    searchKeys: contacts.map((contact) => searchKeysOf(book, contact)),
  };
}
