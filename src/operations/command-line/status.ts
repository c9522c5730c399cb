import { editionName } from '../../read-models/editions/editions.js';
import { OBSERVED_MS } from '../../read-models/editions/replicas.js';
import { READ_MODELS } from '../../read-models/read-models.js';
import type { LeaseDocument } from '../../subscriptions/lease.js';
import { living } from '../../subscriptions/signs-of-life.js';
import type { ReportedStatus } from '../../subscriptions/subscriber-status.js';
import { LEASE_TTL_MS, leasesOf } from '../roles/subscribers.js';
import { onServers, type Operation, say } from './operation.js';

export async function statusCommand(): Promise<void> {
  await onServers(async ({ places, connections }) => {
    const [inReadModels, inKeys, replicas] = await Promise.all([
      subscribersIn(places),
      subscribersIn({ leases: leasesOf(connections.keysDatabase) }),
      replicasIn(places),
    ]);
    const told = new Map([...inReadModels, ...inKeys]);
    for (const name of new Set(READ_MODELS.map(({ name }) => name))) {
      const alias = await places.editions.load(name);
      if (!alias) say(`${name}: no edition yet`);
      for (const edition of alias?.editions ?? []) {
        const key = editionName(name, edition);
        const role = edition.number === alias!.serving ? 'serves' : edition.state;
        say(`${key}: ${role}, ${told.get(key) ?? 'nobody has kept it yet'}`);
        told.delete(key);
      }
    }
    for (const [name, said] of told) say(`${name}: ${said}`);
    for (const line of replicas) say(line);
  });
}

type Places = Operation['places'];

/** How each subscriber is, by its name. */
async function subscribersIn({ leases }: Pick<Places, 'leases'>): Promise<Map<string, string>> {
  const held = async () => (await leases.all()).filter(({ released }) => !released);
  const alive = await living(held, LEASE_TTL_MS);
  return new Map((await leases.all()).map((lease) => [lease._id, toldOf(lease, alive.has(lease._id))]));
}

function toldOf({ status, released }: LeaseDocument, isAlive: boolean): string {
  const last: Partial<ReportedStatus> | undefined = status;
  if (isAlive && !released) return said(last);
  const since = last?.toldAt ? ` at ${last.toldAt.toISOString()}` : '';
  return `nobody runs it now (${released ? 'stopped' : 'crashed, or cut off'}); last said${since}: ${said(last)}`;
}

/** What the holder of a subscriber's lease said last. */
function said(status: Partial<ReportedStatus> = {}): string {
  const { state = 'state not known', lag, heldBack = 0, cause, reason } = status;
  const behind = lag
    ? `${lag.events} events, ${lag.seconds} s behind`
    : 'distance to the log’s end not known';
  const interrupted = cause ? `, interrupted by ${cause}${reason ? ` (${reason})` : ''}` : '';
  return `${state}, ${behind}, ${heldBack} clients held back${interrupted}`;
}

async function replicasIn({ replicas }: Places): Promise<string[]> {
  const all = () => replicas.find().sort({ _id: 1 }).toArray();
  const alive = await living(all, OBSERVED_MS);
  return (await all()).map(
    ({ _id, build }) =>
      `replica ${_id}: build ${build}${alive.has(_id) ? '' : ', dead: it shows no sign of life'}`,
  );
}
