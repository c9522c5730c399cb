import {
  type AllStreamResolvedEvent,
  EventStoreDBClient,
  jsonEvent,
  NO_STREAM,
  START,
  StreamNotFoundError,
  streamNameFilter,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import {
  type EventStore,
  EventStoreUnavailable,
  type EventToAppend,
  type LogSubscription,
  OutcomeUnknown,
  type Position,
  type Revision,
  type StoredEvent,
  WrongExpectedRevision,
} from './event-store.js';

export interface EventStoreDbOptions {
  /** `esdb://…` */
  url: string;
  /** How long one append, or one step of a read, may take. The client itself would wait for ever for a silent server. */
  deadlineMs: number;
}

/** The event store over EventStoreDB's gRPC client: the one place that knows it. */
export class EventStoreDb implements EventStore {
  // One client a process: where two of them append, a broken batch stream of one ends the process.
  private readonly client: EventStoreDBClient;

  constructor(private readonly options: EventStoreDbOptions) {
    this.client = EventStoreDBClient.connectionString(options.url);
  }

  async append(
    stream: string,
    expectedRevision: Revision,
    events: readonly EventToAppend[],
  ): Promise<Revision> {
    try {
      const result = await within(
        this.options.deadlineMs,
        this.client.appendToStream(
          stream,
          events.map((event) => jsonEvent({ ...event })),
          { expectedRevision: expectedRevision < 0 ? NO_STREAM : BigInt(expectedRevision) },
        ),
      );
      return Number(result.nextExpectedRevision);
    } catch (error) {
      if (error instanceof WrongExpectedVersionError)
        throw new WrongExpectedRevision(stream, { cause: error });
      throw new OutcomeUnknown('the answer to an append was lost', { cause: error });
    }
  }

  async *read(
    stream: string,
    fromRevision: Revision,
    untilRevision: Revision = Infinity,
  ): AsyncIterable<StoredEvent> {
    if (untilRevision < fromRevision) return;
    const reading = this.client.readStream(stream, {
      fromRevision: BigInt(fromRevision),
      maxCount: Math.min(untilRevision - fromRevision + 1, Number.MAX_SAFE_INTEGER),
    });
    const events = reading[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await within(this.options.deadlineMs, events.next());
        if (next.done) return;
        if (next.value.event) yield storedEvent(next.value as AllStreamResolvedEvent);
      }
    } catch (error) {
      if (error instanceof StreamNotFoundError) return;
      throw new EventStoreUnavailable('the event store could not be read', { cause: error });
    } finally {
      await reading.cancel();
    }
  }

  subscribe(streamPrefix: string, after: Position | undefined): LogSubscription {
    const subscription = this.client.subscribeToAll({
      fromPosition: after ?? START,
      filter: streamNameFilter({ prefixes: [streamPrefix] }),
    });
    return {
      // A pending `next` may never end after `unsubscribe`, so the stream itself is destroyed.
      close: () => {
        void subscription.unsubscribe().catch(() => {});
        subscription.destroy();
      },
      async *[Symbol.asyncIterator]() {
        for await (const resolved of subscription) {
          if (resolved.event) yield storedEvent(resolved);
        }
      },
    };
  }

  /** Ends every call. The client waits for streams that nobody read to their end, so it is waited for no longer than a call. */
  async close(): Promise<void> {
    await within(this.options.deadlineMs, this.client.dispose()).catch(() => {});
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

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
