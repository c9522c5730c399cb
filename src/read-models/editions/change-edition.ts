import { setTimeout as sleep } from 'node:timers/promises';
import { type Collection, type Db, MongoServerError } from 'mongodb';
import type { EventStore } from '../../event-log/event-store.js';
import { type Checkpoint, isBefore } from '../../subscriptions/checkpoint.js';
import { type CheckpointDocument, readCheckpoint } from '../../subscriptions/checkpoint-store.js';
import type { Lease, LeaseDocument } from '../../subscriptions/lease.js';
import type { Leases } from '../../subscriptions/leases.js';
import { forgetParking } from '../../subscriptions/parking.js';
import { lastOfOurs } from '../log-end.js';
import { type Edition, editionName, type Editions, type EditionStore } from './editions.js';
import { type ReplicaDocument, replicasLacking } from './replicas.js';

const LOOK_EVERY_MS = 100;
const NAMESPACE_NOT_FOUND = 26;

/** What was asked for would show wrong answers to someone, or makes no sense; the message says which, and what to do. */
export class EditionRefused extends Error {
  override readonly name = 'EditionRefused';
}

/** The edition is in no alias any more, so that nobody reads it, but it is still there. */
export class EditionNotDropped extends Error {
  override readonly name = 'EditionNotDropped';

  constructor(edition: string, cause: string) {
    super(
      `${edition} is retired, but not dropped (${cause}): drop that collection by hand, and what names it in checkpoints, leases, parked_clients, park_requests and skips`,
    );
  }
}

/** Where the editions are, and what tells how far they have come. */
export interface EditionPlaces {
  readonly database: Db;
  readonly editions: EditionStore;
  readonly eventStore: EventStore;
  readonly checkpoints: Collection<CheckpointDocument>;
  readonly replicas: Collection<ReplicaDocument>;
  readonly leases: Leases;
  /** How long to wait for an edition to pass the log's end, or for a projector to let go of it, in milliseconds. */
  readonly limitMs: number;
  /** How long an answer may still be on its way after a cut-over; nobody reads a retired edition after that. */
  readonly answersEndMs: number;
  /** How long a rebuild that was killed may look as if it went on: longer than a lease lives. */
  readonly rebuildEndsMs: number;
}

/** The read model's alias. Raises EditionRefused where there is none yet. */
export async function requireEditions({ editions }: EditionPlaces, readModel: string): Promise<Editions> {
  const alias = await editions.load(readModel);
  if (!alias) throw new EditionRefused(`${readModel} has no edition yet: start a projector first`);
  return alias;
}

/**
 * Lets another edition serve: the newest kept one behind the serving one, or the one of that number: who runs it again
 * by mistake does not go back. It must have passed where
 * the log ends now, hold back no client that the serving one doesn't, and every live replica must be able to read it.
 * Raises EditionRefused and EditionsChanged.
 */
export async function cutOver(places: EditionPlaces, readModel: string, wanted?: number): Promise<Edition> {
  const alias = await requireEditions(places, readModel);
  const target = alias.editions.findLast(({ number, state }) =>
    wanted === undefined ? state === 'kept' && number > (alias.serving ?? 0) : number === wanted,
  );
  if (!target || target.number === alias.serving)
    throw new EditionRefused(`${readModel} has no newer edition to serve: rebuild one first`);
  if (target.state !== 'kept')
    throw new EditionRefused(`${editionName(readModel, target)} is not built yet: let its rebuild end first`);
  await requireReplicas(places, readModel, target);
  const reached = await waitForLogEnd(places, editionName(readModel, target));
  const serving = alias.editions.find(({ number }) => number === alias.serving);
  const now = serving && (await readCheckpoint(places.checkpoints, editionName(readModel, serving)));
  const held = new Set(now?.heldBack?.map(({ stream }) => stream));
  const more = (reached?.heldBack ?? []).filter(({ stream }) => !held.has(stream)).length;
  if (more > 0)
    throw new EditionRefused(
      `${editionName(readModel, target)} holds back ${more} clients more than the serving one`,
    );
  await places.editions.replace(alias, { serving: target.number, former: alias.serving });
  return target;
}

/** Lets the edition serve again that served before: the same step, the other way. Raises as `cutOver` does. */
export async function rollBack(places: EditionPlaces, readModel: string): Promise<Edition> {
  const { former } = await requireEditions(places, readModel);
  if (former === null)
    throw new EditionRefused(`${readModel} was not cut over: there is nothing to roll back to`);
  return cutOver(places, readModel, former);
}

/**
 * Takes an edition that doesn't serve out of the alias, waits until nobody reads or keeps it any more, and drops it.
 * By default the only one there is that is built; one that a rebuild was ended in, where it is named. Raises
 * EditionRefused, EditionsChanged and EditionNotDropped.
 */
export async function retire(places: EditionPlaces, readModel: string, wanted?: number): Promise<Edition> {
  const alias = await requireEditions(places, readModel);
  const idle = alias.editions.filter(({ number }) => number !== alias.serving);
  const built = idle.filter(({ state }) => state === 'kept');
  const target = wanted === undefined ? built[0] : idle.find(({ number }) => number === wanted);
  if (!target || (wanted === undefined && built.length > 1)) {
    const numbers = idle.map(({ number }) => number).join(', ') || 'none';
    throw new EditionRefused(`which edition of ${readModel}? Those that don't serve: ${numbers}`);
  }
  const name = editionName(readModel, target);
  if (target.state === 'building') {
    const lease = await places.leases.acquire(name, AbortSignal.timeout(places.rebuildEndsMs));
    if (!lease) throw new EditionRefused(`${name} is being built: end its rebuild first`);
    await takeOut(places, alias, target);
    await drop(places, name, lease);
    return target;
  }
  await takeOut(places, alias, target);
  await sleep(places.answersEndMs);
  const lease = await places.leases.acquire(name, AbortSignal.timeout(places.limitMs));
  if (!lease) throw new EditionNotDropped(name, 'somebody still keeps it');
  await drop(places, name, lease);
  return target;
}

async function takeOut({ editions }: EditionPlaces, alias: Editions, target: Edition): Promise<void> {
  await editions.replace(alias, {
    editions: alias.editions.filter((edition) => edition !== target),
    former: alias.former === target.number ? null : alias.former,
  });
}

/** Raises EditionNotDropped. */
async function drop({ database, checkpoints }: EditionPlaces, name: string, lease: Lease): Promise<void> {
  try {
    await database.dropCollection(name).catch((error: unknown) => {
      // An edition into which nothing was ever written.
      if (!(error instanceof MongoServerError && error.code === NAMESPACE_NOT_FOUND)) throw error;
    });
    await checkpoints.deleteOne({ _id: name });
    await forgetParking(database, name);
    await lease.release();
    await database.collection<LeaseDocument>('leases').deleteOne({ _id: name });
  } catch (error) {
    await lease.release().catch(() => {});
    throw new EditionNotDropped(name, error instanceof Error ? error.name : typeof error);
  }
}

async function requireReplicas(
  { replicas }: EditionPlaces,
  name: string,
  { version }: Edition,
): Promise<void> {
  const lacking = await replicasLacking(replicas, { name, version });
  if (lacking.length === 0) return;
  const builds = [...new Set(lacking.map(({ build }) => build))].join(', ');
  throw new EditionRefused(
    `${lacking.length} live replicas can't read version ${version} of ${name} (build ${builds}): replace them first`,
  );
}

async function waitForLogEnd(
  { eventStore, checkpoints, limitMs }: EditionPlaces,
  name: string,
): Promise<Checkpoint | undefined> {
  const until = performance.now() + limitMs;
  const end = await lastOfOurs(eventStore, undefined);
  for (;;) {
    const checkpoint = await readCheckpoint(checkpoints, name);
    if (!end || (checkpoint && !isBefore(checkpoint, end))) return checkpoint;
    if (performance.now() >= until)
      throw new EditionRefused(`${name} has not passed the end of the log: look at its projector's state`);
    await sleep(LOOK_EVERY_MS);
  }
}
