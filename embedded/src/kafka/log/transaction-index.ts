import { isCommitMarker, type BatchHeader } from './record-batch.js';

export interface AbortedTransaction {
  producerId: number;
  firstOffset: number;
  /** The offset of its abort marker. */
  lastOffset: number;
}

export interface TransactionIndexDump {
  open: [producerId: number, firstOffset: number][];
  aborted: AbortedTransaction[];
}

/** Which stored records of a partition belong to transactions that are open or were aborted. */
export class TransactionIndex {
  private readonly open = new Map<number, number>();
  private aborted: AbortedTransaction[] = [];

  /** Follows a stored batch. */
  apply(header: BatchHeader, batch: Buffer): void {
    const { producerId, baseOffset } = header;
    if (!header.isTransactional) return;
    if (!header.isControl) {
      if (!this.open.has(producerId)) this.open.set(producerId, baseOffset);
      return;
    }
    const firstOffset = this.open.get(producerId);
    this.open.delete(producerId);
    if (firstOffset !== undefined && !isCommitMarker(batch)) {
      this.aborted.push({ producerId, firstOffset, lastOffset: baseOffset });
    }
  }

  /** Where the oldest open transaction begins. */
  get firstOpenOffset(): number | undefined {
    return this.open.size === 0 ? undefined : Math.min(...this.open.values());
  }

  /**
   * The aborted transactions with records in [from, to), by their first offset: kafkajs takes them to
   * come in that order, and clients that don't care lose nothing.
   */
  abortedBetween(from: number, to: number): AbortedTransaction[] {
    return this.aborted
      .filter(({ firstOffset, lastOffset }) => lastOffset >= from && firstOffset < to)
      .toSorted((a, b) => a.firstOffset - b.firstOffset);
  }

  isAborted(producerId: number, offset: number): boolean {
    return this.aborted.some(
      (aborted) =>
        aborted.producerId === producerId && aborted.firstOffset <= offset && offset <= aborted.lastOffset,
    );
  }

  /** Forgets the aborted transactions whose records are all gone. */
  dropBefore(offset: number): void {
    this.aborted = this.aborted.filter(({ lastOffset }) => lastOffset >= offset);
  }

  /** What a log that was cleaned up to `cleanedTo` must still know: an aborted transaction whose marker is gone would hide what follows it. */
  dump(cleanedTo: number): TransactionIndexDump {
    return {
      open: [...this.open],
      aborted: this.aborted.filter(({ lastOffset }) => lastOffset >= cleanedTo),
    };
  }

  restore({ open, aborted }: TransactionIndexDump): void {
    for (const [producerId, firstOffset] of open) this.open.set(producerId, firstOffset);
    this.aborted = aborted;
  }
}
