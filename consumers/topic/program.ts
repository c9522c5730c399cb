import { type Logger, pino } from 'pino';
import { followUntilSignalled } from './follow-until-signalled.js';
import { type Servers, servers } from './servers.js';
import { type ConsumerSettings, readSettings } from './settings.js';
import type { FollowerSettings, TopicFollower } from './topic-follower.js';

/** What a consumer does from the command line, on its servers. */
export interface Consumer {
  readonly follower: (log: Logger, settings: FollowerSettings) => Promise<TopicFollower>;
  readonly status: () => Promise<object>;
  /** Answered at once, without following; each takes as many words as it has parameters. */
  readonly questions: Readonly<Record<string, (...words: string[]) => Promise<object>>>;
}

/**
 * Runs a consumer of this name with the command line's words: without any it keeps up to date until a signal ends it,
 * else it answers. Sets the exit code: 2 for what is no question, 1 where it had to stop.
 */
export async function runProgram(
  name: string,
  usage: string,
  consumerOn: (servers: Servers, settings: ConsumerSettings) => Consumer,
): Promise<void> {
  try {
    process.exitCode = await run(name, usage, consumerOn, process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${name} stopped: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}

async function run(
  program: string,
  usage: string,
  consumerOn: (servers: Servers, settings: ConsumerSettings) => Consumer,
  [question, ...words]: readonly string[],
): Promise<number> {
  const settings = readSettings(program, process.env);
  const { name, sessionTimeoutMs } = settings;
  const connected = servers(settings);
  try {
    const { follower, status, questions } = consumerOn(connected, settings);
    if (question === undefined) {
      const log = pino({ name });
      await followUntilSignalled(await follower(log, { groupId: name, sessionTimeoutMs }), status, log);
      return 0;
    }
    const answers: Consumer['questions'] = { ...questions, status };
    const answer = Object.hasOwn(answers, question) ? answers[question] : undefined;
    if (answer?.length !== words.length) {
      process.stderr.write(`${usage}\n`);
      return 2;
    }
    process.stdout.write(`${JSON.stringify(await answer(...words), null, 2)}\n`);
    return 0;
  } finally {
    await connected.close();
  }
}
