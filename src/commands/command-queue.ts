import { TooBusy } from './command-errors.js';

export interface QueueLimits {
  readonly maxRunning: number;
  readonly maxWaiting: number;
  readonly maxWaitMs: number;
}

interface Waiting {
  readonly run: () => Promise<void>;
  readonly tooLate: NodeJS.Timeout;
}

/**
 * Lets commands of one client run one after another, in the order in which they came, and those of different
 * clients at once. What runs and what waits is bounded.
 */
export class CommandQueue {
  /** Of each client with a command that runs, what waits for its end. */
  private readonly lines = new Map<string, Waiting[]>();
  /** Clients whose next command waits for a place. */
  private readonly ready: string[] = [];
  private running = 0;
  private waiting = 0;

  constructor(private readonly limits: QueueLimits) {}

  /** Runs `work` in its turn and gives its outcome. Raises TooBusy where that can't be in time; then it never runs. */
  run<T>(client: string, work: () => Promise<T>): Promise<T> {
    if (this.waiting >= this.limits.maxWaiting && !this.canStart(client)) return Promise.reject(tooBusy());
    return new Promise<T>((resolve, reject) => {
      const turn: Waiting = {
        run: () => work().then(resolve, reject),
        tooLate: setTimeout(() => {
          this.leave(client, turn);
          reject(tooBusy());
        }, this.limits.maxWaitMs),
      };
      this.waiting += 1;
      const line = this.lines.get(client);
      if (line) line.push(turn);
      else {
        this.lines.set(client, [turn]);
        this.ready.push(client);
        this.startWaiting();
      }
    });
  }

  private canStart(client: string): boolean {
    return this.running < this.limits.maxRunning && !this.lines.has(client);
  }

  private startWaiting(): void {
    while (this.running < this.limits.maxRunning && this.ready.length > 0)
      this.startNext(this.ready.shift()!);
  }

  /** Starts the client's next command; without one, the client leaves. */
  private startNext(client: string): void {
    const next = this.lines.get(client)!.shift();
    if (!next) {
      this.lines.delete(client);
      return;
    }
    clearTimeout(next.tooLate);
    this.waiting -= 1;
    this.running += 1;
    void next.run().finally(() => {
      this.running -= 1;
      this.ready.push(client);
      this.startWaiting();
    });
  }

  /** The command waits no longer. Its client goes when its turn comes. */
  private leave(client: string, turn: Waiting): void {
    const line = this.lines.get(client)!;
    line.splice(line.indexOf(turn), 1);
    this.waiting -= 1;
  }
}

function tooBusy(): TooBusy {
  return new TooBusy('too many commands are waiting');
}
