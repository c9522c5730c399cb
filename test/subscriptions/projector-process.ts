import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Death } from '../fixtures/fates.js';
import type { DeadlyPoint } from './deadly-points.js';

export interface ProjectorSettings {
  readonly eventStoreUrl: string;
  readonly mongodbUrl: string;
  readonly database: string;
  readonly ttlMs: number;
  /** As the service has it, or in one of the ways that it must not be. */
  readonly manner: 'as it is' | 'checkpoint first' | 'early checkpoint';
  readonly death?: Death<DeadlyPoint>;
  /** By how much this process's wall clock is wrong. */
  readonly wallClockShiftMs?: number;
  readonly batchSize?: number;
  /** The names of those to keep; all by default. */
  readonly readModels?: readonly string[];
}

/** One line of a projector's log. */
export interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly subscriber?: string;
  readonly state?: string;
  readonly cause?: string;
  readonly token?: number;
}

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** A projector in a process of its own. */
export class ProjectorProcess {
  readonly lines: LogLine[] = [];
  /** How it ended: the signal, or null where it ended by itself. */
  readonly ended: Promise<NodeJS.Signals | null>;
  private readonly child: ChildProcess;

  constructor(settings: ProjectorSettings) {
    this.child = fork(file('projector.ts'), {
      execArgv: ['--no-warnings', '--import', file('../write-side/run-typescript.mjs')],
      env: { ...process.env, PROJECTOR: JSON.stringify(settings) },
    });
    this.child.on('message', (line: LogLine) => this.lines.push(line));
    this.ended = once(this.child, 'exit').then(([, signal]) => signal as NodeJS.Signals | null);
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** The causes of its interruptions so far. */
  get causes(): readonly string[] {
    return this.lines.flatMap(({ msg, cause }) => (msg === 'interrupted' && cause ? [cause] : []));
  }

  /** Whether it has entered the state, for any of its subscribers. */
  hasBeen(state: string): boolean {
    return this.lines.some((line) => line.state === state);
  }

  /** SIGSTOP and SIGCONT freeze it and let it go on; SIGTERM stops it cleanly; SIGKILL is a crash. */
  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGTERM' | 'SIGKILL'): void {
    this.child.kill(signal);
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (!this.isRunning) return;
    this.signal(signal);
    await this.ended;
  }
}
