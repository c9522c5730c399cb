import { type ContactBook, evolve } from '../contact-book/contact-book.js';
import type { Personal } from '../contact-book/erased.js';
import type { ContactBookEvent } from '../contact-book/events.js';
import type { ClientRef } from './contact-book-stream.js';
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
  /** Of an erasure: the keys of the billing emails, former ones too, that go with the contact's own. */
  readonly goneWith?: readonly string[];
}

/**
 * An event that this build doesn't know and may pass over: whoever stored it said so, by `ignorable` in its metadata.
 * It changes no book, but it is an event of its append, and its revision counts.
 */
export interface IgnoredEvent {
  readonly type: 'Ignored';
  readonly data: Readonly<Record<string, never>>;
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
  /** Of an erasure: the keys that go with it. */
  readonly erasedKeys?: readonly string[];
  readonly event: ContactBookEvent | IgnoredEvent;
}

/** The book after one more event of its stream. Raises as `evolve` does. */
export function bookAfter(book: ContactBook, event: RecordedEvent['event']): ContactBook {
  return event.type === 'Ignored' ? book : evolve(book, event);
}

/** A log of whole appends, cut into them. */
export function appendsOf(events: readonly RecordedEvent[]): RecordedEvent[][] {
  const appends: RecordedEvent[][] = [];
  for (const event of events) {
    if (event.index === 0) appends.push([]);
    appends.at(-1)!.push(event);
  }
  return appends;
}

/** Turns events into the form in which they are stored, and back. */
export interface EventCodec {
  /**
   * The events of one append as they are stored. `newEventId` gives each a fresh id, for this append alone.
   * Raises KeyStoreUnavailable and KeyMissing, and KeyDestroyed when someone was erased whom the caller still sees:
   * as after a conflict, load again and decide again. Nothing may be appended then.
   */
  toStoredForm(append: NewAppend, newEventId: () => string): Promise<EventToAppend[]>;
  /**
   * Whole appends as the domain knows them. Whoever is erased among them, or among the events behind them that are
   * known already, is erased in all of them, whatever has become of their keys. Raises UnknownEvent,
   * PersonalDataUnreadable, KeyMissing and KeyStoreUnavailable.
   */
  fromStoredForm(stored: readonly StoredEvent[], behind?: readonly StoredEvent[]): Promise<RecordedEvent[]>;
  /**
   * Whether the events, all those of one append, came from this request; undefined where that can no longer be
   * told, because someone whom it was about has been erased since. Raises as `fromStoredForm` does.
   */
  isSameRequest(append: readonly StoredEvent[], request: string): Promise<boolean | undefined>;
}

/** The injection token of the EventCodec. */
export const EVENT_CODEC = Symbol('EventCodec');

/** An event type, or a form of it, that this build does not know and must not pass over: a newer build can read it. */
export class UnknownEvent extends Error {
  override readonly name = 'UnknownEvent';

  constructor({ id, type }: StoredEvent) {
    super(`event ${id} of type ${type} is not known to this build`);
  }
}
