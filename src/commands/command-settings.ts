export interface CommandSettings {
  /** How many contacts a client may have. */
  readonly maxContacts: number;
  /** Whether portal access is left to owner and admin, so that a manager may not change it. */
  readonly portalAccessByAdminsOnly: boolean;
  /**
   * How long a command that meets conflicts is decided anew before it is answered with one. A time, since a number of
   * attempts would be used up while another process works off what waits there: its appends come at once, one behind
   * the other, and each new attempt here takes a read more.
   */
  readonly maxConflictMs: number;
  /** The wait before the n-th new attempt is random, up to n times this many milliseconds, ten times at most. */
  readonly conflictBackoffMs: number;
  /** How often an append is sent again whose answer was lost and which is not in the stream. */
  readonly maxResends: number;
  /** How many commands are carried out at once; so many appends are under way at most. */
  readonly maxRunning: number;
  /** How many more may wait; beyond it a command is refused at once. */
  readonly maxWaiting: number;
  /** After so long a wait a command is refused, whether or not those before it have ended. */
  readonly maxWaitMs: number;
  /** How much the cache of folded books holds, in contacts and remembered commands: of either some 500 bytes. */
  readonly cacheWeight: number;
}

/** What serves any installation, beside what its owner decides. */
export const COMMAND_DEFAULTS = {
  maxConflictMs: 10_000,
  conflictBackoffMs: 5,
  maxResends: 3,
  // Servers commonly take a hundred calls on one connection, and reads need some.
  maxRunning: 64,
  // Commands that are carried out or wait take half of the HTTP server's requests in flight at most, with some to spare:
  // while the event store does not answer appends, reads keep places.
  maxWaiting: 400,
  maxWaitMs: 5000,
  cacheWeight: 200_000,
} as const;

/** The injection token of the CommandSettings. */
export const COMMAND_SETTINGS = Symbol('CommandSettings');
