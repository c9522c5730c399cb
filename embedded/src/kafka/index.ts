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
  const broker = await Broker.open(options.dataDir, log);
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
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {}); // a client that is gone is no news; 'close' follows
    void serveConnection(socket, { broker, switchboard, log });
  });
  try {
    broker.port = await listen(server, options.port ?? 0);
  } catch (error) {
    await broker.close();
    throw error;
  }
  let stopped: Promise<void> | undefined;
  return {
    port: broker.port,
    url: `${HOST}:${broker.port}`,
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
