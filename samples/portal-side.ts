import { type PublishedRecord, shortId } from './published-record.js';

/** The portal service's end of the topic: it asks over REST who may sign in, and learns here whose sessions end. */
export class PortalSide {
  readonly name = 'portal';
  readonly concern = 'ended or opened access';

  /** What the record means for sign-in, in a few words; undefined when it ends no session and opens no door. */
  learn({ event: { type, data } }: PublishedRecord): string | undefined {
    switch (type) {
      case 'client-contacts.portal-access-toggled.v1': {
        const may = data.enabled ? 'may' : 'may not';
        return `contact ${shortId(data.contactId)} ${may} sign in; ${older(data.generation)}`;
      }
      case 'client-contacts.contact-details-changed.v1':
        return data.changes.email
          ? `contact ${shortId(data.contactId)} has another email; ${older(data.generation)}`
          : undefined;
      case 'client-contacts.contact-removed.v1':
      case 'client-contacts.contact-erased.v1':
        return `contact ${shortId(data.contactId)} is gone; all links and sessions are dead`;
      case 'client-contacts.contact-added.v1':
      case 'client-contacts.primary-contact-changed.v1':
      case 'client-contacts.billing-default-changed.v1':
      case 'client-contacts.billing-email-changed.v1':
      default: // whatever is newer than this consumer
        return undefined;
    }
  }
}

function older(generation: number): string {
  return `links and sessions before generation ${generation} are dead`;
}
