/** The revision of a stream's last event; -1 for a stream without events. */
export type Revision = number;

/** Where an event stands in the log. A pair, stored and given back as it was received. */
export interface Position {
  readonly commit: bigint;
  readonly prepare: bigint;
}

export interface EventToAppend {
  readonly id: string;
  readonly type: string;
  readonly data: Record<string, unknown>;
  readonly metadata: Record<string, unknown>;
}

export interface StoredEvent extends EventToAppend {
  readonly stream: string;
  readonly revision: Revision;
  readonly position: Position;
  /** When the event store recorded it, by its own clock. */
  readonly recordedAt: Date;
}

/**
 * What a subscription tells beside its events, each in its place among them: that nothing else it follows stands up
 * to a position; that it has read to the log's end, where it goes on; that it has fallen behind that again.
 */
export type LogMark =
  | { readonly mark: 'checkpoint'; readonly position: Position }
  | { readonly mark: 'caught_up' }
  | { readonly mark: 'fell_behind' };

/** A subscription to the log: its events in order, whole and for ever, until it is closed or fails. */
export interface LogSubscription extends AsyncIterable<StoredEvent | LogMark> {
  close(): void;
}

/** The port to the event store: everything that this service asks of one. */
export interface EventStore {
  /**
   * Appends the events as one whole, behind exactly `expectedRevision` (-1: the stream must not exist).
   * Returns the revision of the last one. The very same append, event ids included, may be sent again: it is
   * stored once, and answered each time.
   *
   * Raises WrongExpectedRevision when the stream stands elsewhere, OutcomeUnknown when no answer came in time
   * (the append may be stored, still be on its way, or be lost), EventStoreUnavailable when nothing was sent, and
   * the event store's own error when it refuses such an append whatever the revision.
   */
  append(stream: string, expectedRevision: Revision, events: readonly EventToAppend[]): Promise<Revision>;
  /**
   * Reads a stream from a revision on, up to and with another, or to its end; a stream that isn't there has no
   * events. Raises EventStoreUnavailable.
   */
  read(stream: string, fromRevision: Revision, untilRevision?: Revision): AsyncIterable<StoredEvent>;
  /**
   * Reads a stream backwards, from a revision or from its end, `limit` events at most. It is to be read to the end of
   * that. Raises EventStoreUnavailable.
   */
  readStreamBackwards(stream: string, limit: number, fromRevision?: Revision): AsyncIterable<StoredEvent>;
  /** The stream's last event; undefined where it has none. Raises EventStoreUnavailable. */
  readLast(stream: string): Promise<StoredEvent | undefined>;
  /**
   * Lets the event store forget all but the last events of a stream, whether it is there yet or not: never a client's
   * own. Raises as `append` does.
   */
  keepLast(stream: string, count: number): Promise<void>;
  /** Follows all streams whose names begin with the prefix, from behind a position, or from the log's start. */
  subscribe(streamPrefix: string, after: Position | undefined): LogSubscription;
  /** The log's last events, of whatever stream, the newest first, `limit` at most. Raises EventStoreUnavailable. */
  readBackwards(limit: number): AsyncIterable<StoredEvent>;
  /**
   * How many connections were lost so far. While it stays, nobody can have put another log in the place of this one:
   * what was read, or appended, under another number may be of a log that is no more.
   */
  readonly lostConnections: number;
  /** The server is suspected not to tell all: whatever comes next goes over a new connection. */
  reconnect(): void;
  close(): Promise<void>;
}

/** The injection token of the EventStore. */
export const EVENT_STORE = Symbol('EventStore');

export class WrongExpectedRevision extends Error {
  override readonly name = 'WrongExpectedRevision';
}

export class EventStoreUnavailable extends Error {
  override readonly name = 'EventStoreUnavailable';
}

export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
}
