import { editionName } from '../../read-models/editions/editions.js';
import { READ_MODELS } from '../../read-models/read-models.js';
import type { ReportedStatus } from '../../subscriptions/subscriber-status.js';
import { onServers, say } from './operation.js';

export async function statusCommand(): Promise<void> {
  await onServers(async ({ places }) => {
    const statuses = new Map(
      (await places.leases.all()).map(({ _id, status }) => [_id, status as ReportedStatus | undefined]),
    );
    for (const name of new Set(READ_MODELS.map(({ name }) => name))) {
      const alias = await places.editions.load(name);
      if (!alias) say(`${name}: no edition yet`);
      for (const edition of alias?.editions ?? []) {
        const key = editionName(name, edition);
        const role = edition.number === alias!.serving ? 'serves' : edition.state;
        say(`${key}: ${role}, ${told(statuses.get(key))}`);
        statuses.delete(key);
      }
    }
    for (const [name, status] of statuses) say(`${name}: ${told(status)}`);
    for (const { _id, build } of await places.replicas.find().toArray())
      say(`replica ${_id}: build ${build}`);
  });
}

/** What the holder of a subscriber's lease said last. */
function told(status: ReportedStatus | undefined): string {
  if (!status) return 'nobody has kept it yet';
  const { state, lag, heldBack, cause } = status;
  const behind = lag
    ? `${lag.events} events, ${lag.seconds} s behind`
    : 'distance to the log’s end not known';
  return `${state}, ${behind}, ${heldBack} clients held back${cause ? `, interrupted by ${cause}` : ''}`;
}
