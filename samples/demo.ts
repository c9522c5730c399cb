import { join } from 'node:path';
import { DEVELOPMENT_WORKSPACE } from '../laptop/development-token.js';
import { ContactsApi } from './contacts-api.js';
import { DemoFailure } from './demo-failure.js';
import { InvoicingSide } from './invoicing-side.js';
import { commandsFor, loadSamples } from './load-samples.js';
import { PortalSide } from './portal-side.js';
import { EVENTS_TOPIC, type PublishedRecord, shortType } from './published-record.js';
import { RevisionLedger } from './revision-ledger.js';
import { findRunningService } from './running-service.js';
import { readSampleClients } from './sample-clients.js';
import { Stage } from './stage.js';
import { tellStory } from './story.js';
import { print, Progress, type Style, styled } from './terminal.js';
import { TopicFollower } from './topic-follower.js';

const SAMPLES = join(import.meta.dirname, `../../samples/${DEVELOPMENT_WORKSPACE}`);

interface Side {
  readonly name: string;
  /** What those records do that matter to it. */
  readonly concern: string;
  /** What a record means to this side; undefined when nothing. */
  learn(record: PublishedRecord): string | undefined;
}

/** Listens for one side: counts while samples are loaded, then prints what matters to it, as it arrives. */
class Listener {
  readonly follower: TopicFollower;
  private prints = false;
  private mattered = 0;
  private readonly byType = new Map<string, number>();

  constructor(
    private readonly side: Side,
    private readonly style: Style,
    brokers: readonly string[],
  ) {
    this.follower = new TopicFollower(side.name, brokers, EVENTS_TOPIC, DEVELOPMENT_WORKSPACE, (record) =>
      this.hear(record),
    );
  }

  /** Says what came until now, in numbers; from here on each record that matters is printed. */
  summariseThenPrint(): void {
    print(this.line(`${this.follower.count} records, of which ${this.mattered} ${this.side.concern}`));
    for (const [type, count] of this.byType) print(this.line(`  ${String(count).padStart(4)} ${type}`));
    this.prints = true;
  }

  private hear(record: PublishedRecord): void {
    const type = shortType(record);
    this.byType.set(type, (this.byType.get(type) ?? 0) + 1);
    const meaning = this.side.learn(record);
    if (meaning === undefined) return;
    this.mattered += 1;
    if (this.prints) print(this.line(`${record.clientId} #${record.revision} ${type}: ${meaning}`));
  }

  private line(text: string): string {
    return styled(this.style, `  ${this.side.name.padEnd(9)} │ ${text}`);
  }
}

async function play(): Promise<void> {
  const startedAt = performance.now();
  const { apiUrl, brokers, token } = await findRunningService(process.env);
  const listeners = [
    new Listener(new InvoicingSide(), 'cyan', brokers),
    new Listener(new PortalSide(), 'magenta', brokers),
  ];
  const followers = listeners.map(({ follower }) => follower);
  const stop = () => Promise.all(followers.map((follower) => follower.stop()));
  process.once('SIGINT', () => void stop().finally(() => process.exit(130)));
  try {
    await Promise.all(followers.map((follower) => follower.start()));
    print(`The service answers at ${apiUrl}; two consumers follow ${EVENTS_TOPIC} at ${brokers.join(',')}.`);

    const api = new ContactsApi(apiUrl, token, DEVELOPMENT_WORKSPACE);
    const ledger = new RevisionLedger();
    const stage = new Stage(api, ledger, followers, Math.floor(Date.now() / 1000).toString(36));
    await load(api, ledger, stage);
    for (const listener of listeners) listener.summariseThenPrint();
    await tellStory(stage);

    stage.heading('Summary');
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    const received = followers.map(({ name, count }) => `${name} ${count}`).join(', ');
    print(`  ${api.commandsSent} commands sent · records received: ${received} · ${seconds} s`);
    reportRevisions(ledger, followers);
  } finally {
    await stop();
  }
}

async function load(api: ContactsApi, ledger: RevisionLedger, stage: Stage): Promise<void> {
  const clients = await readSampleClients(SAMPLES);
  const commands = clients.flatMap(commandsFor).length;
  const contacts = clients.flatMap((client) => client.contacts).length;
  stage.heading(`Sample data: ${clients.length} clients, ${contacts} contacts`);
  const progress = new Progress(commands, 'commands');
  const { fresh, repeated } = await loadSamples(clients, api, ledger, () => progress.advance());
  if (fresh === 0) print('  Everything was there already: the same idempotency keys changed nothing.');
  else print(`  ${fresh} commands changed something, ${repeated} were there already.`);
  await Promise.all(ledger.expected().map(([clientId, revision]) => stage.heard(clientId, revision)));
}

/** The promise that consumers build on, checked against what really came. Raises DemoFailure when it was broken. */
function reportRevisions(ledger: RevisionLedger, followers: readonly TopicFollower[]): void {
  const faults = followers.flatMap(({ name, received }) =>
    ledger.faultsIn(received).map((fault) => `${name}: ${fault}`),
  );
  if (faults.length > 0) {
    throw new DemoFailure(`The revisions did not come as promised.\n  ${faults.join('\n  ')}`);
  }
  const { received } = followers[0]!;
  print(
    `  ${styled('green', `✓ ${received.size} clients: each one's revisions came in order, without gap, without double`)}`,
  );
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
