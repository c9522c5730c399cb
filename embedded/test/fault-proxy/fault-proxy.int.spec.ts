import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';
import { type FaultProxy, startFaultProxy } from '../../src/fault-proxy/index.js';

/** Answers each byte with the same byte, and keeps what it received. */
class EchoServer {
  received = '';
  private readonly sockets = new Set<Socket>();
  private readonly listener: Server = createServer({ allowHalfOpen: true }, (socket) => {
    this.sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (chunk) => (this.received += chunk.toString()));
    socket.pipe(socket);
  });

  async start(): Promise<{ host: string; port: number }> {
    this.listener.listen(0, '127.0.0.1');
    await once(this.listener, 'listening');
    return { host: '127.0.0.1', port: (this.listener.address() as AddressInfo).port };
  }

  stop(): void {
    this.listener.close();
    for (const socket of this.sockets) socket.destroy();
  }
}

/** A client that keeps what it received, chunk by chunk. */
class Client {
  chunks: string[] = [];
  closed: Promise<unknown>;

  constructor(readonly socket: Socket) {
    socket.on('error', () => {});
    socket.on('data', (chunk) => this.chunks.push(chunk.toString()));
    this.closed = new Promise((resolve) => socket.once('close', resolve));
  }

  get received(): string {
    return this.chunks.join('');
  }
}

/** Gives up before the test's own time is over: nothing may go on polling once the test has failed. */
async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`never came true: ${condition.toString()}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('the fault proxy', () => {
  let server: EchoServer;
  let target: { host: string; port: number };
  let proxy: FaultProxy;
  const clients: Client[] = [];

  const newClient = () => {
    const client = new Client(connect(proxy.port, '127.0.0.1'));
    clients.push(client);
    return client;
  };

  beforeEach(async () => {
    server = new EchoServer();
    target = await server.start();
    proxy = await startFaultProxy({ target });
  });

  afterEach(async () => {
    await proxy.stop();
    server.stop();
    for (const { socket } of clients.splice(0)) socket.destroy();
  });

  it('passes bytes on in both directions', async () => {
    const client = newClient();
    client.socket.write('hello');
    await until(() => client.received === 'hello');
    expect(server.received).toBe('hello');
  });

  it('passes on more than it can hold, and the end of each direction by itself', async () => {
    const client = newClient();
    const text = 'x'.repeat(4_000_000);
    client.socket.end(text);
    await client.closed;
    expect(client.received.length).toBe(text.length);
  });

  it('lets requests through and swallows the answers', async () => {
    const client = newClient();
    client.socket.write('before ');
    await until(() => client.received === 'before ');
    proxy.swallowAnswers();
    client.socket.end('swallowed');
    await client.closed;
    expect(server.received).toBe('before swallowed');
    expect(client.received).toBe('before ');
    expect(proxy.swallowedBytes).toBe('swallowed'.length);
  });

  it('cuts a connection that lost an answer when answers flow again, and no other', async () => {
    const [loser, other] = [newClient(), newClient()];
    other.socket.write('one');
    await until(() => other.received === 'one');
    proxy.swallowAnswers();
    loser.socket.write('lost');
    await until(() => proxy.swallowedBytes === 'lost'.length);
    proxy.pass();
    await loser.closed;
    expect(loser.received).toBe('');
    other.socket.write(' two');
    await until(() => other.received === 'one two');
  });

  it('cuts the open connections and takes new ones', async () => {
    const [one, two] = [newClient(), newClient()];
    await until(() => proxy.openConnections === 2);
    proxy.cutConnections();
    await Promise.all([one.closed, two.closed]);
    await until(() => proxy.openConnections === 0);
    const next = newClient();
    next.socket.write('again');
    await until(() => next.received === 'again');
    expect(proxy.accepted).toBe(3);
  });

  it.each([
    { direction: 'requests', delay: { requests: 40 } },
    { direction: 'answers', delay: { answers: 40 } },
  ])('holds back $direction at least as long as it was told, and loses none', async ({ delay }) => {
    proxy.delay(delay);
    const client = newClient();
    const sentAt = performance.now();
    client.socket.end('late');
    await until(() => server.received === 'late');
    const servedAt = performance.now();
    await client.closed;
    expect(client.received).toBe('late');
    const waited = delay.requests ? servedAt - sentAt : performance.now() - servedAt;
    expect(waited).toBeGreaterThanOrEqual(39); // timers may fire up to a millisecond early
  });

  it('splits an answer into pieces', async () => {
    proxy.splitAnswers(3);
    const client = newClient();
    client.socket.end('one answer');
    await client.closed;
    expect(client.received).toBe('one answer');
    expect(client.chunks.length).toBeGreaterThan(1);
  });

  it('refuses new connections without asking the server, and keeps the open ones', async () => {
    const early = newClient();
    await until(() => proxy.openConnections === 1);
    proxy.refuseConnections();
    const late = newClient();
    late.socket.write('refused');
    await late.closed;
    early.socket.write('open');
    await until(() => early.received === 'open');
    expect(server.received).toBe('open');
    expect(proxy).toMatchObject({ accepted: 2, refused: 1, openConnections: 1 });
  });

  it('closes the connection of a client whose server is gone', async () => {
    const client = newClient();
    await until(() => proxy.openConnections === 1);
    server.stop();
    await client.closed;
    const next = newClient();
    await next.closed;
    await until(() => proxy.openConnections === 0);
  });

  it('frees its port and closes its connections when it stops', async () => {
    const client = newClient();
    await until(() => proxy.openConnections === 1);
    const { port } = proxy;
    await proxy.stop();
    await client.closed;
    proxy = await startFaultProxy({ target, port });
    expect(proxy.port).toBe(port);
  });

  it('says that its port is taken', async () => {
    await expect(startFaultProxy({ target, port: target.port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });
});
