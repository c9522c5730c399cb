import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FILE = 'running.json';

/** What a program on the same machine needs to talk to the service and to the embedded servers. */
export interface RunningFile {
  readonly apiUrl: string;
  readonly EVENTSTORE_URL: string;
  readonly MONGODB_URL: string;
  readonly KAFKA_BROKERS: string;
  readonly token: string;
}

/** Only the owner may read it: it holds the development token. */
export async function writeRunningFile(directory: string, running: RunningFile): Promise<void> {
  await writeFile(join(directory, FILE), JSON.stringify(running, null, 2), { mode: 0o600 });
}

/** What the last start wrote; undefined when nothing was ever started here. */
export async function readRunningFile(directory: string): Promise<RunningFile | undefined> {
  const text = await readFile(join(directory, FILE), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as RunningFile);
}
