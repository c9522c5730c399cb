import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Personal } from '../contact-book/erased.js';
import type { ContactBookEvent } from '../contact-book/events.js';
import { clientOfStream, type ClientRef } from './contact-book-stream.js';
import type { EventToAppend, Position, Revision, StoredEvent } from './event-store.js';

/** Who did it. `role` is the person's role in the workspace; a service has none. */
export interface Actor {
  readonly kind: 'user' | 'service';
  readonly id: string;
  readonly role?: string;
}

/** Who did one append, why, and what it belongs to. */
export interface AppendMetadata {
  readonly actor: Actor;
  readonly correlationId: string;
  readonly causationId: string;
  /** The command whose append it is: a retry of that command has the same id. */
  readonly commandId: string;
  /** Why, in the words of whoever did it; they may name people. */
  readonly reason?: Personal;
  /** The W3C trace context in which it was done. */
  readonly traceparent?: string;
}

/** An append that is to be stored. */
export interface NewAppend extends AppendMetadata {
  readonly client: ClientRef;
  readonly events: readonly ContactBookEvent[];
  /** The request in its canonical form: nothing of it is stored but what tells it from another one. */
  readonly request: string;
  /** Which key the client's billing email has before the append. */
  readonly billingEmailKey: string | null;
}

/** An event as it stands in a client's stream. */
export interface RecordedEvent extends AppendMetadata {
  readonly client: ClientRef;
  readonly stream: string;
  readonly eventId: string;
  readonly revision: Revision;
  readonly position: Position;
  readonly recordedAt: Date;
  /** The event's place in its append, from 0: the append is the unit everywhere, and its last event ends it. */
  readonly index: number;
  readonly isLastOfAppend: boolean;
  readonly event: ContactBookEvent;
}

/** Turns events into the form in which they are stored, and back. */
export interface EventCodec {
  /**
   * The events of one append as they are stored. `newEventId` gives each a fresh id, for this append alone.
   * Raises KeyStoreUnavailable and KeyDestroyed: then nothing may be appended.
   */
  toStoredForm(append: NewAppend, newEventId: () => string): Promise<EventToAppend[]>;
  /** Stored events as the domain knows them. Raises UnknownEvent. */
  fromStoredForm(stored: readonly StoredEvent[]): Promise<RecordedEvent[]>;
  /**
   * Whether the events, all those of one append, came from the same request; undefined where that can no longer
   * be told, because it was about someone who has been erased since.
   */
  isSameRequest(append: readonly StoredEvent[], request: string): Promise<boolean | undefined>;
}

/** The injection token of the EventCodec. */
export const EVENT_CODEC = Symbol('EventCodec');

/** An event type, or a form of it, that this build does not know. It is never passed over: a newer build may. */
export class UnknownEvent extends Error {
  override readonly name = 'UnknownEvent';
}

const metadataSchema = z.object({
  $correlationId: z.string(),
  $causationId: z.string(),
  commandId: z.string(),
  actor: z.object({ kind: z.enum(['user', 'service']), id: z.string(), role: z.string().optional() }),
  reason: z.string().optional(),
  traceparent: z.string().optional(),
  request: z.string(),
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

/** Whether a stored event ends its append; one whose form this build doesn't know counts as an append of its own. */
export function endsAppend({ metadata: { index, count } }: StoredEvent): boolean {
  return typeof index !== 'number' || typeof count !== 'number' || index >= count - 1;
}

/** Events in clear text, for as long as there is no other codec. */
export const clearTextCodec: EventCodec = {
  async toStoredForm({ events, ...append }, newEventId) {
    const { actor, correlationId, causationId, commandId, reason, traceparent, request } = append;
    return events.map(({ type, data }, index) => ({
      id: newEventId(),
      type,
      data: { ...data },
      metadata: {
        $correlationId: correlationId,
        $causationId: causationId,
        commandId,
        actor,
        ...(reason !== undefined && { reason }),
        ...(traceparent !== undefined && { traceparent }),
        request: hash(request),
        index,
        count: events.length,
        schemaVersion: 1,
      },
    }));
  },

  async fromStoredForm(stored) {
    return stored.map(recorded);
  },

  async isSameRequest([first], request) {
    return first!.metadata['request'] === hash(request);
  },
};

function hash(request: string): string {
  return createHash('sha256').update(request).digest('base64url');
}

function recorded(stored: StoredEvent): RecordedEvent {
  const metadata = metadataSchema.safeParse(stored.metadata);
  if (!Object.hasOwn(eventTypes, stored.type) || !metadata.success) {
    throw new UnknownEvent(`event ${stored.id} of type ${stored.type} is not known to this build`);
  }
  const { $correlationId, $causationId, commandId, actor, reason, traceparent, index, count } = metadata.data;
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
    commandId,
    ...(reason !== undefined && { reason }),
    ...(traceparent !== undefined && { traceparent }),
    index,
    isLastOfAppend: index === count - 1,
    event: { type: stored.type, data: stored.data } as ContactBookEvent,
  };
}
