import { cutOver, retire, rollBack } from '../../read-models/editions/change-edition.js';
import { editionName } from '../../read-models/editions/editions.js';
import { onServers, readModelNamed, say } from './operation.js';

export async function cutOverCommand(name: string, { edition }: { edition?: number }): Promise<void> {
  const { name: readModel } = readModelNamed(name);
  await onServers(async ({ places }) => {
    say(`${editionName(readModel, await cutOver(places, readModel, edition))} serves`);
  });
}

export async function rollBackCommand(name: string): Promise<void> {
  const { name: readModel } = readModelNamed(name);
  await onServers(async ({ places }) => {
    say(`${editionName(readModel, await rollBack(places, readModel))} serves again`);
  });
}

export async function retireCommand(name: string, { edition }: { edition?: number }): Promise<void> {
  const { name: readModel } = readModelNamed(name);
  await onServers(async ({ places }) => {
    say(`${editionName(readModel, await retire(places, readModel, edition))} is gone`);
  });
}
