import { hash } from 'node:crypto';
import type { ClientRef } from '../contact-book-stream.js';
import type { KeyId } from './data-keys.js';

/** The id of the key that a contact's data is encrypted with, from its first event to its last. */
export function keyOfContact({ workspaceId, clientId }: ClientRef, contactId: string): KeyId {
  return digest(['contact', workspaceId, clientId, contactId]);
}

/** The id of the key of a billing email: of this one value, as this event set it. */
export function keyOfBillingEmail({ workspaceId, clientId }: ClientRef, eventId: string): KeyId {
  return digest(['billing-email', workspaceId, clientId, eventId]);
}

/** Short, since it stands in every event, and safe in a log line, since it tells nothing by itself. */
function digest(parts: readonly string[]): KeyId {
  return hash('sha256', JSON.stringify(parts), 'buffer').subarray(0, 16).toString('base64url');
}
