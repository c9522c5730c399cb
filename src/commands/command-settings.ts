export interface CommandSettings {
  /** How many contacts a client may have. */
  readonly maxContacts: number;
  /** Whether portal access is left to owner and admin, so that a manager may not change it. */
  readonly portalAccessByAdminsOnly: boolean;
  /** How often a command is decided anew after a conflict before it is answered with one. */
  readonly maxAttempts: number;
  /** The wait before the n-th new attempt is random, up to n times this many milliseconds. */
  readonly conflictBackoffMs: number;
}

/** The injection token of the CommandSettings. */
export const COMMAND_SETTINGS = Symbol('CommandSettings');
