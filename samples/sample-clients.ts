import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A contact as it is posted to the API: an absent field is not sent. */
export interface SampleContact {
  readonly email: string;
  readonly name?: string;
  readonly title?: string;
  readonly phone?: string;
  readonly primary?: boolean;
  readonly billingDefault?: boolean;
  readonly portalEnabled?: boolean;
}

export interface SampleClient {
  readonly clientId: string;
  /** Which shape of a real contact book it shows. */
  readonly about: string;
  readonly billingEmail?: string;
  readonly contacts: readonly SampleContact[];
}

/** Reads the clients of a workspace, one JSON file each, in the order of their file names. */
export async function readSampleClients(directory: string): Promise<SampleClient[]> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.json')).toSorted();
  return Promise.all(
    files.map(async (file) => JSON.parse(await readFile(join(directory, file), 'utf8')) as SampleClient),
  );
}
