import type { StreamMetadata } from './stream-metadata.js';

/** What is kept in memory of a stream. Nothing is ever scavenged, so the event of revision n is `ordinals[n]`. */
export interface Stream {
  readonly name: string;
  readonly ordinals: number[];
  /** The ordinal of its tombstone. */
  tombstone: number | undefined;
  /** Of a metastream: its last events that are visible or about to be, oldest first. */
  metadata: { ordinal: number; data: Uint8Array; value: StreamMetadata }[] | undefined;
}

/**
 * What is kept in memory of each event: where it is on disk, its stream and its type. Bodies stay on disk.
 * An event's ordinal is its place in the log, counted from 0; its position is its offset in the file.
 */
export class EventIndex {
  private count = 0;
  private positions = new Float64Array(1024);
  private lengths = new Uint32Array(1024);
  private streamIds = new Uint32Array(1024);
  private typeIds = new Uint32Array(1024);
  private readonly types = new Table((name: string) => name);
  private readonly streams = new Table((name: string): Stream => ({
    name,
    ordinals: [],
    tombstone: undefined,
    metadata: undefined,
  }));

  get size(): number {
    return this.count;
  }

  /** Adds the event that follows in the log; returns its ordinal. */
  add(position: number, length: number, streamName: string, type: string): number {
    if (this.count === this.positions.length) this.grow();
    const ordinal = this.count;
    this.positions[ordinal] = position;
    this.lengths[ordinal] = length;
    this.streamIds[ordinal] = this.streams.idOf(streamName);
    this.typeIds[ordinal] = this.types.idOf(type);
    this.count += 1;
    return ordinal;
  }

  stream(name: string): Stream | undefined {
    return this.streams.find(name);
  }

  positionOf(ordinal: number): number {
    return this.positions[ordinal]!;
  }

  lengthOf(ordinal: number): number {
    return this.lengths[ordinal]!;
  }

  streamOf(ordinal: number): Stream {
    return this.streams.at(this.streamIds[ordinal]!);
  }

  typeOf(ordinal: number): string {
    return this.types.at(this.typeIds[ordinal]!);
  }

  /** The ordinal of the first event at `position` or behind it; the number of events when there is none. */
  firstFrom(position: bigint): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (BigInt(this.positions[middle]!) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private grow(): void {
    const size = this.count * 2;
    this.positions = copyInto(new Float64Array(size), this.positions);
    this.lengths = copyInto(new Uint32Array(size), this.lengths);
    this.streamIds = copyInto(new Uint32Array(size), this.streamIds);
    this.typeIds = copyInto(new Uint32Array(size), this.typeIds);
  }
}

/** Gives each name a small number, and what belongs to it. */
class Table<T> {
  private readonly entries: T[] = [];
  private readonly ids = new Map<string, number>();

  constructor(private readonly create: (name: string) => T) {}

  idOf(name: string): number {
    const known = this.ids.get(name);
    if (known !== undefined) return known;
    this.ids.set(name, this.entries.length);
    return this.entries.push(this.create(name)) - 1;
  }

  at(id: number): T {
    return this.entries[id]!;
  }

  find(name: string): T | undefined {
    const id = this.ids.get(name);
    return id === undefined ? undefined : this.entries[id];
  }
}

function copyInto<T extends Float64Array | Uint32Array>(target: T, source: T): T {
  target.set(source);
  return target;
}
