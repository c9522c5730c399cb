import {
  AccessDeniedError,
  type AllStreamResolvedEvent,
  type AllStreamSubscription,
  type EventStoreDBClient,
  type ReadStreamOptions,
  BACKWARDS,
  END,
  InvalidArgumentError,
  jsonEvent,
  MaxAppendSizeExceededError,
  NO_STREAM,
  NotLeaderError,
  START,
  StreamDeletedError,
  StreamNotFoundError,
  streamNameFilter,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { type Connection, Connections } from './eventstoredb-connections.js';
import {
  type EventStore,
  EventStoreUnavailable,
  type EventToAppend,
  type LogMark,
  type LogSubscription,
  OutcomeUnknown,
  type Position,
  type Revision,
  type StoredEvent,
  WrongExpectedRevision,
} from './event-store.js';
import { settledWithin, withinEachStep } from './step-deadline.js';

export interface EventStoreDbOptions {
  /** `esdb://…` */
  url: string;
  /** How long one call of an append, or one step of a read, may take. The client itself would wait for ever for a silent server. */
  deadlineMs: number;
}

/**
 * How many search windows of the server, 32 events each, lie between two checkpoints of a subscription: fewer, and a
 * log that is busy with other streams tells of nothing else.
 */
const CHECKPOINT_INTERVAL = 16;

/** Answers to an append that say: not stored, and the same one never will be. */
const REFUSALS = [AccessDeniedError, InvalidArgumentError, MaxAppendSizeExceededError, StreamDeletedError];

/** The event store over EventStoreDB's gRPC client. */
export class EventStoreDb implements EventStore {
  private readonly connections: Connections;

  constructor(private readonly options: EventStoreDbOptions) {
    this.connections = new Connections(options);
  }

  async append(
    stream: string,
    expectedRevision: Revision,
    events: readonly EventToAppend[],
  ): Promise<Revision> {
    const result = await this.write(stream, (client, deadline) =>
      client.appendToStream(
        stream,
        events.map((event) => jsonEvent({ ...event })),
        { expectedRevision: expectedRevision < 0 ? NO_STREAM : BigInt(expectedRevision), ...deadline },
      ),
    );
    return Number(result.nextExpectedRevision);
  }

  async keepLast(stream: string, count: number): Promise<void> {
    await this.write(stream, (client, deadline) =>
      client.setStreamMetadata(stream, { maxCount: count }, deadline),
    );
  }

  async *read(
    stream: string,
    fromRevision: Revision,
    untilRevision: Revision = Infinity,
  ): AsyncIterable<StoredEvent> {
    if (untilRevision < fromRevision) return;
    const maxCount = Math.min(untilRevision - fromRevision + 1, Number.MAX_SAFE_INTEGER);
    yield* this.readStream(stream, { fromRevision: BigInt(fromRevision), maxCount });
  }

  async *readStreamBackwards(
    stream: string,
    limit: number,
    fromRevision?: Revision,
  ): AsyncIterable<StoredEvent> {
    const from = fromRevision === undefined ? END : BigInt(fromRevision);
    yield* this.readStream(stream, { fromRevision: from, direction: BACKWARDS, maxCount: limit });
  }

  async readLast(stream: string): Promise<StoredEvent | undefined> {
    let last: StoredEvent | undefined;
    // To the end, though there is but one: `close` would wait for a call that was left in its middle.
    for await (const event of this.readStreamBackwards(stream, 1)) last = event;
    return last;
  }

  subscribe(streamPrefix: string, after: Position | undefined): LogSubscription {
    let subscription: AllStreamSubscription | undefined;
    let isClosed = false;
    const { connections } = this;
    return {
      close() {
        isClosed = true;
        // A pending `next` may never end after `unsubscribe`, so the stream itself is destroyed.
        void subscription?.unsubscribe().catch(() => {});
        subscription?.destroy();
      },
      async *[Symbol.asyncIterator]() {
        const connection = await connections.current();
        if (isClosed) return;
        // The client tells of marks while events that stand before them still wait in its buffer. Put into that very
        // buffer, they come in their place.
        const mark = (told: LogMark) => void subscription?.push(told);
        subscription = connection.client.subscribeToAll({
          fromPosition: after ?? START,
          filter: streamNameFilter({
            prefixes: [streamPrefix],
            checkpointInterval: CHECKPOINT_INTERVAL,
            checkpointReached: async (_subscription, position) => mark({ mark: 'checkpoint', position }),
          }),
        });
        subscription.on('caughtUp', () => mark({ mark: 'caught_up' }));
        subscription.on('fellBehind', () => mark({ mark: 'fell_behind' }));
        try {
          for await (const item of subscription as AsyncIterable<AllStreamResolvedEvent | LogMark>) {
            if ('mark' in item) yield item;
            else if (item.event) yield storedEvent(item);
          }
        } catch (error) {
          if (!isClosed) connections.lost(connection);
          throw error;
        }
      },
    };
  }

  async *readBackwards(limit: number): AsyncIterable<StoredEvent> {
    const connection = await this.connections.current();
    // A follower may not know of the end yet, and whether something is complete rests on that.
    const options = {
      direction: BACKWARDS,
      fromPosition: END,
      maxCount: limit,
      requiresLeader: true,
    } as const;
    const reading = connection.client.readAll(options);
    try {
      for await (const resolved of withinEachStep(reading, this.options.deadlineMs)) {
        if (resolved.event) yield storedEvent(resolved);
      }
    } catch (error) {
      this.lost(connection, error);
      throw new EventStoreUnavailable('the event store could not be read', { cause: error });
    }
  }

  get lostConnections(): number {
    return this.connections.lostSoFar;
  }

  reconnect(): void {
    this.connections.renew();
  }

  close(): Promise<void> {
    return this.connections.close();
  }

  private async write<Result>(
    stream: string,
    write: (
      client: EventStoreDBClient,
      options: { deadline: number; requiresLeader: boolean },
    ) => Promise<Result>,
  ): Promise<Result> {
    const connection = await this.connections.current();
    const { deadlineMs } = this.options;
    try {
      // The client's own deadline begins with the call: before it, it may look for the cluster's leader for a minute.
      // Ours comes later, so that on a busy machine it never takes the place of an answer.
      const written = write(connection.client, { deadline: deadlineMs, requiresLeader: true });
      return await settledWithin(written, 2 * deadlineMs);
    } catch (error) {
      if (error instanceof WrongExpectedVersionError)
        throw new WrongExpectedRevision(stream, { cause: error });
      if (REFUSALS.some((refusal) => error instanceof refusal)) throw error;
      this.lost(connection, error);
      throw new OutcomeUnknown('the answer to an append was lost', { cause: error });
    }
  }

  private async *readStream(stream: string, options: ReadStreamOptions): AsyncIterable<StoredEvent> {
    const connection = await this.connections.current();
    // A follower may lag behind: what is read decides whether a command has anything to do.
    const reading = connection.client.readStream(stream, { ...options, requiresLeader: true });
    try {
      for await (const resolved of withinEachStep(reading, this.options.deadlineMs)) {
        if (resolved.event) yield storedEvent(resolved as AllStreamResolvedEvent);
      }
    } catch (error) {
      if (error instanceof StreamNotFoundError) return;
      this.lost(connection, error);
      throw new EventStoreUnavailable('the event store could not be read', { cause: error });
    }
  }

  private lost(connection: Connection, error: unknown): void {
    // The client goes to the leader by itself, whose address came with the error.
    if (!(error instanceof NotLeaderError)) this.connections.lost(connection);
  }
}

function storedEvent({ event }: AllStreamResolvedEvent): StoredEvent {
  const { streamId, id, type, data, metadata, revision, position, created } = event!;
  return {
    stream: streamId,
    id,
    type,
    data: data as Record<string, unknown>,
    metadata: (metadata ?? {}) as Record<string, unknown>,
    revision: Number(revision),
    position,
    recordedAt: created,
  };
}
