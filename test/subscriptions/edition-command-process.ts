import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Death } from '../fixtures/fates.js';
import type { DeadlyPoint } from './deadly-points.js';

export interface EditionCommand {
  readonly eventStoreUrl: string;
  readonly mongodbUrl: string;
  readonly databaseName: string;
  readonly command: 'rebuild' | 'cut-over';
  readonly death?: Death<DeadlyPoint>;
}

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** Runs the command in a process of its own; gives how it ended, as the signal or the exit code. */
export async function runEditionCommand(command: EditionCommand): Promise<NodeJS.Signals | number> {
  const child = fork(file('edition-command.ts'), {
    execArgv: ['--no-warnings', '--import', file('../write-side/run-typescript.mjs')],
    env: { ...process.env, EDITION_COMMAND: JSON.stringify(command) },
  });
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return signal ?? code!;
}
