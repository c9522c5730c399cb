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

/** How many commands a line holds beyond those that are remembered, before a new one is made. */
const MAX_FORGOTTEN = 128;

/**
 * A client's last commands, the oldest first. Each append makes a new list of them, and to copy five hundred ids each
 * time, or to search them one by one, takes as long as all else that a command does. So lists share a line, of which
 * each knows its own end: only the list that ends where the line does may make it longer, and any other begins a new
 * line.
 */
export class RememberedCommands implements Iterable<RememberedCommand> {
  /** The last ones of these, the oldest first. */
  static of(commands: readonly RememberedCommand[]): RememberedCommands {
    const line = new Line();
    for (const command of commands.slice(-REMEMBERED_COMMANDS)) line.push(command);
    return new RememberedCommands(line, line.length);
  }

  readonly #line: Line;
  readonly #end: number;

  private constructor(line: Line, end: number) {
    this.#line = line;
    this.#end = end;
  }

  get size(): number {
    return this.#end - this.#begin;
  }

  /** The command of this id, where it is remembered. */
  find(commandId: string): RememberedCommand | undefined {
    const index = this.#line.indexOf(commandId);
    return index !== undefined && index >= this.#begin && index < this.#end
      ? this.#line.at(index)
      : undefined;
  }

  /** These, and behind them the commands of further events in whole appends; the oldest are forgotten. */
  with(
    events: Iterable<{ readonly commandId: string; readonly revision: Revision; readonly index: number }>,
  ): RememberedCommands {
    const added: RememberedCommand[] = [];
    for (const { commandId, revision, index } of events) {
      if (index > 0) added.pop();
      added.push({ commandId, firstRevision: revision - index, revision });
    }
    const end = this.#end + added.length;
    const mayBeLonger =
      this.#line.length === this.#end &&
      end <= REMEMBERED_COMMANDS + MAX_FORGOTTEN &&
      added.every(({ commandId }) => this.#line.indexOf(commandId) === undefined);
    if (!mayBeLonger) return RememberedCommands.of([...this, ...added]);
    for (const command of added) this.#line.push(command);
    return new RememberedCommands(this.#line, end);
  }

  *[Symbol.iterator](): Iterator<RememberedCommand> {
    for (let index = this.#begin; index < this.#end; index++) yield this.#line.at(index);
  }

  get #begin(): number {
    return Math.max(0, this.#end - REMEMBERED_COMMANDS);
  }
}

/** Commands in the order of their appends, which grow in number only. */
class Line {
  readonly #commands: RememberedCommand[] = [];
  readonly #indexes = new Map<string, number>();

  get length(): number {
    return this.#commands.length;
  }

  push(command: RememberedCommand): void {
    this.#indexes.set(command.commandId, this.#commands.length);
    this.#commands.push(command);
  }

  at(index: number): RememberedCommand {
    return this.#commands[index]!;
  }

  indexOf(commandId: string): number | undefined {
    return this.#indexes.get(commandId);
  }
}
