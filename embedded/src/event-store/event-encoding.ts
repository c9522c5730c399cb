import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { frameBody, type EventFrame } from './append-record.js';

/** An event as a client sends it. */
export interface ProposedEvent {
  /** The 16 bytes of its UUID. */
  id: Buffer;
  type: string;
  contentType: string;
  data: Uint8Array;
  metadata: Uint8Array;
}

/** Puts an event into the form in which it is stored. `revision` is its place in the stream. */
export function encodeEvent(
  streamName: string,
  revision: bigint,
  createdTicks: bigint,
  { id, type, contentType, data, metadata }: ProposedEvent,
): EventFrame {
  const event = new streams.ReadResp.ReadEvent.RecordedEvent();
  const uuid = new shared.UUID();
  uuid.setString(formatUuid(id));
  event.setId(uuid);
  event.setStreamIdentifier(streamIdentifier(streamName));
  event.setStreamRevision(String(revision));
  event
    .getMetadataMap()
    .set('type', type)
    .set('content-type', contentType)
    .set('created', String(createdTicks));
  event.setCustomMetadata(metadata);
  event.setData(data);
  return { id, type, createdTicks, body: event.serializeBinary() };
}

/** The data of a stored event. */
export function eventData(frame: Buffer): Uint8Array {
  return streams.ReadResp.ReadEvent.RecordedEvent.deserializeBinary(frameBody(frame)).getData_asU8();
}

export function streamIdentifier(streamName: string): shared.StreamIdentifier {
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(Buffer.from(streamName));
  return identifier;
}

export function streamNameOf(identifier: shared.StreamIdentifier | undefined): string {
  return Buffer.from(identifier?.getStreamName_asU8() ?? []).toString();
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The 16 bytes of a UUID; undefined when the text is none. */
export function parseUuid(text: string): Buffer | undefined {
  return UUID.test(text) ? Buffer.from(text.replaceAll('-', ''), 'hex') : undefined;
}

export function formatUuid(id: Buffer): string {
  const hex = id.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** A message of a read's answer; one that carries an event comes encoded. */
export type ReadResponse = streams.ReadResp | Buffer;

/**
 * The answer that carries a stored event, written by hand: a message object for each event would be half of
 * the work of a catch-up. Fields: ReadResp.event 1, ReadEvent.event 1 and commit_position 3,
 * RecordedEvent.prepare_position 4 and commit_position 5.
 */
export function encodeReadEvent(frame: Buffer, position: number): Buffer {
  const body = frameBody(frame);
  const positionBytes = varintBytes(position);
  const recorded = body.length + 2 * (1 + positionBytes);
  const readEvent = 1 + varintBytes(recorded) + recorded + 1 + positionBytes;
  const response = Buffer.allocUnsafe(1 + varintBytes(readEvent) + readEvent);
  let at = writeField(response, 0, 0x0a, readEvent);
  at = writeField(response, at, 0x0a, recorded);
  at += body.copy(response, at);
  at = writeField(response, at, 0x20, position);
  at = writeField(response, at, 0x28, position);
  writeField(response, at, 0x18, position);
  return response;
}

function writeField(target: Buffer, at: number, tag: number, value: number): number {
  target[at++] = tag;
  while (value >= 0x80) {
    target[at++] = (value % 0x80) | 0x80;
    value = Math.floor(value / 0x80);
  }
  target[at++] = value;
  return at;
}

function varintBytes(value: number): number {
  let bytes = 1;
  while (value >= 0x80) {
    value = Math.floor(value / 0x80);
    bytes += 1;
  }
  return bytes;
}
