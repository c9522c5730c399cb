import { pino } from 'pino';
import { followUntilSignalled } from '../topic/follow-until-signalled.js';
import { servers } from '../topic/servers.js';
import { readSettings } from '../topic/settings.js';
import { Invoicing, invoicingFollower } from './invoicing.js';

const USAGE = `npm run consumer:invoicing                                    keeps the billing routes up to date, until Ctrl-C
npm run consumer:invoicing -- recipient <workspace>/<client>   who gets the client's invoices
npm run consumer:invoicing -- status                           how far it has read, and which revisions did not come`;

const print = (answer: object) => process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);

/** Returns the exit code. */
async function run([question, client]: readonly string[]): Promise<number> {
  const settings = readSettings('invoicing', process.env);
  const { name, topicPrefix, sessionTimeoutMs } = settings;
  const { kafka, database, close } = servers(settings);
  try {
    const invoicing = new Invoicing(database, topicPrefix);
    if (question === undefined) {
      const log = pino({ name });
      const follower = await invoicingFollower(kafka, invoicing, log, { groupId: name, sessionTimeoutMs });
      await followUntilSignalled(follower, () => invoicing.status(), log);
    } else if (question === 'recipient' && client !== undefined) print(await invoicing.recipientOf(client));
    else if (question === 'status') print(await invoicing.status());
    else {
      process.stderr.write(`${USAGE}\n`);
      return 2;
    }
    return 0;
  } finally {
    await close();
  }
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`invoicing stopped: ${(error as Error).message}\n`);
  process.exitCode = 1;
}
