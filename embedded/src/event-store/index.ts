import { mkdir } from 'node:fs/promises';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { EmbeddedServer, EmbeddedServerOptions } from '../server.js';
import { Switchboard } from '../switchboard.js';
import { EventLog } from './event-log.js';
import { addServices } from './streams-service.js';

/** What the real server takes in one message; its limit for an append is lower. */
const MAX_RECEIVE_BYTES = 17 << 20;

/**
 * Starts an EventStoreDB for development and tests on 127.0.0.1: streams with all that @eventstore/db-client does
 * to them, in one file of `dataDir`. Rejects with EADDRINUSE when the port is taken.
 */
export async function startEventStore({
  dataDir,
  port = 0,
  log: say = console.warn,
}: EmbeddedServerOptions): Promise<EmbeddedServer> {
  await mkdir(dataDir, { recursive: true });
  const grpcServer = new Server({
    'grpc.max_receive_message_length': MAX_RECEIVE_BYTES,
    'grpc.enable_channelz': 0,
  });
  const injector = grpcServer.createConnectionInjector(ServerCredentials.createInsecure());
  const sockets = new Set<Socket>();
  let serve = () => {};
  const serving = new Promise<void>((resolve) => (serve = resolve));
  const listener = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    void serving.then(() => injector.injectConnection(socket));
  });
  // The port is taken first: two servers must never open one file.
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(port, '127.0.0.1', resolve);
  });

  const events = await EventLog.open(join(dataDir, 'events.log'), (offset, bytes) =>
    say(`event store: cut off a torn append of ${bytes} bytes at ${offset}`),
  ).catch((error: unknown) => {
    listener.close();
    throw error;
  });

  let stopped: Promise<void> | undefined;
  const cutConnections = () => {
    for (const socket of sockets) socket.destroy();
  };
  const stop = () => {
    stopped ??= (async () => {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      cutConnections();
      grpcServer.forceShutdown();
      await closed;
      await events.close();
    })();
    return stopped;
  };
  const switchboard = new Switchboard({ cutConnections, die: () => void stop() });
  addServices(grpcServer, events, switchboard);
  serve();

  const boundPort = (listener.address() as AddressInfo).port;
  return { port: boundPort, url: `esdb://127.0.0.1:${boundPort}?tls=false`, switchboard, stop };
}
