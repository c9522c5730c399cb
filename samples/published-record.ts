import type { KafkaMessage } from 'kafkajs';
import type {
  BillingDefaultChanged,
  BillingEmailChanged,
  ContactAdded,
  ContactDetailsChanged,
  ContactErased,
  ContactRemoved,
  PortalAccessToggled,
  PrimaryContactChanged,
} from '../src/contact-book/events.js';

export const EVENTS_TOPIC = 'client-contacts.events';

/** What a record says, by its type, the way consumers read it. */
export type PublishedEvent =
  | { readonly type: 'client-contacts.contact-added.v1'; readonly data: ContactAdded['data'] }
  | {
      readonly type: 'client-contacts.contact-details-changed.v1';
      readonly data: ContactDetailsChanged['data'];
    }
  | { readonly type: 'client-contacts.contact-removed.v1'; readonly data: ContactRemoved['data'] }
  | { readonly type: 'client-contacts.contact-erased.v1'; readonly data: ContactErased['data'] }
  | {
      readonly type: 'client-contacts.primary-contact-changed.v1';
      readonly data: PrimaryContactChanged['data'];
    }
  | {
      readonly type: 'client-contacts.billing-default-changed.v1';
      readonly data: BillingDefaultChanged['data'];
    }
  | { readonly type: 'client-contacts.billing-email-changed.v1'; readonly data: BillingEmailChanged['data'] }
  | { readonly type: 'client-contacts.portal-access-toggled.v1'; readonly data: PortalAccessToggled['data'] };

export interface PublishedRecord {
  readonly workspaceId: string;
  readonly clientId: string;
  /** Contiguous within a client, from 0. */
  readonly revision: number;
  /** A consumer meets types that are newer than itself, and passes over them. */
  readonly event: PublishedEvent;
}

/** Reads a record: a CloudEvent in binary content mode, keyed by `<workspace>/<client>`. */
export function publishedRecord({ key, value, headers = {} }: KafkaMessage): PublishedRecord {
  const [workspaceId = '', clientId = ''] = String(key).split('/');
  const event = { type: String(headers['ce_type']), data: JSON.parse(String(value)) as unknown };
  return {
    workspaceId,
    clientId,
    revision: Number(headers['ce_sequence']),
    event: event as PublishedEvent,
  };
}

/** Enough of a contact's id to tell it from others on a screen. */
export function shortId(contactId: string): string {
  return `${contactId.slice(0, 8)}…`;
}

/** A type without what all of them share: `contact-added`. */
export function shortType({ event: { type } }: PublishedRecord): string {
  return type.replace(/^client-contacts\./, '').replace(/\.v\d+$/, '');
}
