import { randomUUID } from 'node:crypto';
import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import { Problem, type ProblemCode } from './problem.js';

const codes: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

/** Answers what is no HTTP request, straight to the socket, and ends the connection. */
export class ConnectionErrors {
  private readonly underWay = new WeakMap<Socket, Set<ServerResponse>>();

  constructor(private readonly log: Logger) {}

  /** Notes that a request came over this connection and that its answer is still to come. */
  begun(response: ServerResponse): void {
    const { socket } = response.req;
    const ofSocket = this.underWay.get(socket) ?? new Set();
    this.underWay.set(socket, ofSocket.add(response));
    response.once('close', () => ofSocket.delete(response));
  }

  /**
   * Sends a problem document. Its log line and its correlation id are all that can be told of it. Behind a request that
   * came whole and is being carried out nothing is sent: its caller would take it for the answer to that.
   */
  answer({ code = '' }: NodeJS.ErrnoException, socket: Socket): void {
    if (code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const unanswered = [...(this.underWay.get(socket) ?? [])].filter(({ req }) => req.complete);
    if (unanswered.length > 0) {
      unanswered.at(-1)!.once('close', () => socket.destroySoon());
      return;
    }
    const problem = new Problem(codes[code] ?? 'malformed_request');
    const document = problem.toDocument();
    const correlationId = randomUUID();
    this.log.info({ problem: problem.code, status: document.status, correlationId }, 'no request');
    const body = JSON.stringify(document);
    const head = [
      `HTTP/1.1 ${document.status} ${STATUS_CODES[document.status]}`,
      'Content-Type: application/problem+json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Cache-Control: no-store',
      `X-Correlation-Id: ${correlationId}`,
      'Connection: close',
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
  }
}
