import type { Checkpoint } from './checkpoint.js';

/**
 * - `waiting_for_lease`: another replica runs the subscriber, or the lease can't be read.
 * - `catching_up`: reads what the log holds and has not reached its end.
 * - `live`: has handled all there is, and handles what comes as it comes.
 * - `backing_off`: was interrupted, and will try again by itself.
 * - `blocked`: was interrupted by what will hardly pass by itself; tries again all the same.
 * - `log_diverged`: the log isn't the one that was handled; nothing is, until someone has decided.
 * - `stopped`: was told to stop, or has not been started.
 */
export type SubscriberState =
  'waiting_for_lease' | 'catching_up' | 'live' | 'backing_off' | 'blocked' | 'log_diverged' | 'stopped';

/** How far behind the log's end a subscriber is. */
export interface Lag {
  /** How many events: exact when they have been read, else estimated from the distance. */
  readonly events: number;
  /** The distance between the two commit positions. */
  readonly distance: bigint;
  /** For how long the oldest of them has waited, as far as is known. */
  readonly seconds: number;
}

/** What a subscriber says of itself. */
export interface SubscriberStatus {
  readonly state: SubscriberState;
  readonly checkpoint: Checkpoint | undefined;
  /** Undefined until the log's end has been looked at, and while that can't be done. */
  readonly lag: Lag | undefined;
  /** How many clients are held back. */
  readonly heldBack: number;
  /** How many events were handled since the start of the process. */
  readonly handled: number;
  /** How long ago, in seconds, a batch was handled or found to be none; undefined before the first. */
  readonly lastProgressSeconds: number | undefined;
  /** What interrupted it last, as the log names it, for as long as it has not gone on. */
  readonly cause: string | undefined;
  /** What the error says of it, where that holds ids only. */
  readonly reason: string | undefined;
}

/** The status as it stands in the lease, for any process to show. */
export interface ReportedStatus {
  readonly state: SubscriberState;
  readonly commit: string | null;
  readonly prepare: string | null;
  readonly lag: { readonly events: number; readonly distance: string; readonly seconds: number } | null;
  readonly heldBack: number;
  readonly handled: number;
  readonly lastProgressSeconds: number | null;
  readonly cause: string | null;
  readonly reason: string | null;
  readonly build: string;
  /** By the clock of who says it: for people only, nothing compares it. */
  readonly toldAt: Date;
}

/** The status as a document; `build` is the version of the program. */
export function reported(status: SubscriberStatus, build: string): ReportedStatus {
  const { state, checkpoint, lag, heldBack, handled, lastProgressSeconds, cause, reason } = status;
  return {
    state,
    commit: checkpoint?.commit.toString() ?? null,
    prepare: checkpoint?.prepare.toString() ?? null,
    lag: lag ? { ...lag, distance: lag.distance.toString() } : null,
    heldBack,
    handled,
    lastProgressSeconds: lastProgressSeconds ?? null,
    cause: cause ?? null,
    reason: reason ?? null,
    build,
    toldAt: new Date(),
  };
}
