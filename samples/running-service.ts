import { readRunningFile } from '../laptop/running-file.js';
import { DemoFailure } from './demo-failure.js';

const PROBE_LIMIT_MS = 5_000;

/** Where the service answers, and what it takes to talk to it and to listen beside it. */
export interface RunningService {
  readonly apiUrl: string;
  readonly brokers: readonly string[];
  /** Where the consumers keep databases of their own. */
  readonly mongodbUrl: string;
  readonly token: string;
}

/**
 * Finds the running service: by DEMO_API_URL, DEMO_TOKEN, KAFKA_BROKERS and MONGODB_URL, and where one of these is not set by
 * what `npm start` wrote into DATA_DIR. Raises DemoFailure when nothing answers there.
 */
export async function findRunningService(environment: NodeJS.ProcessEnv): Promise<RunningService> {
  const started = await readRunningFile(environment['DATA_DIR'] || 'data');
  const apiUrl = (environment['DEMO_API_URL'] || started?.apiUrl)?.replace(/\/+$/, '');
  const brokers = environment['KAFKA_BROKERS'] || started?.KAFKA_BROKERS;
  const mongodbUrl = environment['MONGODB_URL'] || started?.MONGODB_URL;
  const token = environment['DEMO_TOKEN'] || started?.token;
  if (!apiUrl || !brokers || !mongodbUrl || !token) {
    throw new DemoFailure(
      'No running service is known here: run `npm start` first and leave it running, then `npm run demo` in another terminal.',
    );
  }
  if (!(await answers(apiUrl))) {
    throw new DemoFailure(
      `Nothing answers at ${apiUrl}: run \`npm start\` first and leave it running, then \`npm run demo\` in another terminal.`,
    );
  }
  return { apiUrl, brokers: brokers.split(','), mongodbUrl, token };
}

async function answers(apiUrl: string): Promise<boolean> {
  try {
    return (await fetch(`${apiUrl}/health/live`, { signal: AbortSignal.timeout(PROBE_LIMIT_MS) })).ok;
  } catch {
    return false;
  }
}
