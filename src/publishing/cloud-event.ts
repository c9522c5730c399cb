import type { Message } from 'kafkajs';
import { clientKey } from '../event-log/contact-book-stream.js';
import type { RecordedEvent } from '../event-log/stored-form.js';
import type { IntegrationEvent } from './integration-event.js';
import { partitionOf } from './partitions.js';

/** Enough digits for every revision, so that they compare as text as they do as numbers. */
const SEQUENCE_DIGITS = 10;

/** What a record says beside its data. */
export interface Envelope {
  /** The event that it comes from, or by which the state that it tells came about. */
  readonly recorded: Pick<
    RecordedEvent,
    'client' | 'revision' | 'recordedAt' | 'correlationId' | 'causationId' | 'traceparent'
  >;
  readonly id: string;
  /** What it is about, which is also the record's key. */
  readonly subject: string;
  /** Whether it is the last record of its append on this topic. */
  readonly endsAppend: boolean;
}

/** A record in CloudEvents' binary content mode, for a topic of so many partitions. */
export function cloudEvent(
  { type, data }: IntegrationEvent,
  { recorded, id, subject, endsAppend }: Envelope,
  partitions: number,
): Message {
  const { client, revision, recordedAt, correlationId, causationId, traceparent } = recorded;
  const partitionKey = clientKey(client);
  return {
    key: subject,
    partition: partitionOf(partitionKey, partitions),
    value: JSON.stringify(data),
    headers: {
      ...commonHeaders(type),
      ce_id: id,
      ce_subject: subject,
      ce_time: recordedAt.toISOString(),
      ce_partitionkey: partitionKey,
      ce_sequence: String(revision).padStart(SEQUENCE_DIGITS, '0'),
      ce_appendend: String(endsAppend),
      ce_correlationid: correlationId,
      ce_causationid: causationId,
      ...(traceparent !== undefined && { ce_traceparent: traceparent }),
    },
  };
}

/** The headers that every record has. */
export function commonHeaders(type: IntegrationEvent['type']): Record<string, string> {
  return {
    ce_specversion: '1.0',
    ce_type: `client-contacts.${type}`,
    ce_source: '/client-contacts',
    ce_dataschema: `urn:client-contacts:${type}`,
    'content-type': 'application/json',
  };
}
