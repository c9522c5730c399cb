import type { Message } from 'kafkajs';
import { clientKey, type ClientRef, streamNameOf } from '../event-log/contact-book-stream.js';
import type { Revision } from '../event-log/event-store.js';
import { cloudEvent } from './cloud-event.js';

export interface SkippedRevision {
  readonly client: ClientRef;
  readonly revision: Revision;
  readonly endsAppend: boolean;
}

/**
 * What stands on the events topic in the place of an event that was given up, so that a client's revisions stay
 * contiguous. It tells nothing of the event, not even its id: nobody could read it. Its time is that of the decision.
 */
export function skippedRecord(
  { client, revision, endsAppend }: SkippedRevision,
  partitions: number,
  decidedAt = new Date(),
): Message {
  const id = `${streamNameOf(client)}@${revision}/skipped`;
  const recorded = { client, revision, recordedAt: decidedAt, correlationId: id, causationId: id };
  const envelope = { recorded, id, subject: clientKey(client), endsAppend };
  return cloudEvent({ type: 'skipped.v1', data: { revision } }, envelope, partitions);
}
