import { STREAM_PREFIX } from '../event-log/contact-book-stream.js';
import type { EventStore, Position } from '../event-log/event-store.js';
import { isBefore } from '../subscriptions/checkpoint.js';

const FIRST_LOOK = 10;

/**
 * Where the last event of our streams stands, if it stands behind `after`; undefined where there is none. Reads
 * backwards from the log's end, over whatever other streams have there. Raises EventStoreUnavailable.
 */
export async function lastOfOurs(
  eventStore: EventStore,
  after: Position | undefined,
): Promise<Position | undefined> {
  for (const limit of [FIRST_LOOK, Number.MAX_SAFE_INTEGER]) {
    let read = 0;
    for await (const { position, stream } of eventStore.readBackwards(limit)) {
      if (after && !isBefore(after, position)) return undefined;
      if (stream.startsWith(STREAM_PREFIX)) return position;
      read += 1;
    }
    if (read < limit) return undefined;
  }
  return undefined;
}
