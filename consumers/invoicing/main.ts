import { runProgram } from '../topic/program.js';
import { Invoicing, invoicingFollower } from './invoicing.js';

const USAGE = `npm run consumer:invoicing                                    keeps the billing routes up to date, until Ctrl-C
npm run consumer:invoicing -- recipient <workspace>/<client>   who gets the client's invoices
npm run consumer:invoicing -- status                           how far it has read, and which revisions did not come`;

await runProgram('invoicing', USAGE, ({ kafka, database }, { topicPrefix }) => {
  const invoicing = new Invoicing(database, topicPrefix);
  return {
    follower: (log, settings) => invoicingFollower(kafka, invoicing, log, settings),
    status: () => invoicing.status(),
    questions: { recipient: (client: string) => invoicing.recipientOf(client) },
  };
});
