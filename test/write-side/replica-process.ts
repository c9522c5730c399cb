import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Outcome, SentCommand } from './command-handler.js';

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** A service process of its own, to which commands are sent. */
export class ReplicaProcess {
  private readonly waiting = new Map<number, (outcome: Outcome) => void>();
  private nextId = 0;

  private constructor(private readonly child: ChildProcess) {
    child.on('message', ({ id, outcome }: { id: number; outcome: Outcome }) => {
      this.waiting.get(id)?.(outcome);
      this.waiting.delete(id);
    });
  }

  /** `isOwnLog`: whether no one but the test reads the log. */
  static async start(
    eventStoreUrl: string,
    { deadlineMs = 5000, isOwnLog = false } = {},
  ): Promise<ReplicaProcess> {
    const child = fork(file('replica.ts'), {
      execArgv: ['--no-warnings', '--import', file('run-typescript.mjs')],
      env: {
        ...process.env,
        EVENTSTORE_URL: eventStoreUrl,
        DEADLINE_MS: String(deadlineMs),
        IS_OWN_LOG: String(isOwnLog),
      },
    });
    await once(child, 'message');
    return new ReplicaProcess(child);
  }

  send = (sent: SentCommand): Promise<Outcome> =>
    new Promise((resolve) => {
      const id = this.nextId++;
      this.waiting.set(id, resolve);
      this.child.send({ id, sent });
    });

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill();
    await ended;
  }
}
