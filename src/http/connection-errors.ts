import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import { Problem, type ProblemCode } from './problem.js';

const codes: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

/**
 * Answers what is no HTTP request with a problem document, straight to the socket, and ends the connection. Its log
 * line and its correlation id are all that can be told of it.
 */
export function answerConnectionError(log: Logger): (error: NodeJS.ErrnoException, socket: Socket) => void {
  return ({ code = '' }, socket) => {
    if (code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const problem = new Problem(codes[code] ?? 'malformed_request');
    const document = problem.toDocument();
    const correlationId = randomUUID();
    log.info({ problem: problem.code, status: document.status, correlationId }, 'no request');
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
  };
}
