import { once } from 'node:events';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

export interface FaultProxyOptions {
  /** The server that requests go to. */
  target: { host: string; port: number };
  /** The port on 127.0.0.1; 0 (the default) takes a free one. */
  port?: number;
}

const noFaults = {
  swallowAnswers: false,
  refuseConnections: false,
  requestDelayMs: 0,
  answerDelayMs: 0,
  answerPieceBytes: Infinity,
};

interface Connection {
  client: Socket;
  server: Socket;
  lostBytes: boolean;
}

/**
 * A TCP proxy on 127.0.0.1 that a test puts before a server to break what lies between it and its client. It knows
 * no protocol, so it works before real servers too. Faults add up until `pass` ends them, and hold for open
 * connections as for new ones.
 */
export class FaultProxy {
  /** Connections that clients have opened so far, refused ones among them. */
  accepted = 0;
  /** Of these, the ones that were refused. */
  refused = 0;
  /** Bytes of answers thrown away so far: a test can wait until the answer that it wants lost is lost. */
  swallowedBytes = 0;

  private faults = { ...noFaults };
  private readonly open = new Set<Connection>();
  private readonly listener = createServer({ allowHalfOpen: true, noDelay: true }, (client) =>
    this.accept(client),
  );

  constructor(private readonly target: FaultProxyOptions['target']) {}

  get port(): number {
    return (this.listener.address() as AddressInfo).port;
  }

  /** Connections that are open now. */
  get openConnections(): number {
    return this.open.size;
  }

  /** Ends every fault. Connections that lost bytes are cut: after a gap, no TCP connection ever goes on. */
  pass(): void {
    this.faults = { ...noFaults };
    for (const connection of this.open) if (connection.lostBytes) this.close(connection);
  }

  /** Requests reach the server; what it answers is thrown away. */
  swallowAnswers(): void {
    this.faults.swallowAnswers = true;
  }

  /** Each chunk of bytes towards the server, and each towards the client, waits so many milliseconds, in order. */
  delay({ requests = 0, answers = 0 }: { requests?: number; answers?: number }): void {
    this.faults.requestDelayMs = requests;
    this.faults.answerDelayMs = answers;
  }

  /** Answers reach the client in pieces of at most so many bytes, a millisecond apart. */
  splitAnswers(bytes: number): void {
    if (!(bytes >= 1)) throw new RangeError('a piece has at least one byte');
    this.faults.answerPieceBytes = bytes;
  }

  /** New connections are reset and never reach the server; the open ones go on. */
  refuseConnections(): void {
    this.faults.refuseConnections = true;
  }

  /** Closes every open connection, on both sides. */
  cutConnections(): void {
    for (const connection of this.open) this.close(connection);
  }

  /** Listens; rejects with the system's error, such as EADDRINUSE. For `startFaultProxy`. */
  async listen(port: number): Promise<void> {
    this.listener.listen(port, '127.0.0.1');
    await once(this.listener, 'listening');
  }

  /** Closes the connections and frees the port. */
  async stop(): Promise<void> {
    this.faults.refuseConnections = true;
    const closed = once(this.listener, 'close');
    this.listener.close();
    this.cutConnections();
    await closed;
  }

  private close({ client, server }: Connection): void {
    client.destroy();
    server.destroy();
  }

  private accept(client: Socket): void {
    this.accepted += 1;
    if (this.faults.refuseConnections) {
      this.refused += 1;
      client.resetAndDestroy();
      return;
    }
    const server = connect({ ...this.target, allowHalfOpen: true, noDelay: true });
    const connection = { client, server, lostBytes: false };
    this.open.add(connection);
    for (const socket of [client, server]) socket.on('error', () => {}); // the relay ends with it
    this.relay(connection)
      .catch(() => {})
      .finally(() => {
        this.close(connection);
        this.open.delete(connection);
      });
  }

  /** Ends when both directions have ended, and fails as soon as one breaks. */
  private async relay(connection: Connection): Promise<void> {
    const { client, server } = connection;
    await Promise.all([
      pipeline(client, (source) => this.requests(source), server),
      pipeline(server, (source) => this.answers(source, connection), client),
    ]);
  }

  private async *requests(source: Socket): AsyncGenerator<Buffer> {
    for await (const chunk of chunksOf(source)) {
      await this.wait(this.faults.requestDelayMs);
      yield chunk;
    }
  }

  private async *answers(source: Socket, connection: Connection): AsyncGenerator<Buffer> {
    for await (const chunk of chunksOf(source)) {
      await this.wait(this.faults.answerDelayMs);
      if (this.faults.swallowAnswers) {
        connection.lostBytes = true;
        this.swallowedBytes += chunk.length;
      } else yield* this.pieces(chunk);
    }
  }

  private async *pieces(chunk: Buffer): AsyncGenerator<Buffer> {
    const size = this.faults.answerPieceBytes;
    for (let start = 0; start < chunk.length; start += size) {
      yield chunk.subarray(start, start + size);
      if (size < chunk.length) await sleep(1); // else the receiver finds the pieces joined
    }
  }

  private async wait(milliseconds: number): Promise<void> {
    if (milliseconds > 0) await sleep(milliseconds, undefined, { ref: false });
  }
}

/** What a socket receives, without closing its other direction when this one ends. */
const chunksOf = (source: Socket): AsyncIterable<Buffer> => source.iterator({ destroyOnReturn: false });

/**
 * Starts a proxy that passes everything on until it is told otherwise.
 * @throws the system's error when the port can't be had, such as EADDRINUSE
 */
export async function startFaultProxy({ target, port = 0 }: FaultProxyOptions): Promise<FaultProxy> {
  const proxy = new FaultProxy(target);
  await proxy.listen(port);
  return proxy;
}
