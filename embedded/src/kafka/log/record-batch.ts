/**
 * The record batch of message format 2, as a view on its bytes. The checksum covers everything from the
 * attributes on, so that a broker can set offset and leader epoch without touching it.
 */
const BASE_OFFSET = 0;
const LENGTH = 8;
const LEADER_EPOCH = 12;
const MAGIC = 16;
const CRC = 17;
const ATTRIBUTES = 21;
const LAST_OFFSET_DELTA = 23;
const BASE_TIMESTAMP = 27;
const MAX_TIMESTAMP = 35;
const PRODUCER_ID = 43;
const PRODUCER_EPOCH = 51;
const BASE_SEQUENCE = 53;
const RECORD_COUNT = 57;
export const BATCH_HEADER_BYTES = 61;

const LENGTH_COUNTS_FROM = 12;
const COMPRESSION_MASK = 0x07;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;
const DELETE_HORIZON = 0x40;

export interface BatchHeader {
  baseOffset: number;
  lastOffset: number;
  attributes: number;
  /** 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd. */
  compression: number;
  isTransactional: boolean;
  isControl: boolean;
  /** Whether `baseTimestamp` holds the time at which tombstones may go. */
  hasDeleteHorizon: boolean;
  baseTimestamp: number;
  maxTimestamp: number;
  producerId: number;
  producerEpoch: number;
  baseSequence: number;
  recordCount: number;
}

/** What is known of a batch from its first 61 bytes. */
export function readHeader(batch: Buffer): BatchHeader {
  const attributes = batch.readInt16BE(ATTRIBUTES);
  const baseOffset = Number(batch.readBigInt64BE(BASE_OFFSET));
  return {
    baseOffset,
    lastOffset: baseOffset + batch.readInt32BE(LAST_OFFSET_DELTA),
    attributes,
    compression: attributes & COMPRESSION_MASK,
    isTransactional: (attributes & TRANSACTIONAL) !== 0,
    isControl: (attributes & CONTROL) !== 0,
    hasDeleteHorizon: (attributes & DELETE_HORIZON) !== 0,
    baseTimestamp: Number(batch.readBigInt64BE(BASE_TIMESTAMP)),
    maxTimestamp: Number(batch.readBigInt64BE(MAX_TIMESTAMP)),
    producerId: Number(batch.readBigInt64BE(PRODUCER_ID)),
    producerEpoch: batch.readInt16BE(PRODUCER_EPOCH),
    baseSequence: batch.readInt32BE(BASE_SEQUENCE),
    recordCount: batch.readInt32BE(RECORD_COUNT),
  };
}

/** Whether the bytes are exactly one whole batch of format 2 with the right checksum. */
export function isIntact(batch: Buffer): boolean {
  return (
    batch.length >= BATCH_HEADER_BYTES &&
    batch.readInt8(MAGIC) === 2 &&
    batch.readInt32BE(LENGTH) + LENGTH_COUNTS_FROM === batch.length &&
    batch.readUInt32BE(CRC) === crc32c(batch, ATTRIBUTES)
  );
}

/** Gives the batch its place in the log. */
export function placeAt(batch: Buffer, baseOffset: number): void {
  batch.writeBigInt64BE(BigInt(baseOffset), BASE_OFFSET);
  batch.writeInt32BE(0, LEADER_EPOCH);
}

/** A batch with this header (whose offsets it carries) around these record bytes. */
export function encodeBatch(header: BatchHeader, records: Buffer): Buffer {
  const batch = Buffer.allocUnsafe(BATCH_HEADER_BYTES + records.length);
  placeAt(batch, header.baseOffset);
  batch.writeInt32BE(batch.length - LENGTH_COUNTS_FROM, LENGTH);
  batch.writeInt8(2, MAGIC);
  batch.writeInt16BE(
    (header.attributes & ~DELETE_HORIZON) | (header.hasDeleteHorizon ? DELETE_HORIZON : 0),
    ATTRIBUTES,
  );
  batch.writeInt32BE(header.lastOffset - header.baseOffset, LAST_OFFSET_DELTA);
  batch.writeBigInt64BE(BigInt(header.baseTimestamp), BASE_TIMESTAMP);
  batch.writeBigInt64BE(BigInt(header.maxTimestamp), MAX_TIMESTAMP);
  batch.writeBigInt64BE(BigInt(header.producerId), PRODUCER_ID);
  batch.writeInt16BE(header.producerEpoch, PRODUCER_EPOCH);
  batch.writeInt32BE(header.baseSequence, BASE_SEQUENCE);
  batch.writeInt32BE(header.recordCount, RECORD_COUNT);
  records.copy(batch, BATCH_HEADER_BYTES);
  batch.writeUInt32BE(crc32c(batch, ATTRIBUTES), CRC);
  return batch;
}

/** The batch that ends a producer's transaction in a partition. */
export function endMarker(
  producerId: number,
  producerEpoch: number,
  committed: boolean,
  now: number,
): Buffer {
  // One record: length, attributes, timestamp and offset delta, key (version 0, type), value (version 0, coordinator epoch 0), no headers.
  const key = [8, 0, 0, 0, committed ? 1 : 0];
  const value = [12, 0, 0, 0, 0, 0, 0];
  const record = Buffer.from([32, 0, 0, 0, ...key, ...value, 0]);
  return encodeBatch(
    {
      baseOffset: 0,
      lastOffset: 0,
      attributes: TRANSACTIONAL | CONTROL,
      compression: 0,
      isTransactional: true,
      isControl: true,
      hasDeleteHorizon: false,
      baseTimestamp: now,
      maxTimestamp: now,
      producerId,
      producerEpoch,
      baseSequence: -1,
      recordCount: 1,
    },
    record,
  );
}

/** Whether a control batch ends its transaction by a commit. */
export function isCommitMarker(controlBatch: Buffer): boolean {
  const keyType = BATCH_HEADER_BYTES + 8;
  return controlBatch.readInt8(keyType) === 1;
}

const CASTAGNOLI = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit += 1) {
    remainder = remainder & 1 ? (remainder >>> 1) ^ 0x82f63b78 : remainder >>> 1;
  }
  return remainder;
});

/** CRC-32C, which Kafka uses and Node's zlib doesn't have. */
function crc32c(bytes: Buffer, from: number): number {
  let crc = 0xffffffff;
  for (let i = from; i < bytes.length; i += 1) crc = CASTAGNOLI[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
