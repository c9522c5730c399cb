import type { ContactBook } from '../contact-book/contact-book.js';
import type { RecordedEvent } from '../event-log/stored-form.js';

/** What is said to others, and the version of the schema that the data keeps to: `contact-added.v1`. */
export interface IntegrationEvent {
  readonly type: `${string}.v${number}`;
  readonly data: object;
}

/**
 * A domain event as others know it. The one place where the two meet: stored events are upcast on their way here,
 * and what leaves keeps to contracts/schemas, whatever becomes of the domain.
 *
 * @param after the client's book right after the event
 */
export function integrationEvent({ event, revision }: RecordedEvent, after: ContactBook): IntegrationEvent {
  switch (event.type) {
    case 'ContactAdded': {
      const { contactId, email, name = null, title = null, phone = null, portalEnabled } = event.data;
      const data = { contactId, email, name, title, phone, portalEnabled, generation: 1 };
      return { type: 'contact-added.v1', data };
    }
    case 'ContactDetailsChanged': {
      const { contactId, changes, generation } = event.data;
      return { type: 'contact-details-changed.v1', data: { contactId, changes, generation } };
    }
    case 'ContactRemoved': {
      const { contactId } = event.data;
      return {
        type: 'contact-removed.v1',
        data: { contactId, generation: lastGeneration(contactId, after) },
      };
    }
    case 'PrimaryContactChanged': {
      const { from, to } = event.data;
      return { type: 'primary-contact-changed.v1', data: { from, to } };
    }
    case 'BillingDefaultChanged': {
      const { from, to } = event.data;
      return { type: 'billing-default-changed.v1', data: { from, to } };
    }
    case 'PortalAccessToggled': {
      const { contactId, enabled, generation } = event.data;
      return { type: 'portal-access-toggled.v1', data: { contactId, enabled, generation } };
    }
    case 'BillingEmailChanged': {
      const { from, to } = event.data;
      return { type: 'billing-email-changed.v1', data: { from, to } };
    }
    case 'ContactErased': {
      const { contactId } = event.data;
      return { type: 'contact-erased.v1', data: { contactId, generation: lastGeneration(contactId, after) } };
    }
    // It tells nothing but that the revision is no gap.
    case 'Ignored':
      return { type: 'skipped.v1', data: { revision } };
    default:
      return neverHappens(event);
  }
}

function lastGeneration(contactId: string, { formerContacts }: ContactBook): number {
  return formerContacts.get(contactId)!.generation;
}

function neverHappens(event: never): never {
  throw new Error(`unknown event type ${(event as { type: string }).type}`);
}
