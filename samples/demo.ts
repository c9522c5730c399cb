import { join } from 'node:path';
import { DEVELOPMENT_WORKSPACE } from '../laptop/development-token.js';
import { ContactsApi } from './contacts-api.js';
import { DemoFailure } from './demo-failure.js';
import { commandsFor, loadSamples } from './load-samples.js';
import { findRunningService } from './running-service.js';
import { readSampleClients } from './sample-clients.js';
import { Stage } from './stage.js';
import { tellStory } from './story.js';
import { startTeams } from './teams.js';
import { print, Progress, styled } from './terminal.js';

const SAMPLES = join(import.meta.dirname, `../../samples/${DEVELOPMENT_WORKSPACE}`);

async function play(): Promise<void> {
  const startedAt = performance.now();
  const service = await findRunningService(process.env);
  const run = Math.floor(Date.now() / 1000).toString(36);
  const teams = await startTeams(service, run);
  process.once('SIGINT', () => void teams.stop().finally(() => process.exit(130)));
  try {
    print(`The service answers at ${service.apiUrl}; invoicing and portal follow its topics.`);

    const api = new ContactsApi(service.apiUrl, service.token, DEVELOPMENT_WORKSPACE);
    const stage = new Stage(api, teams, DEVELOPMENT_WORKSPACE, run);
    await load(api, stage);
    for (const team of [teams.invoicing, teams.portal]) team.summariseThenPrint();
    await tellStory(stage);

    stage.heading('Summary');
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    const received = [teams.invoicing, teams.portal].map(({ name, received }) => `${name} ${received}`);
    print(`  ${api.commandsSent} commands sent · records received: ${received.join(', ')} · ${seconds} s`);
    const clients = await teams.clientsWithoutGap();
    print(`  ${styled('green', `✓ ${clients} clients: each one's revisions came without a gap`)}`);
  } finally {
    await teams.stop();
  }
}

/** Ends when both teams know each sample client as the API does. */
async function load(api: ContactsApi, stage: Stage): Promise<void> {
  const clients = await readSampleClients(SAMPLES);
  const commands = clients.flatMap(commandsFor).length;
  const contacts = clients.flatMap((client) => client.contacts).length;
  stage.heading(`Sample data: ${clients.length} clients, ${contacts} contacts`);
  const progress = new Progress(commands, 'commands');
  const { fresh, repeated, revisions } = await loadSamples(clients, api, () => progress.advance());
  if (fresh === 0) print('  Everything was there already: the same idempotency keys changed nothing.');
  else print(`  ${fresh} commands changed something, ${repeated} were there already.`);
  for (const [clientId, revision] of revisions) await stage.heard(clientId, revision);
}

try {
  await play();
} catch (error) {
  const isForeseen = error instanceof DemoFailure;
  process.stderr.write(`${isForeseen ? error.message : `The demo broke: ${String(error)}`}\n`);
  process.exitCode = 1;
}
// What a library left open must not keep the terminal.
process.exit();
