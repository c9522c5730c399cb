import code from '@eventstore/db-client/generated/code_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import statusPb from '@eventstore/db-client/generated/status_pb.js';
import { Any, Empty } from './google-protobuf.js';
import { streamIdentifier } from './event-encoding.js';
import { MAX_APPEND_BYTES } from './grpc-error.js';
import type { ExpectedRevision } from './stream-writer.js';

/** The failures of one append among many on a call: google.rpc.Status, with the cause packed into its details. */
function statusOf(
  statusCode: code.Code,
  message: string,
  cause: { serializeBinary(): Uint8Array },
  typeName: string,
): statusPb.Status {
  const details = new Any();
  details.pack(cause.serializeBinary(), typeName);
  const status = new statusPb.Status();
  status.setCode(statusCode);
  status.setMessage(message);
  status.setDetails(details);
  return status;
}

export function wrongExpectedVersionStatus(expected: ExpectedRevision, current: bigint): statusPb.Status {
  const cause = new shared.WrongExpectedVersion();
  if (current < 0n) cause.setCurrentNoStream(new Empty());
  else cause.setCurrentStreamRevision(String(current));
  if (expected === 'any') cause.setExpectedAny(new Empty());
  else if (expected === 'no_stream') cause.setExpectedNoStream(new Empty());
  else if (expected === 'stream_exists') cause.setExpectedStreamExists(new Empty());
  else cause.setExpectedStreamPosition(String(expected));
  const { ALREADY_EXISTS } = code.Code;
  return statusOf(ALREADY_EXISTS, 'WrongExpectedVersion', cause, 'event_store.client.WrongExpectedVersion');
}

export function streamDeletedStatus(streamName: string): statusPb.Status {
  const cause = new shared.StreamDeleted();
  cause.setStreamIdentifier(streamIdentifier(streamName));
  return statusOf(code.Code.NOT_FOUND, 'StreamDeleted', cause, 'event_store.client.StreamDeleted');
}

export function maximumAppendSizeExceededStatus(): statusPb.Status {
  const cause = new shared.MaximumAppendSizeExceeded();
  cause.setMaxappendsize(MAX_APPEND_BYTES);
  const typeName = 'event_store.client.MaximumAppendSizeExceeded';
  return statusOf(code.Code.INVALID_ARGUMENT, 'Maximum Append Size Exceeded', cause, typeName);
}

export function timeoutStatus(): statusPb.Status {
  return statusOf(code.Code.DEADLINE_EXCEEDED, 'Timeout', new shared.Timeout(), 'event_store.client.Timeout');
}

export function badRequestStatus(message: string): statusPb.Status {
  const cause = new shared.BadRequest();
  cause.setMessage(message);
  return statusOf(code.Code.INVALID_ARGUMENT, message, cause, 'event_store.client.BadRequest');
}

export function unknownStatus(message: string): statusPb.Status {
  return statusOf(code.Code.UNKNOWN, message, new shared.Unknown(), 'event_store.client.Unknown');
}
