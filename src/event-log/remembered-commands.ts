import type { Revision } from './event-store.js';

/** How many of its last commands a client remembers, to answer a retry with the first answer. */
export const REMEMBERED_COMMANDS = 500;

/** What one command appended, as the stream remembers it. */
export interface RememberedCommand {
  readonly commandId: string;
  /** The revisions of its append's first and last event. */
  readonly firstRevision: Revision;
  readonly revision: Revision;
}

/** How many commands come to an index before it is made anew. */
const MAX_RECENT = 32;

/**
 * A client's last commands, the oldest first. Each append makes a new list of them, and to copy an index of five hundred
 * ids each time, or to search them one by one, took as long as all else that a command does. So lists share an index,
 * and each holds the few commands that came since.
 */
export class RememberedCommands implements Iterable<RememberedCommand> {
  /** The last ones of these, the oldest first. */
  static of(commands: readonly RememberedCommand[]): RememberedCommands {
    const indexed = commands.slice(-REMEMBERED_COMMANDS);
    return new RememberedCommands(indexed, new Map(indexed.map((each) => [each.commandId, each])), []);
  }

  readonly #indexed: readonly RememberedCommand[];
  readonly #byId: ReadonlyMap<string, RememberedCommand>;
  readonly #recent: readonly RememberedCommand[];

  private constructor(
    indexed: readonly RememberedCommand[],
    byId: ReadonlyMap<string, RememberedCommand>,
    recent: readonly RememberedCommand[],
  ) {
    this.#indexed = indexed;
    this.#byId = byId;
    this.#recent = recent;
  }

  get size(): number {
    return Math.min(this.#indexed.length + this.#recent.length, REMEMBERED_COMMANDS);
  }

  /** The command of this id, where it is remembered. */
  find(commandId: string): RememberedCommand | undefined {
    const recent = this.#recent.findLast((command) => command.commandId === commandId);
    if (recent) return recent;
    const found = this.#byId.get(commandId);
    return found && found.firstRevision >= this.#indexed[this.forgotten]!.firstRevision ? found : undefined;
  }

  /** These, and behind them the commands of further events in whole appends; the oldest are forgotten. */
  with(
    events: Iterable<{ readonly commandId: string; readonly revision: Revision; readonly index: number }>,
  ): RememberedCommands {
    const recent = [...this.#recent];
    for (const { commandId, revision, index } of events) {
      if (index > 0) recent.pop();
      recent.push({ commandId, firstRevision: revision - index, revision });
    }
    if (recent.length <= MAX_RECENT) return new RememberedCommands(this.#indexed, this.#byId, recent);
    return RememberedCommands.of([...this.#indexed, ...recent]);
  }

  *[Symbol.iterator](): Iterator<RememberedCommand> {
    yield* this.#indexed.slice(this.forgotten);
    yield* this.#recent;
  }

  /** How many of the indexed ones, from the oldest on, are not remembered any more. */
  private get forgotten(): number {
    return this.#indexed.length + this.#recent.length - this.size;
  }
}
