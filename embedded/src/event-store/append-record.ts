/**
 * How one append is stored: one record of the log, so that an append is there whole or not at all.
 *
 *   kind (u8), stream name length (u32), stream name, number of events (u32), then for each event a frame:
 *   body length (u32), type length (u32), created (u64, ticks of 100 ns since 1970), id (16 bytes), type, body
 *
 * The body is the event in the protocol's own encoding, without its position: it goes to readers as it is.
 * All numbers are little-endian.
 */
const FRAME_HEADER_BYTES = 4 + 4 + 8 + 16;

/** A tombstone is the last event of its stream, and is no event that a stream is read by. */
export type RecordKind = 'events' | 'tombstone';
const KINDS: RecordKind[] = ['events', 'tombstone'];

export interface EventFrame {
  id: Buffer;
  type: string;
  createdTicks: bigint;
  /** The event as a RecordedEvent message, which lacks its position. */
  body: Uint8Array;
}

export interface FrameLocation {
  type: string;
  /** Where the frame starts, counted from the start of the record. */
  start: number;
  length: number;
}

export interface AppendRecord {
  kind: RecordKind;
  streamName: string;
  frames: FrameLocation[];
}

export function encodeAppend(
  kind: RecordKind,
  streamName: string,
  events: EventFrame[],
): { record: Buffer; frames: FrameLocation[] } {
  const name = Buffer.from(streamName);
  const header = Buffer.alloc(1 + 4 + name.length + 4);
  header.writeUInt8(KINDS.indexOf(kind), 0);
  header.writeUInt32LE(name.length, 1);
  name.copy(header, 5);
  header.writeUInt32LE(events.length, 5 + name.length);
  const parts: Buffer[] = [header];
  const frames: FrameLocation[] = [];
  let start = header.length;
  for (const event of events) {
    const frame = encodeFrame(event);
    parts.push(frame);
    frames.push({ type: event.type, start, length: frame.length });
    start += frame.length;
  }
  return { record: Buffer.concat(parts), frames };
}

export function decodeAppend(record: Buffer): AppendRecord {
  const kind = KINDS[record.readUInt8(0)];
  if (!kind) throw new Error(`a record of kind ${record.readUInt8(0)} is not known to this version`);
  const nameEnd = 5 + record.readUInt32LE(1);
  const count = record.readUInt32LE(nameEnd);
  const frames: FrameLocation[] = [];
  let start = nameEnd + 4;
  for (let index = 0; index < count; index += 1) {
    const bodyLength = record.readUInt32LE(start);
    const typeStart = start + FRAME_HEADER_BYTES;
    const typeEnd = typeStart + record.readUInt32LE(start + 4);
    const length = typeEnd + bodyLength - start;
    frames.push({ type: record.toString('utf8', typeStart, typeEnd), start, length });
    start += length;
  }
  return { kind, streamName: record.toString('utf8', 5, nameEnd), frames };
}

function encodeFrame({ id, type, createdTicks, body }: EventFrame): Buffer {
  const typeBytes = Buffer.from(type);
  const frame = Buffer.allocUnsafe(FRAME_HEADER_BYTES + typeBytes.length + body.length);
  frame.writeUInt32LE(body.length, 0);
  frame.writeUInt32LE(typeBytes.length, 4);
  frame.writeBigUInt64LE(createdTicks, 8);
  id.copy(frame, 16);
  typeBytes.copy(frame, FRAME_HEADER_BYTES);
  frame.set(body, FRAME_HEADER_BYTES + typeBytes.length);
  return frame;
}

export function frameBody(frame: Buffer): Buffer {
  return frame.subarray(FRAME_HEADER_BYTES + frame.readUInt32LE(4));
}

export function frameId(frame: Buffer): Buffer {
  return frame.subarray(16, 32);
}

export function frameCreatedTicks(frame: Buffer): bigint {
  return frame.readBigUInt64LE(8);
}
