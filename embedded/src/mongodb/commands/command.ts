import type { Document } from '../bson/types.js';
import type { Cursors } from '../cursors.js';
import type { Deadline } from '../deadline.js';
import type { Store } from '../storage/store.js';

/** A command as it is run. */
export interface Request {
  name: string;
  database: string;
  body: Document;
  deadline: Deadline;
}

/** What the commands work on. */
export interface Engine {
  readonly store: Store;
  readonly cursors: Cursors;
  /** `host:port` of this server, as the members of its set are told. */
  readonly address: string;
}

export interface Command {
  /** The fields that it takes, beside its name and those that every command takes. */
  readonly fields: readonly string[] | 'any';
  /** Fields that MongoDB knows and this server does not: refused, unless they have a value that changes nothing. */
  readonly unsupported?: readonly string[];
  /** Whether a client may send it with a transaction number, to be able to repeat it. */
  readonly retryable?: boolean;
  /**
   * Runs in one piece: nothing else happens meanwhile. What it changes is stored before the reply is sent.
   * @throws CommandError
   */
  run(request: Request, engine: Engine): Document;
}
