#!/usr/bin/env node
import { Argument, Command, CommanderError, InvalidArgumentError } from 'commander';
import { SUBJECT_PATTERN } from '../../http/tokens.js';
import { EditionRefused } from '../../read-models/editions/change-edition.js';
import { EditionsChanged } from '../../read-models/editions/editions.js';
import { RepublicationRefused } from '../../publishing/republication.js';
import { explanationOf } from '../process.js';
import { cutOverCommand, retireCommand, rollBackCommand } from './editions.js';
import { READ_MODEL_NAMES } from './operation.js';
import { dropParkedCommand, replayParkedCommand } from './park-requests.js';
import { listParkedCommand, ParkRefused, showParkedCommand } from './parked.js';
import { rebuildCommand } from './rebuild.js';
import { republishCommand } from './republish.js';
import { statusCommand } from './status.js';
import { applyTopicsCommand, planTopicsCommand } from './topics.js';
import { verifyCommand } from './verify.js';

const EXAMPLES = `
Exit codes: 0 done · 1 verify, or topics plan, found a difference, or a client is still held back · 2 it could not be done, and why · 3 refused: it would have shown
wrong answers, or makes no sense, or must be left to a person · 130 interrupted

Examples:
  contacts-ops status
  contacts-ops rebuild contacts --max-rate 2000
  contacts-ops verify contacts --edition 2
  contacts-ops cut-over contacts
  contacts-ops roll-back contacts
  contacts-ops retire contacts
  contacts-ops parked list
  contacts-ops parked replay --all
  contacts-ops parked drop publisher acme/client-1 --by ada.l --reason 'larger than Kafka takes'
  contacts-ops topics plan --json
  contacts-ops topics apply
  contacts-ops republish client-contacts-2`;

const program = new Command('contacts-ops')
  .description(
    'Looks after the read models, the topics and held-back clients. Takes the same environment variables as the service.',
  )
  .addHelpText('after', EXAMPLES)
  .exitOverride();

const onReadModel = (command: string, description: string) =>
  program
    .command(command)
    .description(description)
    .addArgument(new Argument('<read-model>').choices(READ_MODEL_NAMES));

const positive = (text: string) => {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('must be a whole number above 0');
  return Number(text);
};

const subject = (text: string) => {
  if (!SUBJECT_PATTERN.test(text))
    throw new InvalidArgumentError('must be 1 to 128 visible ASCII characters, without @');
  return text;
};

program.command('status').description('How each subscriber and each edition is').action(statusCommand);
onReadModel(
  'rebuild',
  'Build a new edition beside the live one; run again, it goes on where it was interrupted',
)
  .option('--max-rate <events>', 'at most so many events a second', positive)
  .action(rebuildCommand);
onReadModel('cut-over', 'Let another edition serve reads')
  .option('--edition <number>', 'which one; by default the newest', positive)
  .action(cutOverCommand);
onReadModel('roll-back', 'Let the edition serve again that served before').action(rollBackCommand);
onReadModel('retire', 'Drop an edition that does not serve')
  .option('--edition <number>', 'which one; by default the only one', positive)
  .action(retireCommand);
onReadModel('verify', 'Compare each document with a fresh fold of the log')
  .option('--edition <number>', 'which one; by default the one that serves', positive)
  .action(verifyCommand);

const topics = program.command('topics').description('The topics on Kafka, against the configuration');
topics
  .command('plan')
  .description('Show what differs, and change nothing')
  .option('--json', 'for programs')
  .action(planTopicsCommand);
topics
  .command('apply')
  .description('Make them as configured where nothing is lost by it, and tell what is left, and why')
  .option('--json', 'for programs')
  .action(applyTopicsCommand);
program
  .command('republish')
  .argument('<prefix>', 'what the names of the new topics begin with')
  .description('Publish the whole log to new topics; run again, it goes on where it was interrupted')
  .option('--max-rate <events>', 'at most so many events a second', positive)
  .action(republishCommand);

const parked = program
  .command('parked')
  .description('Clients who are held back since one of their events can not be handled');
const onParked = (command: string, description: string) =>
  parked
    .command(command)
    .description(description)
    .argument('<subscriber>', 'such as publisher or contacts_v1_1')
    .argument('<client>', '<workspace>/<client>');
parked
  .command('list')
  .description('Every held-back client, and why')
  .option('--json', 'for programs')
  .addHelpText('after', '\nExample:\n  contacts-ops parked list --json')
  .action(listParkedCommand);
onParked('show', 'Why a client is held back, and what of it is skipped')
  .option('--json', 'for programs')
  .addHelpText('after', '\nExample:\n  contacts-ops parked show publisher acme/client-1')
  .action(showParkedCommand);
parked
  .command('replay')
  .description('Handle what is held back of a client, or of all, now that the cause is gone')
  .argument('[subscriber]', 'such as publisher or contacts_v1_1')
  .argument('[client]', '<workspace>/<client>')
  .option('--all', 'each client that the subscriber holds back, or that any does')
  .addHelpText(
    'after',
    '\nExamples:\n  contacts-ops parked replay contacts_v1_1 acme/client-1\n  contacts-ops parked replay publisher --all\n  contacts-ops parked replay --all',
  )
  .action(replayParkedCommand);
onParked('drop', 'Go on without the append that can not be handled: for this subscriber it is lost')
  .requiredOption('--by <id>', 'who decides it: an id as tokens have it, no address; it is kept', subject)
  .requiredOption('--reason <text>', 'why; it is kept')
  .addHelpText(
    'after',
    "\nExample:\n  contacts-ops parked drop publisher acme/client-1 --by ada.l --reason 'larger than Kafka takes'",
  )
  .action(dropParkedCommand);

process.exitCode = 0;
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
  // commander has told its own by then.
  if (!(error instanceof CommanderError)) process.stderr.write(`${explanationOf(error)}\n`);
}
// Whatever a connection that is being closed may still wait for.
process.exit();

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const refused = [EditionRefused, EditionsChanged, ParkRefused, RepublicationRefused];
  return refused.some((kind) => error instanceof kind) ? 3 : 2;
}
