import { HEADER_BYTES, RecordLog } from '../storage/record-log.js';
import {
  decodeAppend,
  encodeAppend,
  type EventFrame,
  type FrameLocation,
  type RecordKind,
} from './append-record.js';
import { eventData } from './event-encoding.js';
import { EventIndex } from './event-index.js';
import { isMetastream, parseMetadata } from './stream-metadata.js';

/** Two events nearer than this are fetched by one read of the file, up to the second size. */
const GAP_BYTES = 16 << 10;
const READ_BYTES = 1 << 20;

export interface StoredEvents {
  /** The ordinal of the last of them. */
  last: number;
  /** Fulfilled when they are on the disk, and from then on visible. */
  durable: Promise<void>;
}

/** All events: their bodies in one append-only file, an index of them in memory. */
export class EventLog {
  private visibleCount: number;
  private lastDurable: Promise<void> = Promise.resolve();
  private readonly waiting = new Set<() => void>();

  private constructor(
    private readonly records: RecordLog,
    readonly index: EventIndex,
    private end: number,
  ) {
    this.visibleCount = index.size;
  }

  static async open(path: string, onTruncated: (offset: number, bytes: number) => void): Promise<EventLog> {
    const index = new EventIndex();
    const records = await RecordLog.open(path, {
      durability: 'fsync',
      onRecord: (record, offset) => {
        const { kind, streamName, frames } = decodeAppend(record);
        addToIndex(index, kind, streamName, record, frames, offset, index.size);
      },
      onTruncated: (_path, offset, bytes) => onTruncated(offset, bytes),
    });
    return new EventLog(records, index, records.size);
  }

  /** How many events readers may see: those that are on the disk. Later ones are in the index only. */
  get visible(): number {
    return this.visibleCount;
  }

  /** Appends the events of one stream as a unit. The index has them at once; readers when they are durable. */
  store(kind: RecordKind, streamName: string, events: EventFrame[]): StoredEvents {
    const { record, frames } = encodeAppend(kind, streamName, events);
    const offset = this.end;
    this.end += HEADER_BYTES + record.length;
    const last = addToIndex(this.index, kind, streamName, record, frames, offset, this.visibleCount);
    const durable = this.showWhenDurable(record, last);
    this.lastDurable = durable;
    return { last, durable };
  }

  private async showWhenDurable(record: Buffer, last: number): Promise<void> {
    await this.records.append(record);
    this.visibleCount = last + 1;
    for (const wake of this.waiting) wake();
  }

  /** Waits until everything that the index has is durable. */
  allDurable(): Promise<void> {
    return this.lastDurable;
  }

  /** Waits until more events are visible, or the signal is given. */
  change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      if (signal.aborted) return resolve();
      this.waiting.add(wake);
      signal.addEventListener('abort', wake);
    });
  }

  /** The stored form of the events, whose ordinals ascend. */
  async readFrames(ordinals: number[]): Promise<Buffer[]> {
    const reads: Promise<Buffer[]>[] = [];
    for (let from = 0; from < ordinals.length;) {
      let to = from + 1;
      while (to < ordinals.length && this.isNear(ordinals[from]!, ordinals[to - 1]!, ordinals[to]!)) to += 1;
      reads.push(this.readRun(ordinals.slice(from, to)));
      from = to;
    }
    return (await Promise.all(reads)).flat();
  }

  close(): Promise<void> {
    return this.records.close();
  }

  private isNear(first: number, previous: number, next: number): boolean {
    const start = this.index.positionOf(next);
    return (
      start - this.endOf(previous) <= GAP_BYTES &&
      this.endOf(next) - this.index.positionOf(first) <= READ_BYTES
    );
  }

  private endOf(ordinal: number): number {
    return this.index.positionOf(ordinal) + this.index.lengthOf(ordinal);
  }

  private async readRun(ordinals: number[]): Promise<Buffer[]> {
    const start = this.index.positionOf(ordinals[0]!);
    const bytes = Buffer.allocUnsafe(this.endOf(ordinals.at(-1)!) - start);
    await this.records.readFully(bytes, start);
    return ordinals.map((ordinal) =>
      bytes.subarray(this.index.positionOf(ordinal) - start, this.endOf(ordinal) - start),
    );
  }
}

function addToIndex(
  index: EventIndex,
  kind: RecordKind,
  streamName: string,
  record: Buffer,
  frames: FrameLocation[],
  offset: number,
  visible: number,
): number {
  let last = -1;
  for (const { type, start, length } of frames) {
    last = index.add(offset + HEADER_BYTES + start, length, streamName, type);
    const stream = index.streamOf(last);
    if (kind === 'tombstone') stream.tombstone = last;
    else stream.ordinals.push(last);
    if (!isMetastream(streamName)) continue;
    const data = eventData(record.subarray(start, start + length));
    // Readers go on with the last visible one until this one is.
    const kept = (stream.metadata ?? []).filter(
      (_, at, all) => (all[at + 1]?.ordinal ?? Infinity) >= visible,
    );
    stream.metadata = [...kept, { ordinal: last, data, value: parseMetadata(data) }];
  }
  return last;
}
