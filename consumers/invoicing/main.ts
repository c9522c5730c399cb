import { pino } from 'pino';
import { followUntilSignalled } from '../topic/follow-until-signalled.js';
import { servers } from '../topic/servers.js';
import { Invoicing, INVOICING_DEFAULTS, invoicingFollower } from './invoicing.js';

const USAGE = `npm run consumer:invoicing                                    keeps the billing routes up to date, until Ctrl-C
npm run consumer:invoicing -- recipient <workspace>/<client>   who gets the client's invoices
npm run consumer:invoicing -- status                           how far it has read, and which revisions did not come`;

const connected = servers('invoicing', process.env);
const topicPrefix = process.env['TOPIC_PREFIX'] || INVOICING_DEFAULTS.topicPrefix;
const invoicing = new Invoicing(connected.database, topicPrefix);
const print = (answer: object) => process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);

const [question, client] = process.argv.slice(2);
try {
  if (question === undefined) {
    const log = pino({ name: 'invoicing' });
    const follower = await invoicingFollower(connected.kafka, invoicing, log);
    await followUntilSignalled(follower, () => invoicing.status(), log);
  } else if (question === 'recipient' && client !== undefined) print(await invoicing.recipientOf(client));
  else if (question === 'status') print(await invoicing.status());
  else {
    process.stderr.write(`${USAGE}\n`);
    process.exitCode = 2;
  }
} catch (error) {
  process.stderr.write(`invoicing stopped: ${(error as Error).message}\n`);
  process.exitCode = 1;
} finally {
  await connected.close();
}
