import { HEADER_BYTES } from '../../storage/record-log.js';
import { BatchIndex } from './batch-index.js';
import { LogFile } from './log-file.js';
import type { ProducerState } from './producer-states.js';
import { readHeader, type BatchHeader } from './record-batch.js';
import type { TransactionIndexDump } from './transaction-index.js';

const READ_CHUNK_BYTES = 1 << 20;

/** What a partition's file says besides its batches. */
export interface Note {
  logStartOffset: number;
  /** At the head of a rewritten file: what can no longer be concluded from its batches. */
  snapshot?: {
    nextOffset: number;
    cleanedTo: number;
    producers: ProducerState[];
    transactions: TransactionIndexDump;
  };
}

/** A note begins with what no batch has: the base offset -1. */
const NOTE_PREFIX = Buffer.alloc(8, 0xff);

export interface BatchStoreOptions {
  /** Called for each batch that is in the file at start, once it is indexed. */
  onBatch: (header: BatchHeader, batch: Buffer) => void;
  onNote: (note: Note) => void;
  onTruncated: (path: string, offset: number, bytes: number) => void;
}

/** The batches of one partition: a file, and the index of what is where in it. */
export class BatchStore {
  private current = new BatchIndex();
  private file!: LogFile;

  static async open(path: string, { onBatch, onNote, onTruncated }: BatchStoreOptions): Promise<BatchStore> {
    const store = new BatchStore();
    store.file = await LogFile.open(path, {
      onTruncated,
      onRecord(payload, position) {
        if (isNote(payload)) return onNote(JSON.parse(payload.toString('utf8', NOTE_PREFIX.length)) as Note);
        onBatch(addTo(store.current, payload, position), payload);
      },
    });
    return store;
  }

  get index(): BatchIndex {
    return this.current;
  }

  /** What the file holds beyond the batches of the index. */
  get garbageBytes(): number {
    return this.file.size - this.current.totalBytes;
  }

  /** Resolves once the batch is stored and indexed. */
  async append(batch: Buffer): Promise<void> {
    const position = await this.file.append(batch);
    addTo(this.current, batch, position);
  }

  async appendNote(note: Note): Promise<void> {
    await this.file.append(encode(note));
  }

  /** The batches in the rows [from, to) of the index. */
  async read(from: number, to: number): Promise<Buffer[]> {
    const last = this.current.at(to - 1);
    const { position } = this.current.at(from);
    const payloads = await this.file.read(position, last.position + HEADER_BYTES + last.bytes);
    return payloads.filter((payload) => !isNote(payload));
  }

  async forEach(visit: (batch: Buffer) => Promise<void> | void): Promise<void> {
    for (let row = 0; row < this.current.length;) {
      const from = row;
      for (let bytes = 0; row < this.current.length && bytes < READ_CHUNK_BYTES; row += 1) {
        bytes += this.current.at(row).bytes;
      }
      await Promise.all((await this.read(from, row)).map(async (batch) => visit(batch)));
    }
  }

  /**
   * Puts a new file in the place of this one: the note, then what remains of each batch (undefined where nothing
   * does). Nothing may be appended meanwhile; reading may go on. `onReplaced` is called in the moment of the change.
   */
  async rewrite(
    note: Note,
    survivorOf: (batch: Buffer) => Buffer | undefined,
    onReplaced: () => void,
  ): Promise<void> {
    const successor = await this.file.openSuccessor();
    const index = new BatchIndex();
    await successor.append(encode(note));
    await this.forEach(async (original) => {
      const batch = survivorOf(original);
      if (batch) addTo(index, batch, await successor.append(batch));
    });
    const predecessor = this.file;
    await successor.takePlaceOf(predecessor);
    this.file = successor;
    this.current = index;
    onReplaced();
    await predecessor.close();
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

function addTo(index: BatchIndex, batch: Buffer, position: number): BatchHeader {
  const header = readHeader(batch);
  const { baseOffset, lastOffset, maxTimestamp } = header;
  index.add({ baseOffset, lastOffset, maxTimestamp, position, bytes: batch.length });
  return header;
}

function encode(note: Note): Buffer {
  return Buffer.concat([NOTE_PREFIX, Buffer.from(JSON.stringify(note))]);
}

function isNote(payload: Buffer): boolean {
  return payload.subarray(0, NOTE_PREFIX.length).equals(NOTE_PREFIX);
}
