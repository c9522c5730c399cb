import type { EventStore } from '../event-log/event-store.js';
import { type Checkpoint, isBefore } from './checkpoint.js';

/** The log does not hold what was handled: it was restored to an earlier moment, or replaced. */
export class LogDiverged extends Error {
  override readonly name = 'LogDiverged';
}

/**
 * Makes sure that the log still is the one that was handled: that the last event before the checkpoint is in its
 * place, and that the log reaches as far as the checkpoint, which may stand at other streams' events behind that
 * one. Raises LogDiverged, and EventStoreUnavailable.
 */
export async function requireSameLog(eventStore: EventStore, checkpoint: Checkpoint): Promise<void> {
  await requireLastEvent(eventStore, checkpoint);
  for await (const { position } of eventStore.readBackwards(1)) {
    if (!isBefore(position, checkpoint)) return;
  }
  throw new LogDiverged(`the log ends before ${checkpoint.commit}, up to where it was handled`);
}

async function requireLastEvent(eventStore: EventStore, { lastEvent }: Checkpoint): Promise<void> {
  if (!lastEvent) return;
  const { stream, revision, id } = lastEvent;
  let found: string | undefined;
  for await (const event of eventStore.read(stream, revision, revision)) found = event.id;
  if (found === id) return;
  const inItsPlace = found === undefined ? 'nothing' : `event ${found}`;
  throw new LogDiverged(`event ${id} was handled, but revision ${revision} of ${stream} is ${inItsPlace}`);
}
