import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigurationError } from '../src/operations/configuration.js';

/** Holds the process id of whoever uses the directory; that it is there says that the directory is ours. */
const LOCK = 'lock';

/** Where each server keeps its files. */
export const SERVER_DIRECTORIES = ['event-store', 'mongodb', 'kafka'] as const;

/**
 * Takes the directory for this process, making it where it isn't there; `fresh` then forgets the servers' data. A
 * directory that holds other things, or that a running process has, is left as it is. Raises ConfigurationError.
 */
export async function takeDataDirectory(directory: string, fresh: boolean): Promise<void> {
  const holder = await readFile(join(directory, LOCK), 'utf8').catch(() => undefined);
  const entries = await readdir(directory).catch(() => []);
  if (holder === undefined && entries.length > 0) {
    throw new ConfigurationError(
      `DATA_DIR: ${directory} holds something else: name a new or an empty directory`,
    );
  }
  if (holder !== undefined && isRunning(Number(holder))) {
    throw new ConfigurationError(
      `DATA_DIR: ${directory} is used by process ${holder.trim()}: stop it, or name another directory`,
    );
  }
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, LOCK), `${process.pid}\n`);
  if (!fresh) return;
  await Promise.all(
    SERVER_DIRECTORIES.map((name) => rm(join(directory, name), { recursive: true, force: true })),
  );
}

function isRunning(processId: number): boolean {
  try {
    return processId !== process.pid && process.kill(processId, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
