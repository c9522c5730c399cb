import { requireEditions } from '../../read-models/editions/change-edition.js';
import { editionName } from '../../read-models/editions/editions.js';
import { verify } from '../../read-models/editions/verify.js';
import { READ_MODELS } from '../../read-models/read-models.js';
import { onServers, readModelNamed, say } from './operation.js';
import { ProgressDisplay } from './progress.js';

export async function verifyCommand(name: string, { edition: wanted }: { edition?: number }): Promise<void> {
  const { name: readModelName } = readModelNamed(name);
  await onServers(async ({ connections, places, codec }) => {
    const alias = await requireEditions(places, readModelName);
    const edition = alias.editions.find(({ number }) => number === (wanted ?? alias.serving));
    const readModel = READ_MODELS.find(
      ({ name, version }) => name === readModelName && version === edition?.version,
    );
    if (!edition || !readModel) throw new RangeError(`no edition of ${name} that this build can fold`);
    const documents = connections.database.collection(editionName(readModelName, edition)) as never;
    const display = new ProgressDisplay('clients');
    const verified = { readModel, documents, eventStore: places.eventStore, codec };
    let differences = 0;
    let skips = 0;
    let clients = 0;
    const progress = (progress: { clients: number; share: number }) => {
      clients = progress.clients;
      display.show({ count: clients, share: progress.share });
    };
    for await (const { client, kind, revision } of verify(verified, progress)) {
      if (kind === 'skipped') skips += 1;
      else differences += 1;
      say(`${client} ${kind} at revision ${revision}`);
    }
    display.end();
    say(
      `${editionName(readModelName, edition)}: ${clients} clients compared, ${differences} differ, ${skips} appends are skipped`,
    );
    if (differences > 0) process.exitCode = 1;
  });
}
