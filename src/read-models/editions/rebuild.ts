import { setTimeout as sleep } from 'node:timers/promises';
import type { Position } from '../../event-log/event-store.js';
import type { RecordedEvent } from '../../event-log/stored-form.js';
import type { BatchHandler, SkippedAppend } from '../../subscriptions/batch-handler.js';
import { type Checkpoint, isBefore } from '../../subscriptions/checkpoint.js';
import type { Subscriber } from '../../subscriptions/subscriber.js';
import { lastOfOurs } from '../log-end.js';
import { Projection } from '../projection.js';
import type { ReadModel } from '../read-model.js';
import { type EditionPlaces, requireEditions } from './change-edition.js';
import { type Edition, editionName } from './editions.js';

export interface RebuildProgress {
  /** How many events this run has folded. */
  readonly events: number;
  /** The share of the log's length that is behind it, from 0 to 1. */
  readonly share: number;
}

export interface RebuildOptions {
  /** At most so many events a second; as fast as it goes when absent. */
  readonly eventsPerSecond?: number | undefined;
  readonly signal: AbortSignal;
  readonly progress: (progress: RebuildProgress) => void;
  readonly subscriberFor: (name: string, handler: BatchHandler) => Subscriber;
}

/**
 * Builds an edition beside those that there are, from the log's start to where the log ended when this began; then
 * the projectors keep it. One that an earlier run left unfinished is gone on with. Undefined when the signal ended it.
 */
export async function rebuild(
  places: EditionPlaces,
  readModel: ReadModel<object>,
  { eventsPerSecond, signal, progress, subscriberFor }: RebuildOptions,
): Promise<Edition | undefined> {
  const edition = await begunEdition(places, readModel);
  const name = editionName(readModel.name, edition);
  const end = await lastOfOurs(places.eventStore, undefined);
  if (end && !(await built())) return undefined;
  const alias = await requireEditions(places, readModel.name);
  const editions = alias.editions.map((other) =>
    other.number === edition.number ? { ...other, state: 'kept' as const } : other,
  );
  await places.editions.replace(alias, { editions });
  return { ...edition, state: 'kept' };

  /** False when the signal ended it. */
  async function built(): Promise<boolean> {
    const projection = new Projection(readModel, places.database.collection(name), places.checkpoints);
    const building = new Building(projection, end!, eventsPerSecond, progress);
    const subscriber = subscriberFor(name, building);
    subscriber.start();
    const ended = new Promise<false>((resolve) => {
      if (signal.aborted) resolve(false);
      signal.addEventListener('abort', () => resolve(false), { once: true });
    });
    const isBuilt = await Promise.race([building.done, ended]);
    await subscriber.stop();
    return isBuilt;
  }
}

async function begunEdition(places: EditionPlaces, { name, version }: ReadModel<object>): Promise<Edition> {
  const alias = await requireEditions(places, name);
  const unfinished = alias.editions.find(
    (edition) => edition.state === 'building' && edition.version === version,
  );
  if (unfinished) return unfinished;
  const edition: Edition = { number: alias.lastNumber + 1, version, state: 'building' };
  await places.editions.replace(alias, {
    editions: [...alias.editions, edition],
    lastNumber: edition.number,
  });
  return edition;
}

/** A projection that is watched and slowed down until it has passed a position. */
class Building implements BatchHandler {
  readonly done: Promise<true>;
  private finish!: (isDone: true) => void;
  private events = 0;
  private readonly startedAt = performance.now();

  constructor(
    private readonly projection: Projection,
    private readonly end: Position,
    private readonly eventsPerSecond: number | undefined,
    private readonly progress: (progress: RebuildProgress) => void,
  ) {
    this.done = new Promise((resolve) => (this.finish = resolve));
  }

  async position(fencingToken: number): Promise<Checkpoint | undefined> {
    const checkpoint = await this.projection.position(fencingToken);
    if (checkpoint) this.passed(checkpoint);
    return checkpoint;
  }

  async handle(batch: readonly RecordedEvent[], checkpoint: Checkpoint): Promise<void> {
    await this.projection.handle(batch, checkpoint);
    this.events += batch.length;
    this.passed(checkpoint);
    if (this.eventsPerSecond === undefined) return;
    const early = (this.events / this.eventsPerSecond) * 1000 - (performance.now() - this.startedAt);
    if (early > 0) await sleep(early);
  }

  skip(skipped: SkippedAppend, checkpoint: Checkpoint): Promise<void> {
    return this.projection.skip(skipped, checkpoint);
  }

  private passed(checkpoint: Checkpoint): void {
    const share = Math.min(1, Number(checkpoint.commit) / Math.max(1, Number(this.end.commit)));
    this.progress({ events: this.events, share });
    if (!isBefore(checkpoint, this.end)) this.finish(true);
  }
}
