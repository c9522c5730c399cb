import type streams from '@eventstore/db-client/generated/streams_pb.js';
import { parseUuid, type ProposedEvent } from './event-encoding.js';
import { invalidArgument, missingMetadataProperty } from './grpc-error.js';
import type { ExpectedRevision } from './stream-writer.js';

type ProposedMessage = streams.AppendReq.ProposedMessage | streams.BatchAppendReq.ProposedMessage;

/** Reads an event out of an append request. GrpcError when it lacks its id, type or content type. */
export function proposedEvent(message: ProposedMessage): ProposedEvent {
  const id = parseUuid(message.getId()?.getString() ?? '');
  if (!id) throw invalidArgument('An event needs an id: a UUID in its string form.');
  const type = message.getMetadataMap().get('type');
  if (type === undefined) throw missingMetadataProperty('type');
  const contentType = message.getMetadataMap().get('content-type');
  if (contentType === undefined) throw missingMetadataProperty('content-type');
  const [data, metadata] = [message.getData_asU8(), message.getCustomMetadata_asU8()];
  // The real server, too, keeps of the content type only whether it is JSON.
  const isJson = contentType === 'application/json';
  return { id, type, contentType: isJson ? contentType : 'application/octet-stream', data, metadata };
}

/** What an event counts towards the limit of one append, in bytes: the type in UTF-16, the data and the metadata. */
export function sizeOf({ type, data, metadata }: ProposedEvent): number {
  return type.length * 2 + data.length + metadata.length;
}

/** A stream name that can be written to, as it came. GrpcError when it is none. */
export function writableStreamName(streamName: string): string {
  if (streamName === '' || streamName === '$$' || streamName === '$all') {
    throw invalidArgument(`'${streamName}' is not a stream that can be written to.`);
  }
  return streamName;
}

interface ExpectedRevisionOptions {
  hasAny(): boolean;
  hasNoStream(): boolean;
  hasStreamExists(): boolean;
}

/** Where the stream is expected to be; `revision` when the request names one. GrpcError when it says nothing. */
export function expectedRevision(
  options: ExpectedRevisionOptions,
  revision: string | undefined,
): ExpectedRevision {
  if (options.hasAny()) return 'any';
  if (options.hasNoStream()) return 'no_stream';
  if (options.hasStreamExists()) return 'stream_exists';
  if (revision === undefined) throw invalidArgument('The expected revision is missing.');
  return BigInt(revision);
}
