import { type FollowOptions, followUpTo } from '../../subscriptions/follow-up-to.js';
import { lastOfOurs } from '../log-end.js';
import { Projection } from '../projection.js';
import type { ReadModel } from '../read-model.js';
import { type EditionPlaces, EditionRefused, requireEditions } from './change-edition.js';
import { type Edition, editionName } from './editions.js';

/**
 * Builds an edition beside those that there are, from the log's start to where the log ended when this began; then
 * the projectors keep it. One that an earlier run left unfinished is gone on with. Undefined when the signal ended it.
 * Raises EditionRefused and EditionsChanged.
 */
export async function rebuild(
  places: EditionPlaces,
  readModel: ReadModel<object>,
  options: FollowOptions,
): Promise<Edition | undefined> {
  const edition = await begunEdition(places, readModel);
  const name = editionName(readModel.name, edition);
  const end = await lastOfOurs(places.eventStore, undefined);
  if (end) {
    const projection = new Projection(readModel, places.database.collection(name), places.checkpoints);
    if (!(await followUpTo(end, name, projection, options))) return undefined;
  }
  const alias = await requireEditions(places, readModel.name);
  if (!alias.editions.some(({ number }) => number === edition.number))
    throw new EditionRefused(`${name} was retired while it was built`);
  const editions = alias.editions.map((other) =>
    other.number === edition.number ? { ...other, state: 'kept' as const } : other,
  );
  await places.editions.replace(alias, { editions });
  return { ...edition, state: 'kept' };
}

async function begunEdition(places: EditionPlaces, { name, version }: ReadModel<object>): Promise<Edition> {
  const alias = await requireEditions(places, name);
  const unfinished = alias.editions.find(
    (edition) => edition.state === 'building' && edition.version === version,
  );
  if (unfinished) return unfinished;
  const edition: Edition = { number: alias.lastNumber + 1, version, state: 'building' };
  await places.editions.replace(alias, {
    editions: [...alias.editions, edition],
    lastNumber: edition.number,
  });
  return edition;
}
