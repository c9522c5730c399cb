import { rename, rm } from 'node:fs/promises';
import { RecordLog } from '../../storage/record-log.js';
import type { ConfigOverrides } from '../topic-config.js';

export interface TopicRecord {
  type: 'topic';
  id: number;
  name: string;
  partitions: number;
  config: ConfigOverrides;
}

export interface CommittedOffset {
  topic: string;
  partition: number;
  offset: number;
  metadata: string | null;
}

export type TransactionState =
  'Empty' | 'Ongoing' | 'PrepareCommit' | 'PrepareAbort' | 'CompleteCommit' | 'CompleteAbort';

/** A transactional id's state, whole at every change. */
export interface TransactionRecord {
  type: 'transaction';
  id: string;
  producerId: number;
  epoch: number;
  timeoutMs: number;
  state: TransactionState;
  startedAt: number;
  partitions: { topic: string; partition: number }[];
  groups: string[];
  offsets: { group: string; committed: CommittedOffset[] }[];
}

/** What the broker must know after a restart and can't conclude from the partitions. */
export type StateRecord =
  | { type: 'cluster'; id: string }
  | { type: 'producer-id'; next: number }
  | TopicRecord
  | { type: 'topic-deleted'; id: number; name: string }
  | TransactionRecord
  | { type: 'group'; group: string; protocolType: string }
  | { type: 'offsets'; group: string; committed: CommittedOffset[] }
  | { type: 'group-deleted'; group: string };

/** Below this the log is never rewritten. */
const MIN_REWRITE_BYTES = 1 << 20;
const GROWTH_BEFORE_REWRITE = 4;

export interface StateLogOptions {
  onRecord: (record: StateRecord) => void;
  /** The records that say the same as all that were stored so far. */
  dump: () => StateRecord[];
  log: (line: string) => void;
}

/**
 * A log of records, of which each part of the broker replays its own. Most of them are superseded by later ones, so the log
 * is replaced by a dump of what still holds whenever it has grown by much.
 */
export class StateLog {
  private rewriting: Promise<void> | undefined;
  private lastAppend: Promise<unknown> = Promise.resolve();
  private rewriteAt = MIN_REWRITE_BYTES;

  private constructor(
    private records: RecordLog,
    private readonly options: StateLogOptions,
  ) {}

  static async open(path: string, options: StateLogOptions): Promise<StateLog> {
    const records = await RecordLog.open(path, {
      durability: 'write',
      onRecord: (payload) => options.onRecord(JSON.parse(payload.toString()) as StateRecord),
      onTruncated: (torn, offset, bytes) =>
        options.log(`kafka: cut ${bytes} bytes of an unfinished write off ${torn} at ${offset}`),
    });
    return new StateLog(records, options);
  }

  /**
   * Resolves once the record is stored; records are stored in the order of the calls. The caller must change
   * its own state right behind the await, or a dump made next would lack the record.
   */
  async append(record: StateRecord): Promise<void> {
    while (this.rewriting) await this.rewriting;
    if (this.records.size >= this.rewriteAt) {
      this.rewriting = this.rewrite().finally(() => (this.rewriting = undefined));
      await this.rewriting;
      return this.append(record);
    }
    this.lastAppend = this.records.append(Buffer.from(JSON.stringify(record)));
    await this.lastAppend;
  }

  async close(): Promise<void> {
    await this.rewriting;
    await this.records.close();
  }

  private async rewrite(): Promise<void> {
    await this.lastAppend;
    await new Promise(setImmediate); // those who waited for their records have changed their state by then
    const { path } = this.records;
    await rm(`${path}.new`, { force: true });
    const successor = await RecordLog.open(`${path}.new`, { durability: 'write' });
    await Promise.all(
      this.options.dump().map((record) => successor.append(Buffer.from(JSON.stringify(record)))),
    );
    await successor.close();
    await this.records.close();
    await rename(`${path}.new`, path);
    this.records = await RecordLog.open(path, { durability: 'write' });
    this.rewriteAt = Math.max(MIN_REWRITE_BYTES, this.records.size * GROWTH_BEFORE_REWRITE);
  }
}
