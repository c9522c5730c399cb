import { HEADER_BYTES } from '../../storage/record-log.js';
import { KafkaError } from '../protocol/error-codes.js';
import type { TopicConfig } from '../topic-config.js';
import { BatchIndex } from './batch-index.js';
import { Cleaning } from './cleaning.js';
import { LogFile } from './log-file.js';
import { ProducerStates, type ProducerState } from './producer-states.js';
import { endMarker, placeAt, readHeader, type BatchHeader } from './record-batch.js';
import { isReadable, readRecords } from './records.js';
import { TransactionIndex, type AbortedTransaction, type TransactionIndexDump } from './transaction-index.js';

/** How often retention is looked at, as Kafka does: until then a record older than that can be read. */
const RETENTION_CHECK_MS = 5 * 60_000;
const READ_CHUNK_BYTES = 1 << 20;
/** Dropped batches stay in the file until they are more than this, and more than half of it. */
const MIN_GARBAGE_BYTES = 1 << 20;
/** What counts as a full segment here, where a topic allows more: a laptop's log is never a gibibyte. */
const MAX_SEGMENT_BYTES = 4 << 20;

/** Something in the file that is no batch: it begins with base offset -1. */
interface Note {
  logStartOffset: number;
  /** At the head of a rewritten file: what can no longer be concluded from its batches. */
  snapshot?: {
    nextOffset: number;
    cleanedTo: number;
    producers: ProducerState[];
    transactions: TransactionIndexDump;
  };
}

const NOTE_PREFIX = Buffer.alloc(8, 0xff);

export interface PartitionOptions {
  config: () => TopicConfig;
  log: (line: string) => void;
}

/**
 * The log of one partition. Batches are stored as they come, each as one record of the file; in memory there is an index
 * entry a batch, the producers' sequences and the transactions that are open or were aborted.
 */
export class Partition {
  private index = new BatchIndex();
  private readonly producers = new ProducerStates();
  private readonly transactions = new TransactionIndex();
  private readonly watchers = new Set<() => void>();
  /** The offset that the next batch will get. */
  private nextOffset = 0;
  private storedTo = 0;
  private startOffset = 0;
  private cleanedTo = 0;
  private cleanedBytes = 0;
  private restoredTo = 0;
  private lastStored: Promise<unknown> = Promise.resolve();
  private rewriting: Promise<void> | undefined;
  private retentionCheckedAt = 0;
  private file!: LogFile;

  private constructor(private readonly options: PartitionOptions) {}

  /** Opens or creates the partition's file and concludes everything else from its batches. */
  static async open(path: string, options: PartitionOptions): Promise<Partition> {
    const partition = new Partition(options);
    partition.file = await LogFile.open(path, {
      onRecord: (payload, position) => partition.replay(payload, position),
      onTruncated: (torn, offset, bytes) =>
        options.log(`kafka: cut ${bytes} bytes of an unfinished write off ${torn} at ${offset}`),
    });
    partition.deleteExpired(Date.now());
    return partition;
  }

  get logStartOffset(): number {
    return this.startOffset;
  }

  /** The offset behind the last stored record. */
  get highWatermark(): number {
    return this.storedTo;
  }

  /** The offset up to which every transaction has ended. */
  get lastStableOffset(): number {
    return this.transactions.firstOpenOffset ?? this.storedTo;
  }

  /** Whether a transaction of this producer has records here and no end. */
  hasOpenTransaction(producerId: number): boolean {
    return this.transactions.isOpen(producerId);
  }

  /**
   * Stores a batch, whose bytes it takes over, and answers with its base offset: for a batch that an idempotent
   * producer sends again, the offset it got the first time. Throws what ProducerStates.check throws.
   */
  async append(batch: Buffer): Promise<number> {
    while (this.rewriting) await this.rewriting;
    const duplicateOf = this.producers.check(readHeader(batch));
    if (duplicateOf !== undefined) {
      await this.lastStored;
      return duplicateOf;
    }
    return this.appendUnchecked(batch);
  }

  /** Ends a producer's transaction in this partition. */
  async appendEndMarker(producerId: number, epoch: number, committed: boolean): Promise<void> {
    while (this.rewriting) await this.rewriting;
    await this.appendUnchecked(endMarker(producerId, epoch, committed, Date.now()));
  }

  /** The size of the batches from `offset` on that begin before `limit`, counted up to `enough`. */
  bytesBetween(offset: number, limit: number, enough: number): number {
    let bytes = 0;
    for (let row = this.index.firstReaching(offset); row < this.index.length && bytes < enough; row += 1) {
      const entry = this.index.at(row);
      if (entry.baseOffset >= limit) break;
      bytes += entry.bytes;
    }
    return bytes;
  }

  /** The batches from the one that holds `offset` on, those that begin before `limit`, while they fit `maxBytes`; with `mayExceed` the first even when it doesn't. */
  async read(offset: number, limit: number, maxBytes: number, mayExceed: boolean): Promise<Buffer[]> {
    const first = this.index.firstReaching(offset);
    let bytes = 0;
    let end = first;
    for (; end < this.index.length; end += 1) {
      const entry = this.index.at(end);
      const fits = bytes + entry.bytes <= maxBytes || (mayExceed && end === first);
      if (entry.baseOffset >= limit || !fits) break;
      bytes += entry.bytes;
    }
    return end === first ? [] : this.readRows(this.index, first, end);
  }

  abortedBetween(from: number, to: number): AbortedTransaction[] {
    return this.transactions.abortedBetween(from, to);
  }

  /** The first record at or after a time, in ms since 1970, that lies before `limit`; undefined when there is none. */
  async firstSince(
    timestamp: number,
    limit: number,
  ): Promise<{ offset: number; timestamp: number } | undefined> {
    for (let row = 0; row < this.index.length; row += 1) {
      const entry = this.index.at(row);
      if (entry.maxTimestamp < timestamp) continue;
      const [batch] = await this.readRows(this.index, row, row + 1);
      const header = readHeader(batch!);
      const records = isReadable(header)
        ? readRecords(batch!, header)
        : [{ offset: header.baseOffset, timestamp: header.maxTimestamp }];
      const found = records.find(
        (record) => record.timestamp >= timestamp && record.offset >= this.startOffset,
      );
      if (found)
        return found.offset < limit ? { offset: found.offset, timestamp: found.timestamp } : undefined;
    }
    return undefined;
  }

  /** Moves the start of the log up to `offset`. */
  async deleteRecordsBefore(offset: number): Promise<void> {
    while (this.rewriting) await this.rewriting;
    if (offset <= this.startOffset) return;
    this.dropBefore(offset);
    this.lastStored = this.file.append(encodeNote({ logStartOffset: offset }));
    await this.lastStored;
  }

  /** Deletes and compacts what the topic's configuration no longer keeps. Called on use, and cheap when nothing is due. */
  maintain(): void {
    if (this.rewriting) return;
    const now = Date.now();
    if (now - this.retentionCheckedAt >= RETENTION_CHECK_MS) this.deleteExpired(now);
    const limit = this.cleanableTo(now);
    const garbage = this.file.size - this.index.totalBytes;
    if (limit !== undefined) this.rewrite(now, limit);
    else if (garbage > MIN_GARBAGE_BYTES && garbage > this.index.totalBytes * 1.2) this.rewrite(now);
  }

  /** Calls back whenever records become readable, until the returned function is called. */
  watch(onChange: () => void): () => void {
    this.watchers.add(onChange);
    return () => this.watchers.delete(onChange);
  }

  /** Waits for what was appended and closes the file. */
  async close(): Promise<void> {
    await this.rewriting;
    await this.lastStored.catch(() => {});
    await this.file.close();
    this.notify();
  }

  private appendUnchecked(batch: Buffer): Promise<number> {
    placeAt(batch, this.nextOffset);
    const header = readHeader(batch);
    this.nextOffset = header.lastOffset + 1;
    this.producers.accept(header);
    const stored = this.file.append(batch).then(
      (position) => {
        this.show(header, batch, position);
        this.notify();
        return header.baseOffset;
      },
      () => {
        throw new KafkaError('KAFKA_STORAGE_ERROR');
      },
    );
    this.lastStored = stored;
    return stored;
  }

  private show(header: BatchHeader, batch: Buffer, position: number): void {
    const { baseOffset, lastOffset, maxTimestamp } = header;
    this.index.add({ baseOffset, lastOffset, maxTimestamp, position, bytes: batch.length });
    if (lastOffset < this.restoredTo) return;
    this.transactions.apply(header, batch);
    this.storedTo = lastOffset + 1;
  }

  private replay(payload: Buffer, position: number): void {
    if (payload.subarray(0, NOTE_PREFIX.length).equals(NOTE_PREFIX)) {
      this.replayNote(JSON.parse(payload.toString('utf8', NOTE_PREFIX.length)) as Note);
      return;
    }
    const header = readHeader(payload);
    if (header.lastOffset >= this.restoredTo) {
      this.producers.accept(header);
      this.nextOffset = header.lastOffset + 1;
    }
    this.show(header, payload, position);
    if (header.lastOffset < this.cleanedTo) this.cleanedBytes = this.index.totalBytes;
  }

  private replayNote({ logStartOffset, snapshot }: Note): void {
    if (snapshot) {
      this.producers.restore(snapshot.producers);
      this.transactions.restore(snapshot.transactions);
      this.restoredTo = this.nextOffset = this.storedTo = snapshot.nextOffset;
      this.cleanedTo = snapshot.cleanedTo;
    }
    this.dropBefore(logStartOffset);
  }

  private dropBefore(offset: number): void {
    this.startOffset = offset;
    this.index.dropBefore(offset);
    this.transactions.dropBefore(offset);
  }

  private deleteExpired(now: number): void {
    this.retentionCheckedAt = now;
    this.deleteRecordsBefore(this.expiredBefore(now)).catch((error: unknown) =>
      this.report('retention', error),
    );
  }

  private expiredBefore(now: number): number {
    const { deletes, retentionMs, retentionBytes } = this.options.config();
    let start = this.startOffset;
    if (!deletes) return start;
    let excess = retentionBytes < 0 ? 0 : this.index.totalBytes - retentionBytes;
    for (let row = 0; row < this.index.length; row += 1) {
      const { maxTimestamp, lastOffset, bytes } = this.index.at(row);
      const expired = retentionMs >= 0 && maxTimestamp < now - retentionMs;
      if ((!expired && excess < bytes) || lastOffset >= this.lastStableOffset) break;
      excess -= bytes;
      start = lastOffset + 1;
    }
    return start;
  }

  /** The offset up to which a compaction that is due may reach: the last batch and open transactions are left out. */
  private cleanableTo(now: number): number | undefined {
    const config = this.options.config();
    if (!config.compacts || this.index.length === 0) return undefined;
    const limit = Math.min(this.lastStableOffset, this.index.at(this.index.length - 1).baseOffset);
    const firstDirty = this.index.firstReaching(this.cleanedTo);
    if (firstDirty >= this.index.length || this.index.at(firstDirty).baseOffset >= limit) return undefined;
    const age = now - this.index.at(firstDirty).maxTimestamp;
    const dirtyBytes = this.index.totalBytes - this.cleanedBytes;
    const isSegmentFull =
      dirtyBytes >= Math.min(config.segmentBytes, MAX_SEGMENT_BYTES) || age >= config.segmentMs;
    const isDirty =
      dirtyBytes >= this.index.totalBytes * config.minCleanableDirtyRatio || age >= config.maxCompactionLagMs;
    return isSegmentFull && isDirty ? limit : undefined;
  }

  private rewrite(now: number, limit?: number): void {
    this.rewriting = this.writeSuccessor(now, limit)
      .catch((error: unknown) => this.report('compaction', error))
      .finally(() => (this.rewriting = undefined));
  }

  private async writeSuccessor(now: number, limit: number | undefined): Promise<void> {
    await this.lastStored;
    const cleaning =
      limit === undefined
        ? undefined
        : new Cleaning({
            limit,
            now,
            deleteRetentionMs: this.options.config().deleteRetentionMs,
            isAborted: ({ producerId, baseOffset, isTransactional }) =>
              isTransactional && this.transactions.isAborted(producerId, baseOffset),
          });
    if (cleaning) await this.forEachBatch((batch) => cleaning.observe(batch));
    const cleanedTo = limit ?? this.cleanedTo;
    const successor = await this.file.openSuccessor();
    const index = new BatchIndex();
    await successor.append(encodeNote(this.snapshot(cleanedTo)));
    let cleanedBytes = 0;
    await this.forEachBatch(async (original) => {
      const batch = cleaning ? cleaning.survivorOf(original) : original;
      if (!batch) return;
      const { baseOffset, lastOffset, maxTimestamp } = readHeader(batch);
      const position = await successor.append(batch);
      index.add({ baseOffset, lastOffset, maxTimestamp, position, bytes: batch.length });
      if (lastOffset < cleanedTo) cleanedBytes = index.totalBytes;
    });
    await successor.takePlaceOf(this.file);
    this.file = successor;
    this.index = index;
    this.cleanedTo = cleanedTo;
    this.cleanedBytes = cleanedBytes;
    this.transactions.dropBefore(cleanedTo);
  }

  private snapshot(cleanedTo: number): Note {
    return {
      logStartOffset: this.startOffset,
      snapshot: {
        nextOffset: this.nextOffset,
        cleanedTo,
        producers: this.producers.dump(),
        transactions: this.transactions.dump(cleanedTo),
      },
    };
  }

  private async forEachBatch(visit: (batch: Buffer) => Promise<void> | void): Promise<void> {
    for (let row = 0; row < this.index.length;) {
      let end = row;
      for (let bytes = 0; end < this.index.length && bytes < READ_CHUNK_BYTES; end += 1)
        bytes += this.index.at(end).bytes;
      await Promise.all((await this.readRows(this.index, row, end)).map(visit));
      row = end;
    }
  }

  /** Reads rows [from, to) of the index; what lies between batches in the file is left out. */
  private async readRows(index: BatchIndex, from: number, to: number): Promise<Buffer[]> {
    const last = index.at(to - 1);
    const payloads = await this.file.read(index.at(from).position, last.position + HEADER_BYTES + last.bytes);
    return payloads.filter((payload) => !payload.subarray(0, NOTE_PREFIX.length).equals(NOTE_PREFIX));
  }

  private notify(): void {
    for (const onChange of this.watchers) onChange();
  }

  private report(task: string, error: unknown): void {
    this.options.log(`kafka: ${task} failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function encodeNote(note: Note): Buffer {
  return Buffer.concat([NOTE_PREFIX, Buffer.from(JSON.stringify(note))]);
}
