import { CommandError } from './errors.js';

const CHECK_EVERY = 128;

/** The moment at which a command that set `maxTimeMS` must give up. */
export class Deadline {
  private untilCheck = CHECK_EVERY;

  /** @param milliseconds from now; undefined or 0 for no limit */
  constructor(milliseconds: number | undefined) {
    this.at = milliseconds ? performance.now() + milliseconds : undefined;
  }

  private readonly at: number | undefined;

  /** @throws CommandError MaxTimeMSExpired */
  check(): void {
    if (this.at !== undefined && performance.now() >= this.at) {
      throw new CommandError('MaxTimeMSExpired', 'operation exceeded time limit');
    }
  }

  /** For loops over documents: looks at the clock once in a while. */
  tick(): void {
    if (this.at === undefined || --this.untilCheck > 0) return;
    this.untilCheck = CHECK_EVERY;
    this.check();
  }
}
