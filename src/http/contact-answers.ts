import type { BillingRoute } from '../contact-book/billing-route.js';
import type { Personal } from '../contact-book/erased.js';
import { type Warning, warningsOf } from '../contact-book/warnings.js';
import type { BookAtRevision } from '../event-log/contact-book-log.js';
import type { Revision } from '../event-log/event-store.js';
import type { BillingRouting } from '../read-models/billing-routing/billing-routing.js';
import type { ReadOfClient } from '../read-models/read-model-reader.js';

export interface ContactAnswer {
  readonly contactId: string;
  readonly email: Personal;
  readonly name: Personal | null;
  readonly title: Personal | null;
  readonly phone: Personal | null;
  readonly primary: boolean;
  readonly billingDefault: boolean;
  readonly portalEnabled: boolean;
}

export interface ContactBookAnswer {
  readonly revision: Revision;
  readonly contacts: readonly ContactAnswer[];
  readonly billingEmail: Personal | null;
  readonly warnings: readonly Warning[];
}

export interface BillingRouteAnswer extends BillingRoute {
  readonly revision: Revision;
  readonly source: 'read_model' | 'log';
}

/** A contact book as the API shows it, with what is likely to be regretted. */
export function contactBookAnswer({ book, revision }: BookAtRevision): ContactBookAnswer {
  return {
    revision,
    contacts: [...book.contacts.values()].map(({ contactId, email, name, title, phone, portalEnabled }) => ({
      contactId,
      email,
      name,
      title,
      phone,
      primary: book.primary === contactId,
      billingDefault: book.billingDefault === contactId,
      portalEnabled,
    })),
    billingEmail: book.billingEmail,
    warnings: warningsOf(book),
  };
}

export function billingRouteAnswer({
  view,
  revision,
  source,
}: ReadOfClient<BillingRouting>): BillingRouteAnswer {
  const { status, rule, email, contactId, passedOver } = view.route;
  return { status, rule, email, contactId, passedOver, revision, source };
}
