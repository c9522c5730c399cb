import { once } from 'node:events';
import type { Socket } from 'node:net';
import {
  encodeReply,
  HEADER_BYTES,
  MOST_MESSAGE_BYTES,
  parseMessage,
  ProtocolError,
  type CommandMessage,
} from './messages.js';

/** Answers a message: with the reply's bytes, or undefined when there must be no answer. */
export type Responder = (message: CommandMessage) => Promise<Uint8Array | undefined>;

/**
 * Serves one connection until it ends: a message at a time, so that a client which does not read its
 * answers is not read from either.
 */
export async function serveConnection(
  socket: Socket,
  respond: Responder,
  log: (line: string) => void,
): Promise<void> {
  socket.setNoDelay(true);
  try {
    for await (const bytes of messagesOf(socket)) {
      const message = parseMessage(bytes);
      const reply = await respond(message);
      if (reply === undefined || message.unanswered) continue;
      if (socket.destroyed) break;
      if (!socket.write(encodeReply(message, reply)))
        await Promise.race([once(socket, 'drain'), once(socket, 'close')]);
    }
  } catch (error) {
    if (error instanceof ProtocolError) log(`a connection was closed: ${error.message}`);
  } finally {
    socket.destroy();
  }
}

async function* messagesOf(socket: Socket): AsyncGenerator<Buffer> {
  let chunks: Buffer[] = [];
  let size = 0;
  let needed = HEADER_BYTES;
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    while (size >= needed) {
      const bytes = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
      chunks = [bytes];
      const length = bytes.readInt32LE(0);
      if (length < HEADER_BYTES || length > MOST_MESSAGE_BYTES)
        throw new ProtocolError(`a message of ${length} bytes`);
      needed = length;
      if (size < needed) break;
      yield bytes.subarray(0, length);
      chunks = [bytes.subarray(length)];
      size -= length;
      needed = HEADER_BYTES;
    }
  }
}
