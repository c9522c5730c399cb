/** An operation as its server names it (`Append`, `insert`, `Produce`, …). */
export type OperationFilter = (operation: string) => boolean;

const everyOperation: OperationFilter = () => true;

/** What a server does with a request that was admitted. */
export type Admission = { serve: true } | { serve: false; error: unknown };

/**
 * What a test may do to an embedded server. In process only, never on the network: a test that holds the
 * server object holds its switchboard. The server asks `admit` before it serves a request and
 * `mayAnswer` after it has stored what the request asked for.
 */
export class Switchboard {
  private silent: { filter: OperationFilter; ended: Promise<void>; end: () => void } | undefined;
  private delayMs = 0;
  private refusals: { remaining: number; filter: OperationFilter; error: unknown }[] = [];
  private answersToLose: { remaining: number; filter: OperationFilter; die: boolean }[] = [];

  /** `cutConnections` ends every open connection at once; `die` makes the server vanish as a killed one does. */
  constructor(private readonly server: { cutConnections: () => void; die: () => void }) {}

  /** Requests are taken and neither served nor answered, until `speak`. */
  staySilent(filter: OperationFilter = everyOperation): void {
    this.speak();
    let end = () => {};
    const ended = new Promise<void>((resolve) => (end = resolve));
    this.silent = { filter, ended, end };
  }

  /** Ends the silence: the requests that waited are served now. */
  speak(): void {
    this.silent?.end();
    this.silent = undefined;
  }

  /** Each request waits this long before it is served. */
  delay(milliseconds: number): void {
    this.delayMs = milliseconds;
  }

  /** The next `count` matching requests are answered with the error, in the server's own terms, and not served. */
  refuseNext(count: number, error: unknown, filter: OperationFilter = everyOperation): void {
    this.refusals.push({ remaining: count, filter, error });
  }

  /** The next `count` matching requests are served and stored, but their connection is cut in place of the answer. */
  loseNextAnswers(count = 1, filter: OperationFilter = everyOperation): void {
    this.answersToLose.push({ remaining: count, filter, die: false });
  }

  /** The next matching request is stored; then the server dies before it answers. */
  dieBeforeNextAnswer(filter: OperationFilter = everyOperation): void {
    this.answersToLose.push({ remaining: 1, filter, die: true });
  }

  dropConnections(): void {
    this.server.cutConnections();
  }

  /** Ends silence, delay, refusals and lost answers. */
  reset(): void {
    this.speak();
    this.delayMs = 0;
    this.refusals = [];
    this.answersToLose = [];
  }

  /** For the server: waits out silence and delay, then says whether to serve. */
  async admit(operation: string): Promise<Admission> {
    while (this.silent?.filter(operation)) await this.silent.ended;
    if (this.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.delayMs));
    const refusal = this.refusals.find(({ remaining, filter }) => remaining > 0 && filter(operation));
    if (!refusal) return { serve: true };
    refusal.remaining -= 1;
    return { serve: false, error: refusal.error };
  }

  /** For the server: false when the answer must be lost; the connection was cut, or the server died, already. */
  mayAnswer(operation: string): boolean {
    const loss = this.answersToLose.find(({ remaining, filter }) => remaining > 0 && filter(operation));
    if (!loss) return true;
    loss.remaining -= 1;
    if (loss.die) this.server.die();
    else this.server.cutConnections();
    return false;
  }
}
