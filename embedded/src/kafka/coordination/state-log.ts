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

/** A log of records, of which each part of the broker replays its own. */
export class StateLog {
  private constructor(private readonly records: RecordLog) {}

  static async open(
    path: string,
    onRecord: (record: StateRecord) => void,
    log: (line: string) => void,
  ): Promise<StateLog> {
    const records = await RecordLog.open(path, {
      durability: 'write',
      onRecord: (payload) => onRecord(JSON.parse(payload.toString()) as StateRecord),
      onTruncated: (torn, offset, bytes) =>
        log(`kafka: cut ${bytes} bytes of an unfinished write off ${torn} at ${offset}`),
    });
    return new StateLog(records);
  }

  get size(): number {
    return this.records.size;
  }

  /** Resolves once the record is stored; records are stored in the order of the calls. */
  async append(record: StateRecord): Promise<void> {
    await this.records.append(Buffer.from(JSON.stringify(record)));
  }

  /** Closes the file and puts one with these records alone in its place. */
  async replaceBy(records: readonly StateRecord[]): Promise<StateLog> {
    const { path } = this.records;
    await this.records.close();
    await rm(`${path}.new`, { force: true });
    const successor = new StateLog(await RecordLog.open(`${path}.new`, { durability: 'write' }));
    await Promise.all(records.map((record) => successor.append(record)));
    await successor.close();
    await rename(`${path}.new`, path);
    return new StateLog(await RecordLog.open(path, { durability: 'write' }));
  }

  close(): Promise<void> {
    return this.records.close();
  }
}
