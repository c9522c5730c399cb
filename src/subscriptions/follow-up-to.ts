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
  /** Told why it stands still, once for each reason, where that may pass by itself. */
  readonly waiting: (why: string) => void;
  readonly subscriberFor: (name: string, handler: BatchHandler) => Subscriber;
}

/** It was interrupted by what only someone can mend; the message says by what. Then it can be gone on with. */
export class SomeoneNeeded extends Error {
  override readonly name = 'SomeoneNeeded';
}

const LOOK_EVERY_MS = 200;
/** So many looks in a row, and someone else does run it: a free lease is taken much sooner. */
const LOOKS_FOR_LEASE = 10;

/**
 * Runs a subscriber of this name until it has passed a position. False when the signal ended it before. Raises
 * SomeoneNeeded.
 */
export async function followUpTo(
  end: Position,
  name: string,
  handler: Handler,
  { eventsPerSecond, signal, progress, waiting, subscriberFor }: FollowOptions,
): Promise<boolean> {
  const watched = new Watched(handler, end, eventsPerSecond, progress);
  const subscriber = subscriberFor(name, watched);
  subscriber.start();
  const ended = new Promise<false>((resolve) => {
    if (signal.aborted) resolve(false);
    signal.addEventListener('abort', () => resolve(false), { once: true });
  });
  const looked = lookAt(subscriber, waiting);
  try {
    return await Promise.race([watched.done, ended, looked.stuck]);
  } finally {
    looked.end();
    await subscriber.stop();
  }
}

/** `stuck` is rejected once it needs someone. */
function lookAt(
  subscriber: Subscriber,
  waiting: (why: string) => void,
): { readonly stuck: Promise<never>; end(): void } {
  let [told, withoutLease] = ['', 0];
  const tell = (why: string) => {
    if (why !== told) waiting(why);
    told = why;
  };
  let timer: NodeJS.Timeout;
  const stuck = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      const { state, cause, reason } = subscriber.status();
      const why = `${cause}${reason === undefined ? '' : `: ${reason}`}`;
      withoutLease = state === 'waiting_for_lease' ? withoutLease + 1 : 0;
      if (state === 'blocked' || state === 'log_diverged')
        reject(new SomeoneNeeded(`${subscriber.name} can't go on (${why}): mend that, and run it again`));
      if (state === 'backing_off') tell(`interrupted by ${why}; it tries again`);
      if (withoutLease === LOOKS_FOR_LEASE)
        tell(`another process runs ${subscriber.name}, or did a moment ago`);
    }, LOOK_EVERY_MS);
  });
  return { stuck, end: () => clearInterval(timer) };
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
