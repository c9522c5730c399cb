import type { Socket } from 'node:net';
import type { Switchboard } from '../switchboard.js';
import { API_VERSIONS_KEY, unsupportedApiVersions } from './apis/api-versions.js';
import { apis } from './apis/index.js';
import type { Broker } from './broker.js';
import type { Caller, Outcome } from './protocol/api.js';
import { Reader } from './protocol/reader.js';
import { Writer } from './protocol/writer.js';

/** As Kafka's own bound. */
const MAX_REQUEST_BYTES = 100 << 20;

export interface ConnectionOptions {
  broker: Broker;
  switchboard: Switchboard;
  log: (line: string) => void;
}

/** Serves one client: its requests one after the other, and no further one before the last answer was taken. */
export async function serveConnection(socket: Socket, options: ConnectionOptions): Promise<void> {
  const leaving = new AbortController();
  socket.on('close', () => leaving.abort());
  try {
    for await (const frame of frames(socket)) {
      if (!(await serveRequest(socket, frame, leaving.signal, options))) break;
    }
  } catch (error) {
    if (!isDisconnection(error))
      options.log(`kafka: connection closed: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    socket.destroy();
  }
}

/** Whether the client went away, which is no news. */
function isDisconnection(error: unknown): boolean {
  return (
    error instanceof Error &&
    ('syscall' in error || ('code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'))
  );
}

/** Cuts a stream of bytes into requests; while one is being worked on, the socket isn't read. */
async function* frames(socket: Socket): AsyncGenerator<Buffer> {
  let chunks: Buffer[] = [];
  let buffered = 0;
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    buffered += chunk.length;
    for (;;) {
      const length = buffered >= 4 ? lengthAt(chunks) : undefined;
      if (length === undefined || buffered < 4 + length) break;
      const bytes = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
      yield bytes.subarray(4, 4 + length);
      chunks = [bytes.subarray(4 + length)];
      buffered -= 4 + length;
    }
  }
}

function lengthAt(chunks: Buffer[]): number {
  if (chunks[0]!.length < 4) chunks.splice(0, chunks.length, Buffer.concat(chunks));
  const length = chunks[0]!.readInt32BE(0);
  if (length < 0 || length > MAX_REQUEST_BYTES) throw new RangeError(`a request of ${length} bytes`);
  return length;
}

/** Answers false when the connection must end. */
async function serveRequest(
  socket: Socket,
  frame: Buffer,
  gone: AbortSignal,
  { broker, switchboard, log }: ConnectionOptions,
): Promise<boolean> {
  const reader = new Reader(frame);
  const key = reader.int16();
  const version = reader.int16();
  const correlationId = reader.int32();
  const api = apis.get(key);
  if (!api || version < api.versions[0] || version > api.versions[1]) {
    if (key === API_VERSIONS_KEY) return send(socket, correlationId, unsupportedApiVersions());
    log(`kafka: connection closed: API ${api?.name ?? key} is not served in version ${version}`);
    return false;
  }
  const clientId = reader.nullableString() ?? '';
  const request = api.prepare(reader, version);
  const admission = await switchboard.admit(api.name);
  if (!admission.serve) return send(socket, correlationId, request.refuse(admission.error));
  const caller: Caller = { clientId, host: socket.remoteAddress ?? '', gone };
  let outcome: Outcome;
  try {
    outcome = await request.serve(broker, caller);
  } catch (error) {
    log(`kafka: ${api.name} failed: ${error instanceof Error ? error.message : String(error)}`);
    outcome = request.refuse(error);
  }
  if (!switchboard.mayAnswer(api.name) || outcome === 'close connection') return false;
  return outcome === 'no answer' || send(socket, correlationId, outcome);
}

/** Resolves once the socket can take more, or with false when it is closed. */
async function send(socket: Socket, correlationId: number, response: Writer): Promise<boolean> {
  const body = response.buffers();
  const header = Buffer.allocUnsafe(8);
  header.writeInt32BE(4 + body.reduce((sum, { length }) => sum + length, 0), 0);
  header.writeInt32BE(correlationId, 4);
  if (socket.destroyed) return false;
  socket.cork();
  socket.write(header);
  const hasRoom = body.reduce((_, part) => socket.write(part), true);
  socket.uncork();
  if (!hasRoom && !socket.destroyed && socket.writableNeedDrain) {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        socket.off('drain', done);
        socket.off('close', done);
        resolve();
      };
      socket.on('drain', done);
      socket.on('close', done);
    });
  }
  return !socket.destroyed;
}
