import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A program of ours in a process and on data of its own. */
export interface Program {
  readonly process: ChildProcess;
  /** All that it had printed when it was ready. */
  readonly output: string;
  /** Resident memory in MiB, as Linux counts it. */
  memory(): Promise<number>;
  /** Processor time that it has taken so far, of all its threads, in ms to the hundredth of a second, as Linux counts it. */
  processorTime(): Promise<number>;
  /** Ends it and removes its data. */
  end(): Promise<void>;
}

/** Starts a script with a temporary directory for its data, and resolves once its output matches. */
export async function startProgram(
  script: string,
  options: (dataDir: string) => { parameters?: readonly string[]; environment?: NodeJS.ProcessEnv },
  ready: RegExp,
): Promise<Program> {
  const dataDir = await mkdtemp(join(tmpdir(), 'bench-'));
  const { parameters = [], environment = {} } = options(dataDir);
  const child = spawn(process.execPath, [script, ...parameters], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  for await (const chunk of child.stdout) {
    output += String(chunk);
    if (ready.test(output)) break;
  }
  if (!ready.test(output)) throw new Error(`${script} did not start: ${output}`);
  return {
    process: child,
    output,
    async memory() {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) / 1024;
    },
    async processorTime() {
      const stat = await readFile(`/proc/${child.pid}/stat`, 'utf8');
      const [user, system] = stat.slice(stat.lastIndexOf(')')).split(' ').slice(12, 14).map(Number);
      return (user! + system!) * 10;
    },
    async end() {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A row of a catch-up by a script in a process of its own: events, events a second, and its peak memory in MiB. */
export async function caughtUp(
  script: string,
  parameters: readonly string[],
  events: number,
): Promise<string[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...parameters, String(events)]);
  const { eventsPerSecond, peakMib } = JSON.parse(stdout) as { eventsPerSecond: number; peakMib: number };
  return [events, eventsPerSecond, peakMib].map((value) => Math.round(value).toLocaleString('en'));
}
