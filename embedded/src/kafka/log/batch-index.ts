/** Where a batch is: its offsets, its place in the file, its newest timestamp. */
export interface BatchEntry {
  baseOffset: number;
  lastOffset: number;
  position: number;
  bytes: number;
  maxTimestamp: number;
}

const COLUMNS = 5;
const INITIAL_ROWS = 8;

/** The batches of a partition in order, at 40 bytes each: the batches themselves stay on disk. */
export class BatchIndex {
  private cells = new Float64Array(INITIAL_ROWS * COLUMNS);
  private count = 0;
  private byteSum = 0;

  get length(): number {
    return this.count;
  }

  /** The bytes of all batches together. */
  get totalBytes(): number {
    return this.byteSum;
  }

  at(row: number): BatchEntry {
    if (row < 0 || row >= this.count) throw new RangeError(`no batch ${row} of ${this.count}`);
    const [baseOffset, lastOffset, position, bytes, maxTimestamp] = this.cells.subarray(
      row * COLUMNS,
    ) as unknown as [number, number, number, number, number];
    return { baseOffset, lastOffset, position, bytes, maxTimestamp };
  }

  add({ baseOffset, lastOffset, position, bytes, maxTimestamp }: BatchEntry): void {
    if ((this.count + 1) * COLUMNS > this.cells.length) {
      const larger = new Float64Array(this.cells.length * 2);
      larger.set(this.cells);
      this.cells = larger;
    }
    this.cells.set([baseOffset, lastOffset, position, bytes, maxTimestamp], this.count * COLUMNS);
    this.count += 1;
    this.byteSum += bytes;
  }

  /** The bytes of the batches that end before this offset. */
  bytesBefore(offset: number): number {
    let bytes = 0;
    const end = this.firstReaching(offset);
    for (let row = 0; row < end; row += 1) bytes += this.cells[row * COLUMNS + 3]!;
    return bytes;
  }

  /** The first batch that holds this offset or a later one; `length` when there is none. */
  firstReaching(offset: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.cells[middle * COLUMNS + 1]! < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Forgets the batches that end before this offset. */
  dropBefore(offset: number): void {
    const dropped = this.firstReaching(offset);
    if (dropped === 0) return;
    this.byteSum -= this.bytesBefore(offset);
    this.cells.copyWithin(0, dropped * COLUMNS, this.count * COLUMNS);
    this.count -= dropped;
  }
}
