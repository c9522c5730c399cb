import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A record as it stands on Kafka, its value parsed. */
export interface ExampleRecord {
  readonly topic: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: unknown;
}

/** The examples of a contract's folder, by the name of the file. */
export async function readExamples(folder: string): Promise<Readonly<Record<string, ExampleRecord>>> {
  const files = (await readdir(join(folder, 'examples'))).toSorted();
  const examples = await Promise.all(
    files.map(async (file) => {
      return [
        file,
        JSON.parse(await readFile(join(folder, 'examples', file), 'utf8')) as ExampleRecord,
      ] as const;
    }),
  );
  return Object.fromEntries(examples);
}
