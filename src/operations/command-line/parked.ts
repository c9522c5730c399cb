import { clientKey, clientIn, ID_PATTERN } from '../../event-log/contact-book-stream.js';
import type { ParkedClient } from '../../subscriptions/parked-clients.js';
import { parkingIn } from '../../subscriptions/parking.js';
import { onServers, type Operation, say } from './operation.js';

interface Options {
  readonly json?: boolean;
}

/** What was asked about a client who isn't held back, or is about to be asked already; the message says which. */
export class ParkRefused extends Error {
  override readonly name = 'ParkRefused';
}

export async function listParkedCommand({ json }: Options): Promise<void> {
  await onServers(async (operation) => {
    const entries = await parkedClients(operation);
    if (json) return say(JSON.stringify(entries.map(shown)));
    if (entries.length === 0) say('no client is held back');
    for (const entry of entries) say(lineOf(entry));
  });
}

export async function showParkedCommand(
  subscriber: string,
  client: string,
  { json }: Options,
): Promise<void> {
  await onServers(async (operation) => {
    const entry = await requireParked(operation, subscriber, client);
    const skips = await parkingIn(operation.connections.database, subscriber).skips.of(entry.stream);
    if (json) return say(JSON.stringify({ ...shown(entry), skips }));
    say(lineOf(entry));
    if (entry.reason !== undefined) say(`  ${entry.reason}`);
    for (const { from, to, by, reason, decidedAt } of skips)
      say(`  skips ${from} to ${to}: ${reason} (${by}, ${decidedAt.toISOString()})`);
  });
}

/** The held-back clients of that subscriber, or of all. */
export async function parkedClients(
  { places, connections }: Operation,
  subscriber?: string,
): Promise<readonly ParkedClient[]> {
  const subscribers =
    subscriber === undefined ? (await places.leases.all()).map(({ _id }) => _id) : [subscriber];
  const entries: ParkedClient[] = [];
  for (const name of subscribers)
    entries.push(...(await parkingIn(connections.database, name).clients.all()));
  return entries;
}

/** Raises ParkRefused and RangeError. */
export async function requireParked(
  operation: Operation,
  subscriber: string,
  client: string,
): Promise<ParkedClient> {
  const entry = (await parkedClients(operation, subscriber)).find(({ stream }) => nameOf(stream) === client);
  if (!entry) requireClient(client);
  if (!entry) throw new ParkRefused(`${subscriber} does not hold ${client} back`);
  return entry;
}

/** Raises RangeError. */
function requireClient(client: string): void {
  const [workspaceId = '', clientId = '', ...rest] = client.split('/');
  if (rest.length > 0 || !ID_PATTERN.test(workspaceId) || !ID_PATTERN.test(clientId))
    throw new RangeError(`${client} is no client: write <workspace>/<client>`);
}

function shown({ subscriber, stream, from, cause, reason, build, failedAt }: ParkedClient) {
  return { subscriber, client: nameOf(stream), from, cause, reason, build, failedAt };
}

function lineOf({ subscriber, stream, from, cause, failedAt, build }: ParkedClient): string {
  const since = failedAt.toISOString();
  return `${subscriber} ${nameOf(stream)}: from revision ${from}, ${cause}, ${since}, build ${build}`;
}

/** A stream whose name is no client's can be held back, too: it goes by its own. */
export function nameOf(stream: string): string {
  const client = clientIn(stream);
  return client ? clientKey(client) : stream;
}
