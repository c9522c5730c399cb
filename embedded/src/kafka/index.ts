import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { EmbeddedServer, EmbeddedServerOptions } from '../server.js';
import { Switchboard } from '../switchboard.js';
import { Broker, HOST } from './broker.js';
import { serveConnection } from './connection.js';

/**
 * Starts a Kafka broker of one node on 127.0.0.1. Its switchboard knows the requests by their names in the protocol (`Produce`,
 * `Fetch`, `EndTxn`, …); `refuseNext` takes an error's name or its code. Rejects with EADDRINUSE when the port is taken.
 */
export async function startKafka(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const log = options.log ?? ((line: string) => console.warn(line));
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true });
  const cutConnections = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const vanish = (): void => {
    server.close();
    cutConnections();
  };
  const switchboard = new Switchboard({ cutConnections, die: vanish });
  let serve = (_broker: Broker): void => {};
  const opened = new Promise<Broker>((resolve) => (serve = resolve));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {}); // a client that is gone is no news; 'close' follows
    void opened.then((broker) => serveConnection(socket, { broker, switchboard, log }));
  });
  // The port first: where another broker has it, this one must not touch the files.
  const port = await listen(server, options.port ?? 0);
  const broker = await Broker.open(options.dataDir, log).catch((error: unknown) => {
    vanish();
    throw error;
  });
  broker.port = port;
  serve(broker);
  let stopped: Promise<void> | undefined;
  return {
    port,
    url: `${HOST}:${port}`,
    switchboard,
    stop() {
      vanish();
      stopped ??= broker.close();
      return stopped;
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
