/** Reads the wire protocol's primitive types from a request. Throws RangeError where the bytes end too early. */
export class Reader {
  private position = 0;

  constructor(private readonly bytes: Buffer) {}

  int8(): number {
    return this.bytes.readInt8(this.advance(1));
  }

  int16(): number {
    return this.bytes.readInt16BE(this.advance(2));
  }

  int32(): number {
    return this.bytes.readInt32BE(this.advance(4));
  }

  /** An int64 as a number: offsets, producer ids and times all stay below 2^53. */
  int64(): number {
    return Number(this.bytes.readBigInt64BE(this.advance(8)));
  }

  boolean(): boolean {
    return this.int8() !== 0;
  }

  string(): string {
    return this.nullableString() ?? refuseNull('string');
  }

  nullableString(): string | null {
    const length = this.int16();
    if (length < 0) return null;
    const start = this.advance(length);
    return this.bytes.toString('utf8', start, start + length);
  }

  /** A view, not a copy. */
  nullableBuffer(): Buffer | null {
    const length = this.int32();
    if (length < 0) return null;
    const start = this.advance(length);
    return this.bytes.subarray(start, start + length);
  }

  /** A view, not a copy. */
  buffer(): Buffer {
    return this.nullableBuffer() ?? refuseNull('bytes');
  }

  array<T>(element: (reader: Reader) => T): T[] {
    return this.nullableArray(element) ?? refuseNull('array');
  }

  nullableArray<T>(element: (reader: Reader) => T): T[] | null {
    const length = this.int32();
    if (length < 0) return null;
    const elements: T[] = [];
    for (let i = 0; i < length; i += 1) elements.push(element(this));
    return elements;
  }

  private advance(count: number): number {
    const start = this.position;
    if (start + count > this.bytes.length) throw new RangeError('the request is shorter than its fields');
    this.position = start + count;
    return start;
  }
}

function refuseNull(type: string): never {
  throw new RangeError(`a ${type} must not be null`);
}
