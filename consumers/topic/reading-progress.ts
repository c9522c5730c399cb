import type { Collection, Db } from 'mongodb';
import { DURABLE } from './durable.js';
import { HELD_BACK_CLIENTS, type HeldBackList, lastListIn } from './held-back-clients.js';
import { HEARTBEAT, type PublishedRecord } from './published-record.js';

/** Heartbeats that may be missing before the publisher counts as silent: the contract's seventh rule. */
const INTERVALS_OF_SILENCE = 3;
/** Between heartbeats, in milliseconds, while none was read yet that says it. */
const DEFAULT_INTERVAL_MS = 10_000;

/** How far a partition was read. Every field only ever goes on, so the order of writes does not matter. */
export interface PartitionProgress {
  readonly topic: string;
  readonly partition: number;
  /** The next offset: everything before it is in this database. */
  readonly readTo: number;
  /** What was the partition's end when it was assigned last. */
  readonly end: number;
  /** Everything that the publisher had written by then is in this database: the latest `ce_time` that was read. */
  readonly asOf: Date;
  /** What the heartbeats say of the time between them, in milliseconds. */
  readonly intervalMs: number;
  /** The last list of held-back clients, and up to where the partition was read then; none where none was read yet. */
  readonly heldBack?: HeldBackList & { readonly readTo: number };
}

/**
 * `current`: nothing happened that isn't known here, or it is on its way. `catching_up`: the partition was not read up
 * to the end that it had. `publisher_silent`: no record and no heartbeat came for three intervals, so that nobody knows.
 */
export type Freshness = 'current' | 'catching_up' | 'publisher_silent';

export function freshness(progress: PartitionProgress | undefined, now: Date): Freshness {
  if (!progress || progress.readTo < progress.end) return 'catching_up';
  const silence = now.getTime() - progress.asOf.getTime();
  return silence > INTERVALS_OF_SILENCE * progress.intervalMs ? 'publisher_silent' : 'current';
}

/** The freshness of a state topic's partition: without a list of held-back clients no state is known for certain. */
export function freshnessOfStates(progress: PartitionProgress | undefined, now: Date): Freshness {
  return progress?.heldBack ? freshness(progress, now) : 'catching_up';
}

/** The freshness of all partitions together: that of the worst one. */
export function worstFreshness(
  partitions: readonly PartitionProgress[],
  now: Date,
  freshnessOf: typeof freshness = freshnessOfStates,
): Freshness {
  return worstOf(partitions.map((progress) => freshnessOf(progress, now)));
}

/** The worst of them; of none it is not known whether all is read. */
export function worstOf(freshnesses: readonly Freshness[]): Freshness {
  const all = new Set(freshnesses);
  if (all.size === 0 || all.has('catching_up')) return 'catching_up';
  return all.has('publisher_silent') ? 'publisher_silent' : 'current';
}

export interface PartitionOfTopic {
  readonly topic: string;
  readonly partition: number;
}

type Stored = PartitionProgress & { readonly _id: string };

/**
 * How far each partition was read, beside what was read from it: this and not the group's offsets is where reading goes
 * on, so a database that is lost or restored is filled from where it stands.
 */
export class ReadingProgress {
  private readonly partitions: Collection<Stored>;

  constructor(database: Db) {
    this.partitions = database.collection('reading_progress');
  }

  /**
   * These are the ends that partitions have now, of every partition of the topics, so that one that was never read is
   * known of. It becomes the end to be read to where the partition is ours from now on. Returns where to read each on.
   */
  async assigned(ends: readonly (PartitionOfTopic & { end: number; isOurs: boolean })[]): Promise<number[]> {
    const updates = ends.map(({ topic, partition, end, isOurs }) => ({
      updateOne: {
        filter: { _id: idOf({ topic, partition }) },
        update: {
          $max: { readTo: 0, asOf: new Date(0), ...(isOurs && { end }) },
          $setOnInsert: { topic, partition, intervalMs: DEFAULT_INTERVAL_MS, ...(!isOurs && { end }) },
        },
        upsert: true,
      },
    }));
    await this.partitions.bulkWrite(updates, DURABLE);
    const ids = ends.map(idOf);
    const found = await this.partitions.find({ _id: { $in: ids } }).toArray();
    const readTo = new Map(found.map((stored) => [stored._id, stored.readTo]));
    return ids.map((id) => readTo.get(id)!);
  }

  /** Everything before `readTo` is stored, of which these records were the last. */
  async read(
    of: PartitionOfTopic,
    readTo: number,
    records: readonly PublishedRecord[],
    now: Date,
  ): Promise<void> {
    await this.told(of, readTo, lastListIn(records));
    // A list is written as soon as it changes, by a publisher that may be behind: its time is no sign that all is there.
    const signs = records.filter(({ type }) => type !== HELD_BACK_CLIENTS);
    // A clock that runs ahead of ours must not make up for silence.
    const times = signs.map(({ time }) => Math.min(time.getTime(), now.getTime()));
    const beat = records.findLast(({ type }) => type === HEARTBEAT);
    await this.partitions.updateOne(
      { _id: idOf(of) },
      {
        $max: { readTo, asOf: new Date(Math.max(0, ...times)) },
        ...(beat && { $set: { intervalMs: beat.value['intervalMs'] as number } }),
      },
      DURABLE,
    );
  }

  /** Of two lists the one holds that was read further on, whoever stores it last. */
  private async told(of: PartitionOfTopic, readTo: number, list: HeldBackList | undefined): Promise<void> {
    if (!list) return;
    await this.partitions.updateOne(
      { _id: idOf(of), $or: [{ 'heldBack.readTo': null }, { 'heldBack.readTo': { $lt: readTo } }] },
      { $set: { heldBack: { ...list, readTo } } },
      DURABLE,
    );
  }

  /** Of the topic's partitions, by number; none before any was assigned. */
  async of(topic: string): Promise<PartitionProgress[]> {
    const found = await this.partitions
      .find({ topic }, { projection: { _id: 0 } })
      .sort({ partition: 1 })
      .toArray();
    return found;
  }
}

function idOf({ topic, partition }: PartitionOfTopic): string {
  return `${topic}/${partition}`;
}
