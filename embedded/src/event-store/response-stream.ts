import { once } from 'node:events';
import type { ServerDuplexStream, ServerWritableStream } from '@grpc/grpc-js';
import { asGrpcError } from './grpc-error.js';

/** The responses of a call, held back while its client doesn't take them. */
export class ResponseStream<Response> {
  private readonly abort = new AbortController();
  private draining: Promise<unknown> | undefined;

  constructor(
    private readonly call: ServerWritableStream<unknown, Response> | ServerDuplexStream<unknown, Response>,
  ) {
    call.on('cancelled', () => this.abort.abort());
    call.on('close', () => this.abort.abort());
  }

  /** Given when the client is gone or the call has ended. */
  get cancelled(): AbortSignal {
    return this.abort.signal;
  }

  /** Resolves when more may be sent. Rejects when the client is gone. */
  async send(response: Response): Promise<void> {
    this.cancelled.throwIfAborted();
    if (this.call.write(response)) return;
    this.draining ??= once(this.call, 'drain', { signal: this.cancelled }).finally(() => {
      this.draining = undefined;
    });
    await this.draining;
  }

  end(): void {
    if (!this.cancelled.aborted) this.call.end();
  }

  /** Ends the call with an error, unless its client is gone. */
  fail(error: unknown): void {
    if (!this.cancelled.aborted) this.call.emit('error', asGrpcError(error));
  }
}
