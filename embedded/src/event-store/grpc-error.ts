import { Metadata, status } from '@grpc/grpc-js';
import type { ExpectedRevision } from './stream-writer.js';

/** The real server's default for one append, in bytes. */
export const MAX_APPEND_BYTES = 1 << 20;

/** An error as gRPC sends it: the client makes its typed errors from the trailers. */
export class GrpcError extends Error {
  readonly details: string;
  readonly metadata = new Metadata();

  constructor(
    readonly code: status,
    details: string,
    trailers: Record<string, string> = {},
  ) {
    super(details);
    this.details = details;
    for (const [key, value] of Object.entries(trailers)) this.metadata.set(key, asAscii(value));
  }
}

export function streamDeleted(streamName: string): GrpcError {
  return new GrpcError(status.FAILED_PRECONDITION, `Event stream '${streamName}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': streamName,
  });
}

export function maximumAppendSizeExceeded(): GrpcError {
  return new GrpcError(status.INVALID_ARGUMENT, `Maximum Append Size of ${MAX_APPEND_BYTES} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(MAX_APPEND_BYTES),
  });
}

export function missingMetadataProperty(property: string): GrpcError {
  return new GrpcError(status.INVALID_ARGUMENT, `Required Metadata Property '${property}' is missing`, {
    exception: 'missing-required-metadata-property',
    'required-metadata-properties': 'type,content-type',
  });
}

const EXPECTED_VERSIONS = { any: '-2', no_stream: '-1', stream_exists: '-4' };

export function wrongExpectedVersion(
  streamName: string,
  expected: ExpectedRevision,
  current: bigint,
): GrpcError {
  const version = typeof expected === 'bigint' ? String(expected) : EXPECTED_VERSIONS[expected];
  return new GrpcError(
    status.FAILED_PRECONDITION,
    `Write failed due to WrongExpectedVersion. Stream: ${streamName}, Expected version: ${version}, Actual version: ${current}`,
    {
      exception: 'wrong-expected-version',
      'stream-name': streamName,
      'expected-version': version,
      'actual-version': String(current),
    },
  );
}

export function invalidArgument(details: string): GrpcError {
  return new GrpcError(status.INVALID_ARGUMENT, details);
}

export function unsupported(what: string): GrpcError {
  return new GrpcError(status.UNIMPLEMENTED, `${what}: not supported by the embedded event store`);
}

/** What a call is ended with: an error that has a gRPC status code as it is, anything else as INTERNAL. */
export function asGrpcError(error: unknown): unknown {
  const hasCode =
    typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'number';
  return hasCode
    ? error
    : new GrpcError(status.INTERNAL, error instanceof Error ? error.message : 'Unknown error');
}

function asAscii(value: string): string {
  return /^[\x20-\x7e]*$/.test(value) ? value : encodeURI(value);
}
