import { open, type FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

/** Every record is framed as: payload length (u32 LE), CRC-32 of the payload (u32 LE), payload. */
export const HEADER_BYTES = 8;
const SCAN_CHUNK_BYTES = 1 << 20;

export interface RecordLogOptions {
  /** `fsync`: an append is answered once the disk has it. `write`: once the operating system has it, which survives a kill of this process but not of the machine. */
  durability: 'fsync' | 'write';
  /** Called for each whole record found at start, in order. */
  onRecord?: (payload: Buffer, offset: number) => void;
  /** Called when a torn last record was cut off at start. */
  onTruncated?: (path: string, offset: number, bytes: number) => void;
}

interface PendingAppend {
  payload: Buffer;
  resolve: (offset: number) => void;
  reject: (error: unknown) => void;
}

/**
 * An append-only file of framed records. Appends made while an earlier write is under way are written
 * (and flushed) together, so a hundred concurrent appends cost one fsync.
 */
export class RecordLog {
  private pending: PendingAppend[] = [];
  private flushing: Promise<void> | undefined;
  private failure: Error | undefined;

  private constructor(
    readonly path: string,
    private readonly file: FileHandle,
    private readonly durability: RecordLogOptions['durability'],
    private end: number,
  ) {}

  /** Opens or creates the file, hands each whole record to `onRecord` and cuts off a torn tail. */
  static async open(path: string, options: RecordLogOptions): Promise<RecordLog> {
    const file = await open(path, 'a+');
    const { size } = await file.stat();
    const end = await scan(file, size, options.onRecord);
    if (end < size) {
      await file.truncate(end);
      await file.datasync();
      options.onTruncated?.(path, end, size - end);
    }
    return new RecordLog(path, file, options.durability, end);
  }

  /** The offset at which the next record will start, counting only what is stored. */
  get size(): number {
    return this.end;
  }

  /** Stores one record. Resolves with its offset once it is durable; records become durable in the order of the calls. */
  append(payload: Buffer): Promise<number> {
    if (this.failure) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      this.pending.push({ payload, resolve, reject });
      this.flushing ??= this.flush();
    });
  }

  /** Reads back the payload of the record at `offset`. */
  async read(offset: number): Promise<Buffer> {
    const header = Buffer.alloc(HEADER_BYTES);
    await this.readFully(header, offset);
    const payload = Buffer.alloc(header.readUInt32LE(0));
    await this.readFully(payload, offset + HEADER_BYTES);
    return payload;
  }

  /** Reads back, with one read of the disk, the payloads of the whole records between two record offsets. */
  async readRange(from: number, to: number): Promise<Buffer[]> {
    const frames = Buffer.allocUnsafe(to - from);
    await this.readFully(frames, from);
    const payloads: Buffer[] = [];
    for (let at = 0; at < frames.length;) {
      const start = at + HEADER_BYTES;
      at = start + frames.readUInt32LE(at);
      payloads.push(frames.subarray(start, at));
    }
    return payloads;
  }

  /** Waits for what was appended, then closes the file. */
  async close(): Promise<void> {
    await this.flushing;
    await this.file.close();
  }

  /** Fills `target` with the bytes of the file from `position` on. RangeError when the file ends before. */
  async readFully(target: Buffer, position: number): Promise<void> {
    const { bytesRead } = await this.file.read(target, 0, target.length, position);
    if (bytesRead < target.length) throw new RangeError(`no record at offset ${position} of ${this.path}`);
  }

  private async flush(): Promise<void> {
    await Promise.resolve();
    while (this.pending.length > 0) {
      const group = this.pending;
      this.pending = [];
      try {
        const frames = group.flatMap(({ payload }) => [header(payload), payload]);
        const { bytesWritten } = await this.file.writev(frames);
        const bytes = frames.reduce((sum, frame) => sum + frame.length, 0);
        if (bytesWritten < bytes) throw new Error(`only ${bytesWritten} of ${bytes} bytes were written`);
        if (this.durability === 'fsync') await this.file.datasync();
      } catch (error) {
        // What reached the disk is unknown: refuse everything until the file is opened, and scanned, again.
        this.failure = new Error(`${this.path} can no longer be written`, { cause: error });
        for (const { reject } of [...group, ...this.pending]) reject(this.failure);
        this.pending = [];
        break;
      }
      for (const { payload, resolve } of group) {
        resolve(this.end);
        this.end += HEADER_BYTES + payload.length;
      }
    }
    this.flushing = undefined;
  }
}

function header(payload: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER_BYTES);
  bytes.writeUInt32LE(payload.length, 0);
  bytes.writeUInt32LE(crc32(payload), 4);
  return bytes;
}

/** Returns the offset behind the last whole record. */
async function scan(file: FileHandle, size: number, onRecord: RecordLogOptions['onRecord']): Promise<number> {
  let offset = 0;
  let buffered = Buffer.alloc(0);
  let readTo = 0;
  const fill = async (bytes: number): Promise<boolean> => {
    while (buffered.length < bytes && readTo < size) {
      const chunk = Buffer.alloc(
        Math.min(Math.max(SCAN_CHUNK_BYTES, bytes - buffered.length), size - readTo),
      );
      const { bytesRead } = await file.read(chunk, 0, chunk.length, readTo);
      if (bytesRead === 0) break;
      readTo += bytesRead;
      buffered = Buffer.concat([buffered, chunk.subarray(0, bytesRead)]);
    }
    return buffered.length >= bytes;
  };
  while (await fill(HEADER_BYTES)) {
    const length = buffered.readUInt32LE(0);
    const checksum = buffered.readUInt32LE(4);
    if (offset + HEADER_BYTES + length > size || !(await fill(HEADER_BYTES + length))) break;
    const payload = buffered.subarray(HEADER_BYTES, HEADER_BYTES + length);
    if (crc32(payload) !== checksum) break;
    onRecord?.(Buffer.from(payload), offset);
    offset += HEADER_BYTES + length;
    buffered = buffered.subarray(HEADER_BYTES + length);
  }
  return offset;
}
