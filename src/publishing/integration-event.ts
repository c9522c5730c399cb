import type { Message } from 'kafkajs';
import { clientKey } from '../event-log/contact-book-stream.js';
import type { RecordedEvent } from '../event-log/stored-form.js';
import { partitionOf } from './partitions.js';

/** What each domain event is called outside: a contract of its own, one to one with the log. */
const externalTypes: Record<RecordedEvent['event']['type'], string> = {
  ContactAdded: 'client-contacts.contact-added.v1',
  ContactDetailsChanged: 'client-contacts.contact-details-changed.v1',
  ContactRemoved: 'client-contacts.contact-removed.v1',
  PrimaryContactChanged: 'client-contacts.primary-contact-changed.v1',
  BillingDefaultChanged: 'client-contacts.billing-default-changed.v1',
  PortalAccessToggled: 'client-contacts.portal-access-toggled.v1',
  BillingEmailChanged: 'client-contacts.billing-email-changed.v1',
  ContactErased: 'client-contacts.contact-erased.v1',
  // It tells nothing but that the revision is no gap.
  Ignored: 'client-contacts.skipped.v1',
};

/**
 * The record that tells others of this event, for a topic of so many partitions: a CloudEvent 1.0 in Kafka's
 * binary content mode.
 */
export function integrationEvent(recorded: RecordedEvent, partitions: number): Message {
  const { client, event, eventId, revision, recordedAt, correlationId, causationId } = recorded;
  const key = clientKey(client);
  return {
    key,
    partition: partitionOf(key, partitions),
    value: JSON.stringify(event.data),
    headers: {
      ce_specversion: '1.0',
      ce_id: eventId,
      ce_type: externalTypes[event.type],
      ce_source: '/client-contacts',
      ce_subject: key,
      ce_time: recordedAt.toISOString(),
      ce_partitionkey: key,
      ce_sequence: String(revision),
      ce_correlationid: correlationId,
      ce_causationid: causationId,
      'content-type': 'application/json',
    },
  };
}
