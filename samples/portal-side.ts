import type { PublishedRecord } from './published-record.js';

/** The portal service's end of the topic: it asks over REST who may sign in, and learns here whose sessions end. */
export class PortalSide {
  readonly name = 'portal';

  /** What the record means for sign-in, in a few words; undefined when it ends no session and opens no door. */
  learn({ event: { type, data } }: PublishedRecord): string | undefined {
    switch (type) {
      case 'client-contacts.portal-access-toggled.v1':
        return data.enabled
          ? `${data.contactId} may sign in again, generation ${data.generation}: old links stay dead`
          : `${data.contactId} may not sign in: generation ${data.generation}, so links and sessions of an older one are dead`;
      case 'client-contacts.contact-details-changed.v1':
        return data.changes.email
          ? `${data.contactId} has another email: generation ${data.generation}, so links and sessions of an older one are dead`
          : undefined;
      case 'client-contacts.contact-removed.v1':
      case 'client-contacts.contact-erased.v1':
        return `${data.contactId} is gone: all their links and sessions are dead`;
      case 'client-contacts.contact-added.v1':
      case 'client-contacts.primary-contact-changed.v1':
      case 'client-contacts.billing-default-changed.v1':
      case 'client-contacts.billing-email-changed.v1':
      default: // whatever is newer than this consumer
        return undefined;
    }
  }
}
