import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RecordLog } from '../../storage/record-log.js';

export interface JournalOptions {
  directory: string;
  onRecord: (record: Buffer) => void;
  log: (line: string) => void;
}

/**
 * The records of all writes, in numbered files. Generation n is `snapshot-n`, the whole state when it began
 * (none for the first), and `journal-n`, the records since. A snapshot counts once it has its name; until
 * then the former generation is still there, and the new journal continues it.
 */
export class Journal {
  private appended = 0;
  private compacting: Promise<void> | undefined;

  private constructor(
    private readonly directory: string,
    private generation: number,
    private current: Promise<RecordLog>,
    private readonly log: (line: string) => void,
  ) {}

  /** Replays what is there into `onRecord`, in order, and opens the last journal for more. */
  static async open({ directory, onRecord, log }: JournalOptions): Promise<Journal> {
    await mkdir(directory, { recursive: true });
    const names = await readdir(directory);
    const snapshots = generations(names, 'snapshot');
    const start = snapshots.at(-1) ?? 0;
    const journals = generations(names, 'journal');
    for (const name of names) if (name.endsWith('.tmp')) await rm(join(directory, name));
    await removeBefore(directory, names, start);

    const open = (path: string): Promise<RecordLog> =>
      RecordLog.open(join(directory, path), {
        durability: 'write',
        onRecord,
        onTruncated: (_path, offset, bytes) =>
          log(`${path}: cut off a torn record of ${bytes} bytes at ${offset}`),
      });
    if (start > 0) await (await open(`snapshot-${start}`)).close();
    const last = Math.max(start, journals.at(-1) ?? 0);
    for (let generation = start; generation < last; generation += 1) {
      await (await open(`journal-${generation}`)).close();
    }
    const current = await open(`journal-${last}`);
    const journal = new Journal(directory, last, Promise.resolve(current), log);
    journal.appended = current.size;
    return journal;
  }

  /** The bytes that were appended since the last snapshot was begun. */
  get size(): number {
    return this.appended;
  }

  /** Stores a record. Resolves once the operating system has it, and with it everything appended before. */
  async append(record: Buffer): Promise<void> {
    this.appended += record.length;
    await this.current.then((log) => log.append(record));
  }

  /**
   * Begins a new generation from the state that the records describe, and removes the former one. The
   * state must be that of the moment of the call; appending goes on meanwhile. One at a time: a call
   * during another does nothing.
   */
  compact(state: () => Iterable<Buffer>): Promise<void> {
    this.compacting ??= this.writeSnapshot(state()).finally(() => (this.compacting = undefined));
    return this.compacting;
  }

  async close(): Promise<void> {
    await this.compacting?.catch(() => {});
    await this.current.then((log) => log.close());
  }

  private async writeSnapshot(records: Iterable<Buffer>): Promise<void> {
    this.generation += 1;
    const { generation, directory } = this;
    this.appended = 0;
    this.current = this.current.then(async (former) => {
      await former.close();
      return RecordLog.open(join(directory, `journal-${generation}`), { durability: 'write' });
    });
    await this.current;
    const path = join(directory, `snapshot-${generation}`);
    const snapshot = await RecordLog.open(`${path}.tmp`, { durability: 'fsync' });
    try {
      for (const record of records) await snapshot.append(record);
    } finally {
      await snapshot.close();
    }
    await rename(`${path}.tmp`, path);
    await removeBefore(directory, await readdir(directory), generation);
    this.log(`the journal was compacted into snapshot-${generation}`);
  }
}

function generations(names: readonly string[], kind: 'snapshot' | 'journal'): number[] {
  return names
    .map((name) => new RegExp(`^${kind}-(\\d+)$`).exec(name)?.[1])
    .filter((number) => number !== undefined)
    .map(Number)
    .toSorted((a, b) => a - b);
}

async function removeBefore(directory: string, names: readonly string[], generation: number): Promise<void> {
  for (const name of names) {
    const number = /^(?:snapshot|journal)-(\d+)$/.exec(name)?.[1];
    if (number !== undefined && Number(number) < generation) await rm(join(directory, name));
  }
}
