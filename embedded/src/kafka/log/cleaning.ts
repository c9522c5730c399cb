import { gzipSync } from 'node:zlib';
import { encodeBatch, readHeader, type BatchHeader } from './record-batch.js';
import { encodeRecords, isReadable, readRecords, type StoredRecord } from './records.js';

export interface CleaningOptions {
  /** Batches that begin here or later are left alone. */
  limit: number;
  now: number;
  deleteRetentionMs: number;
  isAborted: (header: BatchHeader) => boolean;
}

/**
 * One compaction of a log: shown every batch once, it then says what remains of each. The latest record of a key
 * survives, with its offset; a tombstone survives for `deleteRetentionMs` after the first cleaning that meets it. Control batches
 * and aborted records go. A batch that can't be looked into is kept as it is. No batch is left without records, because
 * kafkajs takes such a one for the end of the partition.
 */
export class Cleaning {
  private readonly latest = new Map<string, number>();

  constructor(private readonly options: CleaningOptions) {}

  observe(batch: Buffer): void {
    const header = readHeader(batch);
    const { limit, isAborted } = this.options;
    if (header.baseOffset >= limit || header.isControl || isAborted(header)) return;
    for (const { key, offset } of recordsOf(batch, header) ?? []) {
      if (key) this.latest.set(key.toString('latin1'), offset);
    }
  }

  /** The batch as it is after the cleaning, or undefined when nothing remains. */
  survivorOf(batch: Buffer): Buffer | undefined {
    const header = readHeader(batch);
    if (header.baseOffset >= this.options.limit) return batch;
    if (header.isControl || this.options.isAborted(header)) return undefined;
    const records = recordsOf(batch, header);
    if (!records) return batch;
    const survivors = records.filter((record) => this.survives(record, header));
    if (survivors.length === 0) return undefined;
    const hasTombstone = survivors.some(({ hasValue }) => !hasValue);
    const startsHorizon = hasTombstone && !header.hasDeleteHorizon;
    if (survivors.length === records.length && !startsHorizon) return batch;
    return rebuild(
      header,
      survivors,
      startsHorizon ? this.options.now + this.options.deleteRetentionMs : undefined,
    );
  }

  private survives({ key, offset, hasValue }: StoredRecord, header: BatchHeader): boolean {
    if (!key || this.latest.get(key.toString('latin1')) !== offset) return false;
    return hasValue || !header.hasDeleteHorizon || header.baseTimestamp > this.options.now;
  }
}

/** Undefined for a batch that can't be looked into. */
function recordsOf(batch: Buffer, header: BatchHeader): StoredRecord[] | undefined {
  if (!isReadable(header)) return undefined;
  try {
    return readRecords(batch, header);
  } catch {
    return undefined;
  }
}

/** The format stores the time from which tombstones may go in place of the base timestamp. */
function rebuild(
  header: BatchHeader,
  records: readonly StoredRecord[],
  deleteHorizon: number | undefined,
): Buffer {
  const baseTimestamp = deleteHorizon ?? header.baseTimestamp;
  const bytes = encodeRecords(records, baseTimestamp);
  return encodeBatch(
    {
      ...header,
      baseTimestamp,
      hasDeleteHorizon: header.hasDeleteHorizon || deleteHorizon !== undefined,
      lastOffset: records.at(-1)!.offset,
      recordCount: records.length,
    },
    header.compression === 0 ? bytes : gzipSync(bytes),
  );
}
