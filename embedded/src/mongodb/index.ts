import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { EmbeddedServer, EmbeddedServerOptions } from '../server.js';
import { Switchboard } from '../switchboard.js';
import type { Engine } from './commands/command.js';
import { dispatch, errorReply } from './commands/dispatch.js';
import { SET_NAME } from './commands/handshake.js';
import { Cursors } from './cursors.js';
import { encode } from './bson/codec.js';
import { CommandError } from './errors.js';
import { Store } from './storage/store.js';
import { serveConnection } from './wire/connection.js';
import type { CommandMessage } from './wire/messages.js';

const HOST = '127.0.0.1';

/**
 * Starts a server that speaks MongoDB's wire protocol on loopback, as a replica set of one member.
 * @throws Error EADDRINUSE when the port is taken
 */
export async function startMongodb(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const { dataDir, port: wantedPort = 0, log = console.warn } = options;
  const sockets = new Set<Socket>();
  let engine: Engine | undefined;
  const listener = createServer({ pauseOnConnect: true });
  listener.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    if (engine) void serveConnection(socket, respond, log);
    else socket.destroy();
  });
  // The port first: where another server has it, this one must not touch the files.
  listener.listen(wantedPort, HOST);
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const address = `${HOST}:${port}`;

  const cursors = new Cursors();
  let isStopped = false;

  const cutConnections = () => {
    for (const socket of sockets) socket.destroy();
  };
  const die = () => {
    isStopped = true;
    listener.close();
    cutConnections();
    cursors.close();
  };
  const switchboard = new Switchboard({ cutConnections, die });

  const respond = async (message: CommandMessage): Promise<Uint8Array | undefined> => {
    if (isStopped || !engine) return undefined;
    const [name] = Object.keys(message.body);
    if (message.legacy && !/^(hello|ismaster)$/i.test(name ?? '')) {
      const refusal = new CommandError('UnsupportedOpQueryCommand', `Unsupported OP_QUERY command: ${name}`);
      return encode(errorReply(refusal));
    }
    try {
      return await dispatch(message.body, engine, switchboard);
    } catch (error) {
      // Memory is ahead of the disk now: nobody may read it, and the next start reads what is stored.
      log(`the server stops: ${error instanceof Error ? error.message : String(error)}`);
      die();
      return undefined;
    }
  };
  const store = await Store.open(dataDir, log).catch((error: unknown) => {
    die();
    throw error;
  });
  engine = { store, cursors, address };
  let stopped: Promise<void> | undefined;

  return {
    port,
    url: `mongodb://${address}/?replicaSet=${SET_NAME}`,
    switchboard,
    stop() {
      stopped ??= (async () => {
        switchboard.reset();
        const closed = listener.listening ? once(listener, 'close') : undefined;
        die();
        await closed;
        await store.close();
      })();
      return stopped;
    },
  };
}
