import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ParkRequest,
  type ParkRequestOutcome,
  RequestPending,
} from '../../subscriptions/park-requests.js';
import type { ParkedClient } from '../../subscriptions/parked-clients.js';
import { parkingIn } from '../../subscriptions/parking.js';
import { onServers, type Operation, say } from './operation.js';
import { nameOf, parkedClients, ParkRefused, requireParked } from './parked.js';

const LOOK_EVERY_MS = 100;
/** How long an answer is waited for: the holder of the lease looks each second, and a long stream takes a while. */
const ANSWER_LIMIT_MS = 30_000;

/** A replay loses nothing, so that nobody is asked who they are. */
const REPLAY = { action: 'replay', by: 'contacts-ops', reason: 'replay' } as const;

type Asked = Pick<ParkRequest, 'action' | 'by' | 'reason'>;

/**
 * Replays one client; or with `all` each one that this subscriber, or any, holds back. Exit code 1 where one is still
 * held back afterwards.
 */
export async function replayParkedCommand(
  subscriber: string | undefined,
  client: string | undefined,
  { all = false }: { all?: boolean },
): Promise<void> {
  if (all !== (client === undefined))
    throw new RangeError('name a subscriber and a client, or take --all, of one subscriber or of every one');
  await onServers(async (operation) => {
    if (subscriber !== undefined && client !== undefined)
      return ask(operation, await requireParked(operation, subscriber, client), REPLAY);
    await replayAll(operation, await parkedClients(operation, subscriber));
  });
}

/** Exit code 1 where the client is still held back afterwards. */
export async function dropParkedCommand(
  subscriber: string,
  client: string,
  { by, reason }: { by: string; reason: string },
): Promise<void> {
  await onServers(async (operation) => {
    await ask(operation, await requireParked(operation, subscriber, client), { action: 'drop', by, reason });
  });
}

async function ask(operation: Operation, entry: ParkedClient, asked: Asked): Promise<void> {
  await request(operation, entry, asked).catch((error: unknown) => {
    throw error instanceof RequestPending ? new ParkRefused(error.message) : error;
  });
  tell(entry, await answerTo(operation, entry));
}

/** All are asked for before the first answer is waited for: whoever does it looks for requests once a second. */
async function replayAll(operation: Operation, entries: readonly ParkedClient[]): Promise<void> {
  for (const entry of entries) {
    await request(operation, entry, REPLAY).catch((error: unknown) => {
      // Somebody has asked about that client already: what comes of it is told here, too.
      if (!(error instanceof RequestPending)) throw error;
    });
  }
  let stillHeldBack = 0;
  for (const entry of entries) if (tell(entry, await answerTo(operation, entry)).heldBack) stillHeldBack += 1;
  say(`${entries.length - stillHeldBack} of ${entries.length} clients are in the flow again`);
}

function request({ connections }: Operation, { subscriber, stream, from }: ParkedClient, asked: Asked) {
  return parkingIn(connections.database, subscriber).requests.ask({ ...asked, stream, from });
}

async function answerTo(
  { connections }: Operation,
  { subscriber, stream }: ParkedClient,
): Promise<ParkRequestOutcome> {
  const { requests } = parkingIn(connections.database, subscriber);
  const until = performance.now() + ANSWER_LIMIT_MS;
  for (;;) {
    const outcome = await requests.outcomeOf(stream);
    if (outcome) return outcome;
    if (performance.now() >= until)
      throw new Error(`asked, but ${subscriber} has not answered yet: whoever runs it next will do it`);
    await sleep(LOOK_EVERY_MS);
  }
}

function tell({ subscriber, stream }: ParkedClient, outcome: ParkRequestOutcome): ParkRequestOutcome {
  const { heldBack } = outcome;
  const client = nameOf(stream);
  if (heldBack) {
    process.exitCode = 1;
    say(`${client} is held back by ${subscriber} from revision ${heldBack.from}: ${heldBack.cause}`);
  } else say(`${client} is in the flow of ${subscriber} again`);
  return outcome;
}
