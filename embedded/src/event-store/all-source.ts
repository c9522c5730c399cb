import type streams from '@eventstore/db-client/generated/streams_pb.js';
import { eventFilter, type EventFilter } from './event-filter.js';
import type { EventLog } from './event-log.js';
import { invalidArgument } from './grpc-error.js';
import { commitPosition, PAGE_BYTES, PAGE_EVENTS } from './read-call.js';
import type { PageItem, SubscriptionSource } from './subscription-source.js';

/** The search window of a filter that names none. */
const DEFAULT_SEARCH_WINDOW = 32;
/** How many events are looked at before other subscriptions get their turn. */
const SCAN_EVENTS = 4096;

/** A subscription to $all, filtered or not. */
export class AllSource implements SubscriptionSource {
  private cursor: number;
  private readonly after: number;
  private readonly passes: EventFilter | undefined;
  private readonly checkpointInterval: number;
  private considered = 0;

  constructor(
    private readonly log: EventLog,
    all: streams.ReadReq.Options.AllOptions,
    filter: streams.ReadReq.Options.FilterOptions | undefined,
  ) {
    // The start is exclusive. A position that is yet to come is waited for.
    this.after = all.hasPosition() ? Number(commitPosition(all)) : -1;
    this.cursor = all.hasEnd() ? log.visible : log.index.firstFrom(BigInt(this.after) + 1n);
    this.passes = filter && eventFilter(log.index, filter);
    this.checkpointInterval = filter ? checkpointInterval(filter) : Infinity;
  }

  behind(): number {
    return Math.max(this.log.visible - this.cursor, 0);
  }

  next(): PageItem[] {
    const { index, visible } = this.log;
    const page: PageItem[] = [];
    let bytes = 0;
    let events = 0;
    const end = Math.min(visible, this.cursor + SCAN_EVENTS);
    for (; this.cursor < end && events < PAGE_EVENTS && bytes < PAGE_BYTES; this.cursor += 1) {
      const ordinal = this.cursor;
      if (index.positionOf(ordinal) <= this.after) continue;
      if (!this.passes || this.passes(ordinal)) {
        page.push({ event: ordinal });
        events += 1;
        bytes += index.lengthOf(ordinal);
      }
      this.considered += 1;
      if (this.considered < this.checkpointInterval) continue;
      page.push({ checkpoint: ordinal });
      this.considered = 0;
    }
    return page;
  }

  openCheckpoint(): number | undefined {
    if (!this.passes || this.considered === 0) return undefined;
    this.considered = 0;
    return this.cursor - 1;
  }

  mayRead(): boolean {
    return true;
  }
}

/** After how many events looked at, matching or not, a checkpoint is sent: the interval counts search windows. */
function checkpointInterval(filter: streams.ReadReq.Options.FilterOptions): number {
  const multiplier = filter.getCheckpointintervalmultiplier();
  const window = filter.hasMax() ? filter.getMax() : DEFAULT_SEARCH_WINDOW;
  if (multiplier === 0 || window === 0) throw invalidArgument('A checkpoint interval is greater than 0.');
  return multiplier * window;
}
