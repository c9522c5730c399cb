const CHUNK = 512;

/** A list kept in order, in chunks, so that adding and removing move few items and a search is logarithmic. */
export class SortedList<T> {
  private chunks: T[][] = [];
  private count = 0;

  constructor(private readonly compare: (left: T, right: T) => number) {}

  get size(): number {
    return this.count;
  }

  add(item: T): void {
    this.count += 1;
    const last = this.chunks.at(-1);
    if (!last) {
      this.chunks.push([item]);
      return;
    }
    const isBefore = (other: T) => this.compare(other, item) < 0;
    if (isBefore(last.at(-1)!)) {
      if (last.length < CHUNK) last.push(item);
      else this.chunks.push([item]);
      return;
    }
    const chunkIndex = this.chunkOf(isBefore);
    const chunk = this.chunks[chunkIndex]!;
    chunk.splice(partition(chunk, isBefore), 0, item);
    if (chunk.length > CHUNK) this.chunks.splice(chunkIndex + 1, 0, chunk.splice(chunk.length >>> 1));
  }

  /** Removes the item that compares equal. */
  remove(item: T): void {
    const isBefore = (other: T) => this.compare(other, item) < 0;
    const chunkIndex = this.chunkOf(isBefore);
    const chunk = this.chunks[chunkIndex];
    if (!chunk) return;
    const position = partition(chunk, isBefore);
    const found = chunk[position];
    if (found === undefined || this.compare(found, item) !== 0) return;
    chunk.splice(position, 1);
    this.count -= 1;
    if (chunk.length === 0) this.chunks.splice(chunkIndex, 1);
  }

  /**
   * The items from the first that is not `before`, up to the last that is not `after`. Both tests must
   * agree with the order. Not to be used across a change of the list.
   */
  *between(before: (item: T) => boolean, after: (item: T) => boolean): Generator<T> {
    let chunkIndex = this.chunkOf(before);
    let position = chunkIndex < this.chunks.length ? partition(this.chunks[chunkIndex]!, before) : 0;
    for (; chunkIndex < this.chunks.length; chunkIndex += 1, position = 0) {
      const chunk = this.chunks[chunkIndex]!;
      for (; position < chunk.length; position += 1) {
        const item = chunk[position]!;
        if (after(item)) return;
        yield item;
      }
    }
  }

  /** How many items `between` would give. */
  countBetween(before: (item: T) => boolean, after: (item: T) => boolean): number {
    return Math.max(0, this.countWhile((item) => !after(item)) - this.countWhile(before));
  }

  /** The same items as `between`, the last one first. */
  *backwards(before: (item: T) => boolean, after: (item: T) => boolean): Generator<T> {
    const notAfter = (item: T) => !after(item);
    let chunkIndex = Math.min(this.chunkOf(notAfter), this.chunks.length - 1);
    let position = chunkIndex >= 0 ? partition(this.chunks[chunkIndex]!, notAfter) - 1 : -1;
    for (; chunkIndex >= 0; chunkIndex -= 1, position = (this.chunks[chunkIndex]?.length ?? 0) - 1) {
      const chunk = this.chunks[chunkIndex]!;
      for (; position >= 0; position -= 1) {
        const item = chunk[position]!;
        if (before(item)) return;
        yield item;
      }
    }
  }

  private countWhile(test: (item: T) => boolean): number {
    const chunkIndex = this.chunkOf(test);
    const chunk = this.chunks[chunkIndex];
    const full = this.chunks.slice(0, chunkIndex).reduce((sum, { length }) => sum + length, 0);
    return full + (chunk ? partition(chunk, test) : 0);
  }

  /** The chunk in which the first item is that is not `before`. */
  private chunkOf(before: (item: T) => boolean): number {
    return partition(this.chunks, (chunk) => before(chunk.at(-1)!));
  }
}

/** How many items at the start of an ordered list satisfy a test that the rest does not. */
function partition<T>(items: readonly T[], test: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (test(items[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}
