import type { ClientRef } from './contact-book-stream.js';
import type { KeyId } from './personal-data/data-keys.js';

/** A personal value in an event's data; without `sealed` it was erased before the event. */
export interface SealedValue {
  readonly key: KeyId;
  readonly sealed: string | null;
}

export function isSealedValue(value: unknown): value is SealedValue {
  if (typeof value !== 'object' || value === null) return false;
  const { key, sealed } = value as Partial<SealedValue>;
  return typeof key === 'string' && (typeof sealed === 'string' || sealed === null);
}

/** Where a value is stored: in another place what was sealed for this one can't be read. */
export function placeOf(
  { workspaceId, clientId }: ClientRef,
  eventId: string,
  { contactId }: Readonly<Record<string, unknown>>,
  property: string,
): (string | null)[] {
  return [workspaceId, clientId, typeof contactId === 'string' ? contactId : null, eventId, property];
}

/** Where an append's reason is stored. */
export function reasonPlaceOf({ workspaceId, clientId }: ClientRef, firstEventId: string): (string | null)[] {
  return [workspaceId, clientId, null, firstEventId, 'metadata.reason'];
}
