import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import {
  BATCH_HEADER_BYTES,
  encodeBatch,
  endMarker,
  isCommitMarker,
  isIntact,
  placeAt,
  readHeader,
} from '../../src/kafka/log/record-batch.js';
import { encodeRecords, readRecords } from '../../src/kafka/log/records.js';

const require = createRequire(import.meta.url);
const encodeAsKafkajs = require('kafkajs/src/protocol/recordBatch/v0').RecordBatch as (
  batch: object,
) => Promise<{
  buffer: Buffer;
}>;
const recordOf = require('kafkajs/src/protocol/recordBatch/record/v0') as (record: object) => object;

const NOW = 1_795_000_000_000;

/** A batch as kafkajs writes it. */
async function batchOf(
  ...records: { key?: string | null; value?: string | null; at?: number }[]
): Promise<Buffer> {
  const { buffer } = await encodeAsKafkajs({
    compression: 0,
    firstTimestamp: NOW,
    maxTimestamp: NOW,
    producerId: 5,
    producerEpoch: 2,
    firstSequence: 7,
    lastOffsetDelta: records.length - 1,
    records: records.map(({ key = 'key', value = 'value', at = NOW }, i) =>
      recordOf({ key, value, offsetDelta: i, timestampDelta: at - NOW, headers: { h: 'x' } }),
    ),
  });
  return Buffer.from(buffer);
}

describe('a record batch', () => {
  it('is read as its producer wrote it', async () => {
    const batch = await batchOf({}, {}, {});
    expect(isIntact(batch)).toBe(true);
    expect(readHeader(batch)).toMatchObject({
      baseOffset: 0,
      lastOffset: 2,
      producerId: 5,
      producerEpoch: 2,
      baseSequence: 7,
      recordCount: 3,
      isTransactional: false,
      isControl: false,
    });
  });

  it('stays intact when it is given its place in the log', async () => {
    const batch = await batchOf({}, {});
    placeAt(batch, 2 ** 40);
    expect(isIntact(batch)).toBe(true);
    expect(readHeader(batch)).toMatchObject({ baseOffset: 2 ** 40, lastOffset: 2 ** 40 + 1 });
  });

  it('is not intact when any byte behind the checksum differs, or one is missing', async () => {
    const batch = await batchOf({});
    for (let at = 21; at < batch.length; at += 1) {
      const damaged = Buffer.from(batch);
      damaged[at]! ^= 1;
      expect(isIntact(damaged)).toBe(false);
    }
    expect(isIntact(batch.subarray(0, -1))).toBe(false);
  });

  it('gives its records with offset, time, key and whether there is a value', async () => {
    const batch = await batchOf(
      { key: 'a' },
      { key: null, at: NOW - 3_000_000_000 },
      { key: '', value: null, at: NOW + 5 },
    );
    placeAt(batch, 10);
    expect(readRecords(batch)).toMatchObject([
      { offset: 10, timestamp: NOW, key: Buffer.from('a'), hasValue: true },
      { offset: 11, timestamp: NOW - 3_000_000_000, key: null, hasValue: true },
      { offset: 12, timestamp: NOW + 5, key: Buffer.alloc(0), hasValue: false },
    ]);
  });

  it.each([0, 86_400_000, -86_400_000])(
    'can be written anew, with a base time %d ms away',
    async (distance) => {
      const batch = await batchOf({ key: 'a' }, { key: 'b', at: NOW - 7 });
      const header = { ...readHeader(batch), baseTimestamp: NOW + distance };
      const again = encodeBatch(header, encodeRecords(readRecords(batch), header.baseTimestamp));
      expect(isIntact(again)).toBe(true);
      expect(readRecords(again)).toMatchObject(
        readRecords(batch).map(({ offset, timestamp, key }) => ({ offset, timestamp, key })),
      );
    },
  );

  it('can be looked into when it is packed with gzip', async () => {
    const batch = await batchOf({ key: 'a' }, { key: 'b' });
    const header = { ...readHeader(batch), attributes: 1, compression: 1 };
    const packed = encodeBatch(header, gzipSync(batch.subarray(BATCH_HEADER_BYTES)));
    expect(readRecords(packed).map(({ key }) => String(key))).toEqual(['a', 'b']);
  });

  it('is refused when its records overrun it', async () => {
    const batch = await batchOf({});
    expect(() => readRecords(batch.subarray(0, -4))).toThrow(RangeError);
  });

  it.each([true, false])('can mark the end of a transaction (commit: %s)', (committed) => {
    const marker = endMarker(5, 2, committed, NOW);
    expect(isIntact(marker)).toBe(true);
    expect(isCommitMarker(marker)).toBe(committed);
    expect(readHeader(marker)).toMatchObject({
      isControl: true,
      isTransactional: true,
      producerId: 5,
      recordCount: 1,
    });
    expect(readRecords(marker)[0]!.key).toEqual(Buffer.from([0, 0, 0, committed ? 1 : 0]));
  });
});
