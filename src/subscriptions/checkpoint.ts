import type { Position, Revision } from '../event-log/event-store.js';
import type { RecordedEvent } from '../event-log/stored-form.js';

/** Which event it was, so that it can be looked up in the log again. */
export interface EventIdentity {
  readonly stream: string;
  readonly revision: Revision;
  readonly id: string;
}

/** What of a client has been passed over and waits, since its first event could not be handled. */
export interface HeldBack {
  readonly stream: string;
  /** The first revision that was not handled: an append's first one. */
  readonly from: Revision;
  /** The last one that the subscriber has passed. */
  readonly to: Revision;
}

/** How far a subscriber has come: all up to and with the position is handled, but what is held back. */
export interface Checkpoint extends Position {
  /** The last event up to there. Where the log has another one in its place, it isn't the log that was handled. */
  readonly lastEvent?: EventIdentity;
  readonly heldBack?: readonly HeldBack[];
}

/** The checkpoint of one who has handled these events and all before them. */
export function checkpointAfter(batch: readonly RecordedEvent[]): Checkpoint {
  const { position, stream, revision, eventId } = batch.at(-1)!;
  return { ...position, lastEvent: { stream, revision, id: eventId } };
}

/** Whether the one position stands before the other. */
export function isBefore(one: Position, other: Position): boolean {
  return one.commit < other.commit || (one.commit === other.commit && one.prepare < other.prepare);
}
