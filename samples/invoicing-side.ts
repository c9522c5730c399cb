import type { Personal } from '../src/contact-book/erased.js';
import { type PublishedEvent, type PublishedRecord, shortId } from './published-record.js';

/** What invoicing keeps of a client: enough to know whom an invoice goes to. */
interface Addresses {
  readonly emails: Map<string, Personal>;
  primary: string | null;
  billingDefault: string | null;
  billingEmail: Personal | null;
}

/** The invoicing service's end of the topic: it needs each client's billing route, the moment that it changes. */
export class InvoicingSide {
  readonly name = 'invoicing';
  readonly concern = 'moved a billing route';
  private readonly clients = new Map<string, Addresses>();

  /** What the record means for invoices, in a few words; undefined when the billing route stays as it was. */
  learn({ clientId, event }: PublishedRecord): string | undefined {
    const client = this.clients.get(clientId) ?? {
      emails: new Map<string, Personal>(),
      primary: null,
      billingDefault: null,
      billingEmail: null,
    };
    this.clients.set(clientId, client);
    const before = routeOf(client);
    apply(event, client);
    const after = routeOf(client);
    return after === before ? undefined : `invoices go to ${after} (before: ${before})`;
  }
}

function apply({ type, data }: PublishedEvent, client: Addresses): void {
  switch (type) {
    case 'client-contacts.contact-added.v1':
      client.emails.set(data.contactId, data.email);
      break;
    case 'client-contacts.contact-details-changed.v1':
      if (data.changes.email?.after) client.emails.set(data.contactId, data.changes.email.after);
      break;
    case 'client-contacts.contact-removed.v1':
    case 'client-contacts.contact-erased.v1':
      client.emails.delete(data.contactId);
      break;
    case 'client-contacts.primary-contact-changed.v1':
      client.primary = data.to;
      break;
    case 'client-contacts.billing-default-changed.v1':
      client.billingDefault = data.to;
      break;
    case 'client-contacts.billing-email-changed.v1':
      client.billingEmail = data.to;
      break;
    case 'client-contacts.portal-access-toggled.v1':
    default: // whatever is newer than this consumer
  }
}

function routeOf({ emails, primary, billingDefault, billingEmail }: Addresses): string {
  if (typeof billingEmail === 'string') return `${billingEmail}, the billing email`;
  if (billingDefault !== null) return `${emailOf(billingDefault, emails)}, the billing default`;
  if (primary !== null) return `${emailOf(primary, emails)}, the primary`;
  return 'nobody';
}

/** A contact who was added before this consumer began is known by id alone. */
function emailOf(contactId: string, emails: ReadonlyMap<string, Personal>): string {
  const email = emails.get(contactId) ?? shortId(contactId);
  return typeof email === 'string' ? email : 'an erased contact';
}
