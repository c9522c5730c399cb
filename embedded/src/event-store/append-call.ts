import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerReadableStream } from '@grpc/grpc-js';
import { streamNameOf, type ProposedEvent } from './event-encoding.js';
import { invalidArgument, MAX_APPEND_BYTES, maximumAppendSizeExceeded, streamDeleted } from './grpc-error.js';
import { expectedRevision, proposedEvent, sizeOf, writableStreamName } from './write-request.js';
import type { ExpectedRevision, StreamWriter, WriteOutcome } from './stream-writer.js';

const { AppendResp } = streams;

/** Streams/Append: one append a call. The answer to a conflict is a response; other failures are gRPC errors. */
export async function append(
  writer: StreamWriter,
  call: ServerReadableStream<streams.AppendReq, streams.AppendResp>,
  admit: () => Promise<void>,
): Promise<streams.AppendResp> {
  let options: streams.AppendReq.Options | undefined;
  const events: ProposedEvent[] = [];
  let bytes = 0;
  for await (const request of call as AsyncIterable<streams.AppendReq>) {
    const message = request.getProposedMessage();
    if (message) {
      const event = proposedEvent(message);
      bytes += sizeOf(event);
      if (bytes > MAX_APPEND_BYTES) throw maximumAppendSizeExceeded();
      events.push(event);
    } else {
      options = request.getOptions();
    }
  }
  if (!options) throw invalidArgument('The first message of an append holds its options.');
  const streamName = writableStreamName(streamNameOf(options.getStreamIdentifier()));
  const expected = expectedRevision(options, options.hasRevision() ? options.getRevision() : undefined);
  await admit();
  // A call that was given up while it waited must not be stored: its client has been told so.
  if (call.cancelled) throw invalidArgument('The call was cancelled.');
  const outcome = await writer.append(streamName, expected, events);
  if (outcome.result === 'stream_deleted') throw streamDeleted(streamName);
  return response(outcome, expected);
}

function response(
  outcome: Exclude<WriteOutcome, { result: 'stream_deleted' }>,
  expected: ExpectedRevision,
): streams.AppendResp {
  const response = new AppendResp();
  if (outcome.result === 'success') {
    const success = new AppendResp.Success();
    if (outcome.revision < 0n) success.setNoStream(new shared.Empty());
    else success.setCurrentRevision(String(outcome.revision));
    if (outcome.position === undefined) {
      success.setNoPosition(new shared.Empty());
    } else {
      const position = new AppendResp.Position();
      position.setCommitPosition(String(outcome.position));
      position.setPreparePosition(String(outcome.position));
      success.setPosition(position);
    }
    response.setSuccess(success);
    return response;
  }
  const conflict = new AppendResp.WrongExpectedVersion();
  if (outcome.current < 0n) conflict.setCurrentNoStream(new shared.Empty());
  else conflict.setCurrentRevision(String(outcome.current));
  if (expected === 'any') conflict.setExpectedAny(new shared.Empty());
  else if (expected === 'no_stream') conflict.setExpectedNoStream(new shared.Empty());
  else if (expected === 'stream_exists') conflict.setExpectedStreamExists(new shared.Empty());
  else conflict.setExpectedRevision(String(expected));
  response.setWrongExpectedVersion(conflict);
  return response;
}
