import { gunzipSync } from 'node:zlib';
import { BATCH_HEADER_BYTES, readHeader, type BatchHeader } from './record-batch.js';

const NO_COMPRESSION = 0;
const GZIP = 1;

/** Far above what a batch of the largest permitted size unpacks to in practice; it bounds a crafted one. */
const MAX_UNPACKED_BYTES = 64 << 20;

/** One record of a batch, as views on the batch's bytes. */
export interface StoredRecord {
  offset: number;
  timestamp: number;
  key: Buffer | null;
  hasValue: boolean;
  /** Everything behind the timestamp: offset delta, key, value, headers. */
  remainder: Buffer;
}

/** Whether the records of a batch with this header can be looked into: uncompressed and gzip. */
export function isReadable({ compression }: BatchHeader): boolean {
  return compression === NO_COMPRESSION || compression === GZIP;
}

/** The records of a batch. Throws RangeError (or zlib's error) when its content is malformed. */
export function readRecords(batch: Buffer, header: BatchHeader = readHeader(batch)): StoredRecord[] {
  const packed = batch.subarray(BATCH_HEADER_BYTES);
  const bytes =
    header.compression === GZIP ? gunzipSync(packed, { maxOutputLength: MAX_UNPACKED_BYTES }) : packed;
  const cursor = new VarintCursor(bytes);
  const records: StoredRecord[] = [];
  for (let i = 0; i < header.recordCount; i += 1) {
    const end = cursor.varint() + cursor.position;
    cursor.skip(1);
    const timestampDelta = cursor.varint();
    const remainderStart = cursor.position;
    const offsetDelta = cursor.varint();
    const keyLength = cursor.varint();
    const keyStart = cursor.position;
    cursor.skip(Math.max(keyLength, 0));
    const valueLength = cursor.varint();
    if (end < cursor.position || end > bytes.length) throw new RangeError('a record overruns its batch');
    cursor.position = end;
    records.push({
      offset: header.baseOffset + offsetDelta,
      timestamp: header.baseTimestamp + timestampDelta,
      key: keyLength < 0 ? null : bytes.subarray(keyStart, keyStart + keyLength),
      hasValue: valueLength >= 0,
      remainder: bytes.subarray(remainderStart, end),
    });
  }
  return records;
}

/** The bytes of records inside a batch with this base timestamp; their offset deltas stay as they are. */
export function encodeRecords(records: readonly StoredRecord[], baseTimestamp: number): Buffer {
  return Buffer.concat(
    records.flatMap(({ timestamp, remainder }) => {
      const delta = varint(timestamp - baseTimestamp);
      return [varint(1 + delta.length + remainder.length), Buffer.of(0), delta, remainder];
    }),
  );
}

class VarintCursor {
  position = 0;

  constructor(private readonly bytes: Buffer) {}

  skip(count: number): void {
    this.position += count;
  }

  /** A zigzag varint of up to 64 bits; by multiplication, because shifts end at 32. */
  varint(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.bytes[this.position];
      if (byte === undefined || factor > 2 ** 63) throw new RangeError('a number overruns its batch');
      this.position += 1;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) break;
      factor *= 128;
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}

function varint(value: number): Buffer {
  let rest = value >= 0 ? value * 2 : -value * 2 - 1;
  const bytes: number[] = [];
  while (rest >= 128) {
    bytes.push((rest % 128) | 0x80);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}
