import { EventStoreDBClient, StreamNotFoundError } from '@eventstore/db-client';
import { EventStoreUnavailable } from './event-store.js';
import { settledWithin, withinEachStep } from './step-deadline.js';

/** Any stream will do, whether it exists or not: what counts is that the server answers. */
const WARM_UP_STREAM = 'warm-up';

/** One client of the event store, and the channel that it has for itself. */
export interface Connection {
  readonly client: EventStoreDBClient;
  /** Without it a new client of the same address would share this one's TCP connection, dead or not. */
  closeChannel(): void;
}

interface Channel {
  close(): void;
  getConnectivityState(tryToConnect: boolean): number;
  watchConnectivityState(from: number, deadline: number, changed: () => void): void;
}

/** The states of a gRPC channel that count here: it is connected; it is closed for good. */
const READY = 2;
const SHUTDOWN = 4;

/** What the client keeps to itself; a test of this folder fails when a new version has it otherwise. */
interface ClientInternals {
  supports(): Promise<boolean>;
  createChannel: () => Promise<Channel>;
}

/** Opens connections to the event store: one at a time, and another one when that is lost. */
export class Connections {
  private connecting: Promise<Connection> | undefined;
  private opened: Connection | undefined;
  /** How many connections were lost: whoever holds something from before looks whether it has grown. */
  lostSoFar = 0;

  /** `deadlineMs` is how long the server may take to answer a new connection, and a call to end at `close`. */
  constructor(private readonly options: { readonly url: string; readonly deadlineMs: number }) {}

  /** The connection that is open; else a new one, once the server has answered on it. Raises EventStoreUnavailable. */
  current(): Promise<Connection> {
    this.connecting ??= this.open().catch((error: unknown) => {
      this.connecting = undefined;
      throw new EventStoreUnavailable('the event store does not answer', { cause: error });
    });
    return this.connecting;
  }

  /** Something went wrong on this connection: the next call gets another one. Calls that run on it may end. */
  lost(connection: Connection): void {
    if (connection !== this.opened) return;
    this.connecting = this.opened = undefined;
    this.lostSoFar += 1;
    connection.closeChannel();
  }

  /** The next call gets another connection; those that run on the open one go on. */
  renew(): void {
    const connection = this.opened;
    if (connection) this.lost(connection);
  }

  /** Ends every call. The client waits for streams that nobody read to their end: not longer than the deadline. */
  async close(): Promise<void> {
    const connection = await this.connecting?.catch(() => undefined);
    if (!connection) return;
    this.connecting = this.opened = undefined;
    await settledWithin(connection.client.dispose(), this.options.deadlineMs).catch(() => {});
    connection.closeChannel();
  }

  private async open(): Promise<Connection> {
    const client = EventStoreDBClient.connectionString(this.options.url);
    // Each append becomes a call of its own, with a deadline. All clients of a process share the bookkeeping of
    // batched appends, so that a broken batch of one client would end the process at the next answer to another.
    internals(client).supports = () => Promise.resolve(false);
    // By itself the channel would connect again in silence, to a server with another log perhaps.
    const cut = () => this.lost(connection);
    const connection = { client, closeChannel: channelCloser(internals(client), cut) };
    try {
      // A hundred appends at once on a channel that is not yet open can hang.
      const reading = client.readStream(WARM_UP_STREAM, { maxCount: 1 });
      for await (const _event of withinEachStep(reading, this.options.deadlineMs));
    } catch (error) {
      if (!(error instanceof StreamNotFoundError)) {
        connection.closeChannel();
        throw error;
      }
    }
    this.opened = connection;
    return connection;
  }
}

/**
 * Closes the channel that the client has by then. To ask the client for it would make one where it has none; and where
 * a cluster does not tell who leads it, one takes a minute: who closes does not wait for that. `cut` is called each
 * time that a channel of the client, which was connected, is so no longer.
 */
function channelCloser(client: ClientInternals, cut: () => void): () => void {
  const { createChannel } = client;
  let channel: Promise<Channel> | undefined;
  client.createChannel = () => {
    channel = createChannel();
    void channel.then(
      (created) => watch(created, cut),
      () => {},
    );
    return channel;
  };
  return () =>
    void channel?.then(
      (created) => created.close(),
      () => {},
    );
}

function watch(channel: Channel, cut: () => void): void {
  const state = channel.getConnectivityState(false);
  if (state === SHUTDOWN) return;
  channel.watchConnectivityState(state, Infinity, () => {
    if (state === READY) cut();
    watch(channel, cut);
  });
}

function internals(client: EventStoreDBClient): ClientInternals {
  return client as unknown as ClientInternals;
}
