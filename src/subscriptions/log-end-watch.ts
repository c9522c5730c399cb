import { STREAM_PREFIX } from '../event-log/contact-book-stream.js';
import type { EventStore, Position, StoredEvent } from '../event-log/event-store.js';
import { isBefore } from './checkpoint.js';
import type { Lag } from './subscriber-status.js';

/** How far back the log's end is searched for an event of ours: farther than checkpoints of a quiet filter lie apart. */
const SEARCHED_EVENTS = 1000;

/** The log holds what the subscription does not bring, and the subscription does not say why. */
export class SubscriptionSilent extends Error {
  override readonly name = 'SubscriptionSilent';
}

/** Where someone who follows the log stands. */
export interface Following {
  /** All up to there is handled. */
  readonly position: Position | undefined;
  /** Whether there is nothing left to handle, so that it is the subscription's turn. */
  readonly isIdle: boolean;
  readonly waiting: number;
  readonly firstWaiting: StoredEvent | undefined;
  /** How many events one unit of distance in the log held so far. */
  readonly density: number;
}

/** Looks at the log's end at intervals: how far it is, and whether the subscription still brings what is there. */
export class LogEndWatch {
  private timer: NodeJS.Timeout | undefined;
  private closed = false;
  private former: Position | undefined;
  private stillSince = performance.now();
  private behindSince: number | undefined;
  /** As of the last look; undefined before the first, and where the log's end could not be read. */
  lag: Lag | undefined;

  constructor(
    private readonly eventStore: EventStore,
    private readonly settings: { readonly watchMs: number; readonly stallMs: number },
    private readonly following: () => Following,
    /** Called when nothing has come for too long although something is there. */
    private readonly stalled: (error: SubscriptionSilent) => void,
  ) {
    this.former = following().position;
    this.lookLater();
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }

  private lookLater(): void {
    if (this.closed) return;
    this.timer = setTimeout(() => void this.look(), this.settings.watchMs);
    this.timer.unref();
  }

  private async look(): Promise<void> {
    // An end that can't be read is as good a reason to suspect the subscription as one that it does not bring.
    const end = await this.endBehind(this.following().position).catch(() => 'unknown' as const);
    if (this.closed) return;
    const now = performance.now();
    const following = this.following();
    this.lag = end === 'unknown' ? undefined : this.lagTo(end, following, now);
    const { position, isIdle } = following;
    if (end === undefined || !isIdle || position !== this.former) this.stillSince = now;
    this.former = position;
    if (now - this.stillSince >= this.settings.stallMs) {
      this.stalled(new SubscriptionSilent('the log holds what the subscription does not bring'));
    }
    this.lookLater();
  }

  private lagTo(end: StoredEvent | undefined, following: Following, now: number): Lag {
    const { position, waiting, firstWaiting, density } = following;
    if (!end || (position && !isBefore(position, end.position))) {
      this.behindSince = undefined;
      return { events: 0, distance: 0n, seconds: 0 };
    }
    this.behindSince ??= now;
    const distance = end.position.commit - (position?.commit ?? 0n);
    // Two times of the event store, or two of this process: never one of each.
    const recordedApart = firstWaiting ? end.recordedAt.getTime() - firstWaiting.recordedAt.getTime() : 0;
    return {
      events: Math.max(1, waiting, Math.round(Number(distance) * density)),
      distance,
      seconds: Math.round(Math.max(recordedApart, now - this.behindSince) / 1000),
    };
  }

  /**
   * The last event behind the position that the subscription should have brought: one of ours, or so many of others
   * that a checkpoint should have come. Undefined where there is none.
   */
  private async endBehind(position: Position | undefined): Promise<StoredEvent | undefined> {
    for (const limit of [1, SEARCHED_EVENTS]) {
      let read = 0;
      for await (const event of this.eventStore.readBackwards(limit)) {
        if (position && !isBefore(position, event.position)) return undefined;
        if (event.stream.startsWith(STREAM_PREFIX)) return event;
        if (++read === SEARCHED_EVENTS) return event;
      }
      if (read < limit) return undefined;
    }
    return undefined;
  }
}
