import { setTimeout as sleep } from 'node:timers/promises';
import { userInfo } from 'node:os';
import { clientKey, clientOfStream, ID_PATTERN, streamNameOf } from '../../event-log/contact-book-stream.js';
import { type ParkRequest, RequestPending } from '../../subscriptions/park-requests.js';
import type { ParkedClient } from '../../subscriptions/parked-clients.js';
import { parkingIn } from '../../subscriptions/parking.js';
import { onServers, type Operation, say } from './operation.js';

const LOOK_EVERY_MS = 100;
/** How long an answer is waited for: the holder of the lease looks each second, and a long stream takes a while. */
const ANSWER_LIMIT_MS = 30_000;

interface Options {
  readonly json?: boolean;
}

/** What was asked about a client who isn't held back, or is about to be asked already; the message says which. */
export class ParkRefused extends Error {
  override readonly name = 'ParkRefused';
}

export async function listParkedCommand({ json }: Options): Promise<void> {
  await onServers(async (operation) => {
    const entries: ParkedClient[] = [];
    for (const subscriber of await subscribersOf(operation))
      entries.push(...(await parkingIn(operation.connections.database, subscriber).clients.all()));
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
    const { entry, stream } = await requireParked(operation, subscriber, client);
    const skips = await parkingIn(operation.connections.database, subscriber).skips.of(stream);
    if (json) return say(JSON.stringify({ ...shown(entry), skips }));
    say(lineOf(entry));
    if (entry.reason !== undefined) say(`  ${entry.reason}`);
    for (const { from, to, by, reason, decidedAt } of skips)
      say(`  skips ${from} to ${to}: ${reason} (${by}, ${decidedAt.toISOString()})`);
  });
}

/** Exit code 1 where the client is still held back afterwards. */
export function replayParkedCommand(subscriber: string, client: string): Promise<void> {
  return ask(subscriber, client, { action: 'replay', reason: 'replay' });
}

/** Exit code 1 where the client is still held back afterwards. */
export function dropParkedCommand(
  subscriber: string,
  client: string,
  { reason }: { reason: string },
): Promise<void> {
  return ask(subscriber, client, { action: 'drop', reason });
}

async function ask(
  subscriber: string,
  client: string,
  asked: Pick<ParkRequest, 'action' | 'reason'>,
): Promise<void> {
  await onServers(async (operation) => {
    const { entry, stream } = await requireParked(operation, subscriber, client);
    const { requests } = parkingIn(operation.connections.database, subscriber);
    await requests
      .ask({ ...asked, stream, from: entry.from, by: userInfo().username })
      .catch((error: unknown) => {
        throw error instanceof RequestPending ? new ParkRefused(error.message) : error;
      });
    const until = performance.now() + ANSWER_LIMIT_MS;
    for (;;) {
      const outcome = await requests.outcomeOf(stream);
      if (outcome) {
        const { heldBack } = outcome;
        if (!heldBack) return say(`${client} is in the flow of ${subscriber} again`);
        say(`${client} is held back by ${subscriber} from revision ${heldBack.from}: ${heldBack.cause}`);
        process.exitCode = 1;
        return;
      }
      if (performance.now() >= until)
        throw new Error(`asked, but ${subscriber} has not answered yet: whoever runs it next will do it`);
      await sleep(LOOK_EVERY_MS);
    }
  });
}

async function requireParked({ connections }: Operation, subscriber: string, client: string) {
  const stream = streamOf(client);
  const entries = await parkingIn(connections.database, subscriber).clients.all();
  const entry = entries.find((entry) => entry.stream === stream);
  if (!entry) throw new ParkRefused(`${subscriber} does not hold ${client} back`);
  return { entry, stream };
}

/** Raises RangeError. */
function streamOf(client: string): string {
  const [workspaceId = '', clientId = '', ...rest] = client.split('/');
  if (rest.length > 0 || !ID_PATTERN.test(workspaceId) || !ID_PATTERN.test(clientId))
    throw new RangeError(`${client} is no client: write <workspace>/<client>`);
  return streamNameOf({ workspaceId, clientId });
}

async function subscribersOf({ places }: Operation): Promise<string[]> {
  return (await places.leases.all()).map(({ _id }) => _id);
}

function shown({ subscriber, stream, from, cause, reason, build, failedAt }: ParkedClient) {
  return { subscriber, client: nameOf(stream), from, cause, reason, build, failedAt };
}

function lineOf({ subscriber, stream, from, cause, failedAt, build }: ParkedClient): string {
  const since = failedAt.toISOString();
  return `${subscriber} ${nameOf(stream)}: from revision ${from}, ${cause}, ${since}, build ${build}`;
}

/** A stream whose name is no client's can be held back, too. */
function nameOf(stream: string): string {
  try {
    return clientKey(clientOfStream(stream));
  } catch {
    return stream;
  }
}
