const CHUNK_BYTES = 1024;

/** Writes the wire protocol's primitive types; large buffers are passed on without being copied. */
export class Writer {
  private readonly finished: Buffer[] = [];
  private chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  private used = 0;

  int8(value: number): this {
    const at = this.reserve(1);
    this.chunk.writeInt8(value, at);
    return this;
  }

  int16(value: number): this {
    const at = this.reserve(2);
    this.chunk.writeInt16BE(value, at);
    return this;
  }

  int32(value: number): this {
    const at = this.reserve(4);
    this.chunk.writeInt32BE(value, at);
    return this;
  }

  int64(value: number): this {
    const at = this.reserve(8);
    this.chunk.writeBigInt64BE(BigInt(value), at);
    return this;
  }

  boolean(value: boolean): this {
    return this.int8(value ? 1 : 0);
  }

  nullableString(value: string | null): this {
    if (value === null) return this.int16(-1);
    const bytes = Buffer.from(value);
    return this.int16(bytes.length).raw(bytes);
  }

  string(value: string): this {
    return this.nullableString(value);
  }

  buffer(value: Buffer): this {
    return this.int32(value.length).raw(value);
  }

  /** Several buffers as the one byte field that they make up. */
  concatenated(values: readonly Buffer[]): this {
    this.int32(values.reduce((sum, { length }) => sum + length, 0));
    for (const value of values) this.raw(value);
    return this;
  }

  array<T>(values: readonly T[], element: (value: T) => void): this {
    this.int32(values.length);
    values.forEach(element);
    return this;
  }

  /** What was written so far, in order; the writer must not be used afterwards. */
  buffers(): Buffer[] {
    this.closeChunk();
    return this.finished;
  }

  private raw(bytes: Buffer): this {
    if (bytes.length <= CHUNK_BYTES) {
      const at = this.reserve(bytes.length);
      bytes.copy(this.chunk, at);
    } else {
      this.closeChunk();
      this.finished.push(bytes);
    }
    return this;
  }

  /** Makes room in the chunk, which may be another one afterwards. */
  private reserve(count: number): number {
    if (this.used + count > this.chunk.length) this.closeChunk();
    const start = this.used;
    this.used += count;
    return start;
  }

  private closeChunk(): void {
    if (this.used > 0) this.finished.push(this.chunk.subarray(0, this.used));
    this.chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    this.used = 0;
  }
}
