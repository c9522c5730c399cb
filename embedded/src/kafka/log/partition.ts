import { KafkaError } from '../protocol/error-codes.js';
import type { TopicConfig } from '../topic-config.js';
import { BatchStore, type Note } from './batch-store.js';
import { Cleaning } from './cleaning.js';
import { ProducerStates } from './producer-states.js';
import { endMarker, placeAt, readHeader, type BatchHeader } from './record-batch.js';
import { isReadable, readRecords } from './records.js';
import { cleanableTo, expiredBefore } from './retention.js';
import { TransactionIndex, type AbortedTransaction } from './transaction-index.js';

/** How often retention is looked at, as Kafka does: until then a record older than that can be read. */
const RETENTION_CHECK_MS = 5 * 60_000;
/** Dropped batches stay in the file until they are more than this, and more than half of it. */
const MIN_GARBAGE_BYTES = 1 << 20;

export interface PartitionOptions {
  config: () => TopicConfig;
  log: (line: string) => void;
}

/**
 * The log of one partition. Batches are stored as they come, each as one record of the file; in memory there is an index
 * entry a batch, the producers' sequences and the transactions that are open or were aborted.
 */
export class Partition {
  private readonly producers = new ProducerStates();
  private readonly transactions = new TransactionIndex();
  private readonly watchers = new Set<() => void>();
  /** The offset that the next batch will get. */
  private nextOffset = 0;
  private storedTo = 0;
  private startOffset = 0;
  private cleaned = { to: 0, bytes: 0 };
  /** Up to here a snapshot said what the batches say of producers and transactions. */
  private restoredTo = 0;
  private lastStored: Promise<unknown> = Promise.resolve();
  private rewriting: Promise<void> | undefined;
  private retentionCheckedAt = 0;
  private batches!: BatchStore;

  private constructor(private readonly options: PartitionOptions) {}

  /** Opens or creates the partition's file and concludes everything else from its batches. */
  static async open(path: string, options: PartitionOptions): Promise<Partition> {
    const partition = new Partition(options);
    partition.batches = await BatchStore.open(path, {
      onBatch: (header, batch) => partition.replay(header, batch),
      onNote: (note) => partition.replayNote(note),
      onTruncated: (torn, offset, bytes) =>
        options.log(`kafka: cut ${bytes} bytes of an unfinished write off ${torn} at ${offset}`),
    });
    partition.batches.index.dropBefore(partition.startOffset);
    partition.cleaned.bytes = partition.batches.index.bytesBefore(partition.cleaned.to);
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
    return Math.max(this.transactions.firstOpenOffset ?? this.storedTo, this.startOffset);
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
    for (
      let row = this.batches.index.firstReaching(offset);
      row < this.batches.index.length && bytes < enough;
      row += 1
    ) {
      const entry = this.batches.index.at(row);
      if (entry.baseOffset >= limit) break;
      bytes += entry.bytes;
    }
    return bytes;
  }

  /** The batches from the one that holds `offset` on, those that begin before `limit`, while they fit `maxBytes`; with `mayExceed` the first even when it doesn't. */
  async read(offset: number, limit: number, maxBytes: number, mayExceed: boolean): Promise<Buffer[]> {
    const first = this.batches.index.firstReaching(offset);
    let bytes = 0;
    let end = first;
    for (; end < this.batches.index.length; end += 1) {
      const entry = this.batches.index.at(end);
      const fits = bytes + entry.bytes <= maxBytes || (mayExceed && end === first);
      if (entry.baseOffset >= limit || !fits) break;
      bytes += entry.bytes;
    }
    return end === first ? [] : this.batches.read(first, end);
  }

  abortedBetween(from: number, to: number): AbortedTransaction[] {
    return this.transactions.abortedBetween(from, to);
  }

  /** The first record at or after a time, in ms since 1970, that lies before `limit`; undefined when there is none. */
  async firstSince(
    timestamp: number,
    limit: number,
  ): Promise<{ offset: number; timestamp: number } | undefined> {
    for (let row = 0; row < this.batches.index.length; row += 1) {
      const entry = this.batches.index.at(row);
      if (entry.maxTimestamp < timestamp) continue;
      const [batch] = await this.batches.read(row, row + 1);
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
    this.lastStored = this.batches.appendNote({ logStartOffset: offset });
    await this.lastStored;
  }

  /** Deletes and compacts what the topic's configuration no longer keeps. Called on use, and cheap when nothing is due. */
  maintain(): void {
    if (this.rewriting) return;
    const now = Date.now();
    if (now - this.retentionCheckedAt >= RETENTION_CHECK_MS) this.deleteExpired(now);
    const { index, garbageBytes } = this.batches;
    const limit = cleanableTo(index, this.options.config(), this.cleaned, this.lastStableOffset, now);
    if (limit !== undefined) this.rewrite(() => this.compact(limit, now));
    else if (garbageBytes > MIN_GARBAGE_BYTES && garbageBytes > index.totalBytes * 1.2) {
      this.rewrite(() =>
        this.batches.rewrite(
          this.snapshot(this.cleaned.to),
          (batch) => batch,
          () => {},
        ),
      );
    }
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
    await this.batches.close();
    this.notify();
  }

  private appendUnchecked(batch: Buffer): Promise<number> {
    placeAt(batch, this.nextOffset);
    const header = readHeader(batch);
    this.nextOffset = header.lastOffset + 1;
    this.producers.accept(header);
    const stored = this.batches.append(batch).then(
      () => {
        this.show(header, batch);
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

  private show(header: BatchHeader, batch: Buffer): void {
    this.transactions.apply(header, batch);
    this.storedTo = header.lastOffset + 1;
  }

  private replay(header: BatchHeader, batch: Buffer): void {
    if (header.lastOffset < this.restoredTo) return;
    this.producers.accept(header);
    this.nextOffset = header.lastOffset + 1;
    this.show(header, batch);
  }

  private replayNote({ logStartOffset, snapshot }: Note): void {
    if (snapshot) {
      this.producers.restore(snapshot.producers);
      this.transactions.restore(snapshot.transactions);
      this.restoredTo = this.nextOffset = this.storedTo = snapshot.nextOffset;
      this.cleaned.to = snapshot.cleanedTo;
    }
    this.startOffset = logStartOffset;
    this.transactions.dropBefore(logStartOffset);
  }

  private dropBefore(offset: number): void {
    this.startOffset = offset;
    this.batches.index.dropBefore(offset);
    this.transactions.dropBefore(offset);
  }

  private deleteExpired(now: number): void {
    this.retentionCheckedAt = now;
    const start = expiredBefore(this.batches.index, this.options.config(), this.lastStableOffset, now);
    this.deleteRecordsBefore(start).catch((error: unknown) => this.report('retention', error));
  }

  /** Holds appends back while the file is rewritten. */
  private rewrite(task: () => Promise<void>): void {
    this.rewriting = this.lastStored
      .then(task)
      .catch((error: unknown) => this.report('compaction', error))
      .finally(() => (this.rewriting = undefined));
  }

  private async compact(limit: number, now: number): Promise<void> {
    const cleaning = new Cleaning({
      limit,
      now,
      deleteRetentionMs: this.options.config().deleteRetentionMs,
      isAborted: ({ producerId, baseOffset, isTransactional }) =>
        isTransactional && this.transactions.isAborted(producerId, baseOffset),
    });
    await this.batches.forEach((batch) => cleaning.observe(batch));
    await this.batches.rewrite(
      this.snapshot(limit),
      (batch) => cleaning.survivorOf(batch),
      () => {
        this.cleaned = { to: limit, bytes: this.batches.index.bytesBefore(limit) };
        this.transactions.dropBefore(limit);
      },
    );
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

  private notify(): void {
    for (const onChange of this.watchers) onChange();
  }

  private report(task: string, error: unknown): void {
    this.options.log(`kafka: ${task} failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}
