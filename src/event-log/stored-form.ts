import { z } from 'zod';
import type { ContactBookEvent } from '../contact-book/events.js';
import { clientOfStream, type ClientRef } from './contact-book-stream.js';
import type { EventToAppend, Position, Revision, StoredEvent } from './event-store.js';

/** Who did it. `role` is the person's role in the workspace; a service has none. */
export interface Actor {
  readonly kind: 'user' | 'service';
  readonly id: string;
  readonly role?: string;
}

/** What stands beside each event of one append. */
export interface AppendMetadata {
  readonly actor: Actor;
  readonly correlationId: string;
  /** The id of the command that caused the append. */
  readonly causationId: string;
  /** Tells that command's request from another one with the same id. */
  readonly fingerprint: string;
}

/** An event as it stands in a client's stream. */
export interface RecordedEvent extends AppendMetadata {
  readonly client: ClientRef;
  readonly stream: string;
  readonly eventId: string;
  readonly revision: Revision;
  readonly position: Position;
  readonly recordedAt: Date;
  /** The event's place in its append: the append is the unit everywhere, and its last event ends it. */
  readonly isLastOfAppend: boolean;
  readonly event: ContactBookEvent;
}

/** An event type, or a form of it, that this build does not know. It is never passed over: a newer build may. */
export class UnknownEvent extends Error {
  override readonly name = 'UnknownEvent';
}

const metadataSchema = z.object({
  $correlationId: z.string(),
  $causationId: z.string(),
  actor: z.object({ kind: z.enum(['user', 'service']), id: z.string(), role: z.string().optional() }),
  fingerprint: z.string(),
  /** The event's index in its append, and how many events the append has. */
  index: z.int().min(0),
  count: z.int().min(1),
  schemaVersion: z.literal(1),
});

const eventTypes: Record<ContactBookEvent['type'], true> = {
  ContactAdded: true,
  ContactDetailsChanged: true,
  ContactRemoved: true,
  PrimaryContactChanged: true,
  BillingDefaultChanged: true,
  PortalAccessToggled: true,
  BillingEmailChanged: true,
  ContactErased: true,
};

/** The events of one append as they are stored. `newEventId` gives each a fresh id, for this append alone. */
export function toStoredForm(
  events: readonly ContactBookEvent[],
  { actor, correlationId, causationId, fingerprint }: AppendMetadata,
  newEventId: () => string,
): EventToAppend[] {
  return events.map(({ type, data }, index) => ({
    id: newEventId(),
    type,
    data: { ...data },
    metadata: {
      $correlationId: correlationId,
      $causationId: causationId,
      actor,
      fingerprint,
      index,
      count: events.length,
      schemaVersion: 1,
    },
  }));
}

/** A stored event as the domain knows it. Raises UnknownEvent. */
export function fromStoredForm(stored: StoredEvent): RecordedEvent {
  const metadata = metadataSchema.safeParse(stored.metadata);
  if (!Object.hasOwn(eventTypes, stored.type) || !metadata.success) {
    throw new UnknownEvent(`event ${stored.id} of type ${stored.type} is not known to this build`);
  }
  const { $correlationId, $causationId, actor, fingerprint, index, count } = metadata.data;
  return {
    client: clientOfStream(stored.stream),
    stream: stored.stream,
    eventId: stored.id,
    revision: stored.revision,
    position: stored.position,
    recordedAt: stored.recordedAt,
    actor: actor.role === undefined ? { kind: actor.kind, id: actor.id } : { ...actor, role: actor.role },
    correlationId: $correlationId,
    causationId: $causationId,
    fingerprint,
    isLastOfAppend: index === count - 1,
    event: { type: stored.type, data: stored.data } as ContactBookEvent,
  };
}
