import { setTimeout as sleep } from 'node:timers/promises';
import type { Position } from '../event-log/event-store.js';
import type { RecordedEvent } from '../event-log/stored-form.js';
import type { BatchHandler, SkippedAppend } from './batch-handler.js';
import { type Checkpoint, isBefore } from './checkpoint.js';
import type { Subscriber } from './subscriber.js';

export interface FollowProgress {
  /** How many events this run has handled. */
  readonly events: number;
  /** The share of the log's length that is behind it, from 0 to 1. */
  readonly share: number;
}

export interface FollowOptions {
  /** At most so many events a second; as fast as it goes when absent. */
  readonly eventsPerSecond?: number | undefined;
  readonly signal: AbortSignal;
  readonly progress: (progress: FollowProgress) => void;
  readonly subscriberFor: (name: string, handler: BatchHandler) => Subscriber;
}

/** Runs a subscriber of this name until it has passed a position. False when the signal ended it before. */
export async function followUpTo(
  end: Position,
  name: string,
  handler: Handler,
  { eventsPerSecond, signal, progress, subscriberFor }: FollowOptions,
): Promise<boolean> {
  const watched = new Watched(handler, end, eventsPerSecond, progress);
  const subscriber = subscriberFor(name, watched);
  subscriber.start();
  const ended = new Promise<false>((resolve) => {
    if (signal.aborted) resolve(false);
    signal.addEventListener('abort', () => resolve(false), { once: true });
  });
  const isDone = await Promise.race([watched.done, ended]);
  await subscriber.stop();
  return isDone;
}

type Handler = Required<Pick<BatchHandler, 'position' | 'handle' | 'skip'>>;

/** A handler that is watched and slowed down until it has passed a position. It gives no heartbeat. */
class Watched implements BatchHandler {
  readonly done: Promise<true>;
  private finish!: (isDone: true) => void;
  private events = 0;
  private readonly startedAt = performance.now();

  constructor(
    private readonly handler: Handler,
    private readonly end: Position,
    private readonly eventsPerSecond: number | undefined,
    private readonly progress: (progress: FollowProgress) => void,
  ) {
    this.done = new Promise((resolve) => (this.finish = resolve));
  }

  async position(fencingToken: number): Promise<Checkpoint | undefined> {
    const checkpoint = await this.handler.position(fencingToken);
    if (checkpoint) this.passed(checkpoint);
    return checkpoint;
  }

  async handle(batch: readonly RecordedEvent[], checkpoint: Checkpoint): Promise<void> {
    await this.handler.handle(batch, checkpoint);
    this.events += batch.length;
    this.passed(checkpoint);
    if (this.eventsPerSecond === undefined) return;
    const early = (this.events / this.eventsPerSecond) * 1000 - (performance.now() - this.startedAt);
    if (early > 0) await sleep(early);
  }

  skip(skipped: SkippedAppend, checkpoint: Checkpoint): Promise<void> {
    return this.handler.skip(skipped, checkpoint);
  }

  private passed(checkpoint: Checkpoint): void {
    const share = Math.min(1, Number(checkpoint.commit) / Math.max(1, Number(this.end.commit)));
    this.progress({ events: this.events, share });
    if (!isBefore(checkpoint, this.end)) this.finish(true);
  }
}
