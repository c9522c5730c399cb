import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** One of the consumers as its team runs it: the program, in a process of its own. */
export class ConsumerProcess {
  private readonly output: Buffer[] = [];

  private constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.on('data', (chunk: Buffer) => this.output.push(chunk));
    }
  }

  static start(
    consumer: 'invoicing' | 'portal',
    environment: Readonly<Record<string, string>>,
    args: readonly string[] = [],
  ): ConsumerProcess {
    const file = `consumers/${consumer}/main.ts`;
    const runTypeScript = ['--no-warnings', '--import', './test/write-side/run-typescript.mjs'];
    const child = spawn(process.execPath, [...runTypeScript, file, ...args], {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new ConsumerProcess(child);
  }

  /** What it has written so far, to either stream. */
  get text(): string {
    return Buffer.concat(this.output).toString();
  }

  /** Its exit code, once it has ended; null where a signal ended it. */
  async ended(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'close');
    return this.child.exitCode;
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    this.child.kill(signal);
    return this.ended();
  }
}
