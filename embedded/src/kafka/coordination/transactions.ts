import { KafkaError } from '../protocol/error-codes.js';
import type { GroupOffsets } from './group-offsets.js';
import type { ProducerIds } from './producer-ids.js';
import type { CommittedOffset, StateLog, StateRecord, TransactionRecord } from './state-log.js';
import type { Topics } from './topics.js';
import { Turns } from './turns.js';

const MAX_TIMEOUT_MS = 15 * 60_000;
const MAX_EPOCH = 0x7fff - 1;

export interface ProducerIdentity {
  producerId: number;
  epoch: number;
}

/**
 * The transaction coordinator. What a transaction decides is stored before the partitions get their end markers, so that a
 * broker that died in between ends it the same way when it starts again.
 */
export class Transactions {
  private readonly transactions = new Map<string, TransactionRecord>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly turns = new Turns();
  private state!: StateLog;

  constructor(
    private readonly topics: Topics,
    private readonly offsets: GroupOffsets,
    private readonly producerIds: ProducerIds,
    private readonly log: (line: string) => void,
  ) {}

  replay(record: StateRecord): void {
    if (record.type === 'transaction') this.transactions.set(record.id, record);
  }

  /** The records that say the same as all that were stored. */
  dump(): StateRecord[] {
    return [...this.transactions.values()];
  }

  /** Finishes the transactions that had been decided or ran out of time, and goes on counting the time of the others. */
  async start(state: StateLog): Promise<void> {
    this.state = state;
    for (const transaction of this.transactions.values()) {
      if (transaction.state === 'PrepareCommit' || transaction.state === 'PrepareAbort')
        await this.complete(transaction);
      else if (transaction.state === 'Ongoing') await this.goOn(transaction);
    }
  }

  /** Gives a transactional producer its id and an epoch that fences its predecessors, whose open transaction is aborted. */
  initialise(id: string, timeoutMs: number): Promise<ProducerIdentity> {
    return this.turns.run(id, async () => {
      if (timeoutMs <= 0 || timeoutMs > MAX_TIMEOUT_MS) throw new KafkaError('INVALID_TRANSACTION_TIMEOUT');
      const known = this.transactions.get(id);
      if (known) assertSettled(known);
      if (known?.state === 'Ongoing') await this.fenceAndAbort(known);
      const { producerId, epoch } = await this.successorOf(this.transactions.get(id));
      await this.store({
        type: 'transaction',
        id,
        producerId,
        epoch,
        timeoutMs,
        state: 'Empty',
        startedAt: 0,
        partitions: [],
        groups: [],
        offsets: [],
      });
      return { producerId, epoch };
    });
  }

  /** Begins the transaction, or widens it. */
  addPartitions(
    id: string,
    producer: ProducerIdentity,
    added: TransactionRecord['partitions'],
  ): Promise<void> {
    return this.turns.run(id, async () => {
      const transaction = this.ongoing(id, producer);
      const isNew = ({ topic, partition }: TransactionRecord['partitions'][number]): boolean =>
        !transaction.partitions.some((known) => known.topic === topic && known.partition === partition);
      const partitions = [...transaction.partitions, ...added.filter(isNew)];
      await this.store({ ...transaction, partitions });
    });
  }

  /** Lets the transaction commit offsets of this group. */
  addGroup(id: string, producer: ProducerIdentity, group: string): Promise<void> {
    return this.turns.run(id, async () => {
      const transaction = this.ongoing(id, producer);
      await this.store({ ...transaction, groups: [...new Set([...transaction.groups, group])] });
    });
  }

  /** Keeps offsets that become the group's when the transaction commits. */
  addOffsets(
    id: string,
    producer: ProducerIdentity,
    group: string,
    committed: CommittedOffset[],
  ): Promise<void> {
    return this.turns.run(id, async () => {
      const transaction = this.identified(id, producer);
      if (transaction.state !== 'Ongoing' || !transaction.groups.includes(group)) {
        throw new KafkaError('INVALID_TXN_STATE');
      }
      await this.store({ ...transaction, offsets: [...transaction.offsets, { group, committed }] });
    });
  }

  /** Commits or aborts; a repeated request for what has been done already is answered like the first. */
  end(id: string, producer: ProducerIdentity, commit: boolean): Promise<void> {
    return this.turns.run(id, async () => {
      const transaction = this.identified(id, producer);
      assertSettled(transaction);
      if (transaction.state === (commit ? 'CompleteCommit' : 'CompleteAbort')) return;
      if (transaction.state !== 'Ongoing') throw new KafkaError('INVALID_TXN_STATE');
      await this.decide(transaction, commit);
    });
  }

  /** Throws unless this producer's transaction is open and holds the partition. */
  assertHolds(id: string, producer: ProducerIdentity, topic: string, partition: number): void {
    const transaction = this.identified(id, producer);
    const holds = transaction.partitions.some((held) => held.topic === topic && held.partition === partition);
    if (transaction.state !== 'Ongoing' || !holds) throw new KafkaError('INVALID_TXN_STATE');
  }

  stop(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }

  private identified(id: string, { producerId, epoch }: ProducerIdentity): TransactionRecord {
    const transaction = this.transactions.get(id);
    if (!transaction || transaction.producerId !== producerId)
      throw new KafkaError('INVALID_PRODUCER_ID_MAPPING');
    // To requests as old as these Kafka says this rather than PRODUCER_FENCED.
    if (transaction.epoch !== epoch) throw new KafkaError('INVALID_PRODUCER_EPOCH');
    return transaction;
  }

  private ongoing(id: string, producer: ProducerIdentity): TransactionRecord {
    const transaction = this.identified(id, producer);
    assertSettled(transaction);
    if (transaction.state === 'Ongoing') return transaction;
    return {
      ...transaction,
      state: 'Ongoing',
      startedAt: Date.now(),
      partitions: [],
      groups: [],
      offsets: [],
    };
  }

  private async successorOf(known: TransactionRecord | undefined): Promise<ProducerIdentity> {
    if (!known || known.epoch >= MAX_EPOCH) return { producerId: await this.producerIds.next(), epoch: 0 };
    return { producerId: known.producerId, epoch: known.epoch + 1 };
  }

  private fenceAndAbort(transaction: TransactionRecord): Promise<void> {
    return this.decide({ ...transaction, epoch: transaction.epoch + 1 }, false);
  }

  private async decide(transaction: TransactionRecord, commit: boolean): Promise<void> {
    const decided: TransactionRecord = { ...transaction, state: commit ? 'PrepareCommit' : 'PrepareAbort' };
    await this.store(decided);
    await this.complete(decided);
  }

  private async complete(transaction: TransactionRecord): Promise<void> {
    const committed = transaction.state === 'PrepareCommit';
    await Promise.all(transaction.partitions.map((held) => this.endIn(held, transaction, committed)));
    if (committed) {
      for (const { group, committed: offsets } of transaction.offsets)
        await this.offsets.commit(group, offsets);
    }
    await this.store({
      ...transaction,
      state: committed ? 'CompleteCommit' : 'CompleteAbort',
      partitions: [],
      groups: [],
      offsets: [],
    });
  }

  private async endIn(
    { topic, partition }: TransactionRecord['partitions'][number],
    { producerId, epoch }: TransactionRecord,
    committed: boolean,
  ): Promise<void> {
    const find = () => this.topics.find(topic)?.partitions[partition];
    const log = find();
    await log?.appendEndMarker(producerId, epoch, committed).catch((error: unknown) => {
      // A topic that is deleted in this moment needs no marker any more.
      if (find() === log) throw error;
    });
  }

  private async store(transaction: TransactionRecord): Promise<void> {
    await this.state.append(transaction);
    const wasOngoing = this.transactions.get(transaction.id)?.state === 'Ongoing';
    this.transactions.set(transaction.id, transaction);
    if (transaction.state !== 'Ongoing') this.disarmTimer(transaction.id);
    else if (!wasOngoing) this.armTimer(transaction);
  }

  private async goOn(transaction: TransactionRecord): Promise<void> {
    if (transaction.startedAt + transaction.timeoutMs <= Date.now()) await this.fenceAndAbort(transaction);
    else this.armTimer(transaction);
  }

  private armTimer({ id, startedAt, timeoutMs }: TransactionRecord): void {
    this.disarmTimer(id);
    const timer = setTimeout(
      () => this.expire(id, startedAt),
      Math.max(0, startedAt + timeoutMs - Date.now()),
    );
    this.timers.set(id, timer.unref());
  }

  private disarmTimer(id: string): void {
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
  }

  private expire(id: string, startedAt: number): void {
    this.turns
      .run(id, async () => {
        const transaction = this.transactions.get(id);
        if (transaction?.state === 'Ongoing' && transaction.startedAt === startedAt)
          await this.fenceAndAbort(transaction);
      })
      .catch((error: unknown) =>
        this.log(
          `kafka: could not abort an expired transaction: ${error instanceof Error ? error.message : String(error)}`,
        ),
      );
  }
}

/** Only a failing disk leaves a transaction decided but not ended; the next start ends it. */
function assertSettled({ state }: TransactionRecord): void {
  if (state === 'PrepareCommit' || state === 'PrepareAbort') throw new KafkaError('CONCURRENT_TRANSACTIONS');
}
