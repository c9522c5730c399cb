import { rename, rm } from 'node:fs/promises';
import { RecordLog, type RecordLogOptions } from '../../storage/record-log.js';

/**
 * A partition's file, which can be replaced while it is read: a reader that has begun ends on the file that it
 * began with.
 */
export class LogFile {
  private readers = 0;
  private retired = false;

  private constructor(
    private readonly path: string,
    private readonly records: RecordLog,
  ) {}

  static async open(path: string, options: Omit<RecordLogOptions, 'durability'> = {}): Promise<LogFile> {
    return new LogFile(path, await RecordLog.open(path, { durability: 'write', ...options }));
  }

  /** The file that shall take this one's place once it is filled. */
  async openSuccessor(): Promise<LogFile> {
    const path = `${this.path}.new`;
    await rm(path, { force: true });
    return new LogFile(this.path, await RecordLog.open(path, { durability: 'write' }));
  }

  /** Puts a filled successor in the place of its predecessor, in one step. The predecessor stays open for its readers. */
  async takePlaceOf(predecessor: LogFile): Promise<void> {
    await rename(`${this.path}.new`, predecessor.path);
  }

  get size(): number {
    return this.records.size;
  }

  append(payload: Buffer): Promise<number> {
    return this.records.append(payload);
  }

  /** The payloads between two positions. */
  async read(from: number, to: number): Promise<Buffer[]> {
    this.readers += 1;
    try {
      return await this.records.readRange(from, to);
    } finally {
      this.readers -= 1;
      if (this.retired && this.readers === 0) await this.records.close();
    }
  }

  /** Closes the file once nobody reads from it any more. */
  async close(): Promise<void> {
    if (this.retired) return;
    this.retired = true;
    if (this.readers === 0) await this.records.close();
  }
}
