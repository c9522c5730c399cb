import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MASTER_KEY_BYTES } from '../src/event-log/personal-data/key-wrapping.js';

/** Makes a master key once and keeps it in the directory, in base64. For the embedded servers only. */
export async function developmentMasterKey(directory: string): Promise<string> {
  const path = join(directory, 'master.key');
  const stored = await readFile(path, 'utf8').catch(() => undefined);
  if (stored !== undefined) return stored.trim();
  const key = randomBytes(MASTER_KEY_BYTES).toString('base64');
  await mkdir(directory, { recursive: true });
  await writeFile(path, `${key}\n`, { mode: 0o600 });
  return key;
}
