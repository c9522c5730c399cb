import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { TopicSettings } from '../../src/publishing/topics.js';
import type { Death } from '../fixtures/fates.js';
import type { DeadlyPoint, Manner } from './deadly-kafka.js';

export interface PublisherSettings {
  readonly eventStoreUrl: string;
  readonly mongodbUrl: string;
  readonly database: string;
  /** host:port that all connections to Kafka go to. */
  readonly kafkaAddress: string;
  readonly topics: TopicSettings;
  readonly ttlMs: number;
  readonly manner: Manner;
  /** The name of its lease; one of its own is a publisher that waits for nobody. */
  readonly lease: string;
  readonly death?: Death<DeadlyPoint>;
}

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** A publisher in a process of its own. */
export class PublisherProcess {
  /** The causes of its interruptions so far. */
  readonly causes: string[] = [];
  readonly states = new Set<string>();
  /** How it ended: the signal, or null where it ended by itself. */
  readonly ended: Promise<NodeJS.Signals | null>;
  private readonly child: ChildProcess;

  constructor(settings: PublisherSettings) {
    this.child = fork(file('publisher.ts'), {
      execArgv: ['--no-warnings', '--import', file('../write-side/run-typescript.mjs')],
      env: { ...process.env, PUBLISHER: JSON.stringify(settings) },
    });
    this.child.on('message', ({ cause, state }: { cause?: string; state?: string }) => {
      if (cause) this.causes.push(cause);
      if (state) this.states.add(state);
    });
    this.ended = once(this.child, 'exit').then(([, signal]) => signal as NodeJS.Signals | null);
  }

  /** SIGSTOP and SIGCONT freeze it and let it go on; SIGTERM stops it cleanly; SIGKILL is a crash. */
  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGTERM' | 'SIGKILL'): void {
    this.child.kill(signal);
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.signal(signal);
    await this.ended;
  }
}
