import type streams from '@eventstore/db-client/generated/streams_pb.js';
import { frameCreatedTicks } from './append-record.js';
import { streamNameOf } from './event-encoding.js';
import type { EventLog } from './event-log.js';
import { streamDeleted } from './grpc-error.js';
import { oldestTicks, PAGE_BYTES, PAGE_EVENTS } from './read-call.js';
import { readableRange, type StreamRange } from './stream-range.js';
import type { PageItem, SubscriptionSource } from './subscription-source.js';

/** A subscription to one stream, which may be yet to come. Throws when the stream is deleted for good. */
export class StreamSource implements SubscriptionSource {
  private readonly streamName: string;
  private nextRevision: number;
  private oldest = 0n;

  constructor(
    private readonly log: EventLog,
    options: streams.ReadReq.Options.StreamOptions,
  ) {
    this.streamName = streamNameOf(options.getStreamIdentifier());
    const range = this.range();
    const end = range.state === 'found' ? range.last + 1 : 0;
    // The start is exclusive, and may be a revision that is yet to come.
    this.nextRevision = options.hasEnd() ? end : options.hasStart() ? 0 : Number(options.getRevision()) + 1;
  }

  behind(): number {
    const range = this.range();
    return range.state === 'found'
      ? Math.max(range.last + 1 - Math.max(this.nextRevision, range.first), 0)
      : 0;
  }

  next(): PageItem[] {
    const range = this.range();
    if (range.state !== 'found') return [];
    this.oldest = oldestTicks(range.maxAgeSeconds);
    const page: PageItem[] = [];
    let bytes = 0;
    let revision = Math.max(this.nextRevision, range.first);
    for (; revision <= range.last && page.length < PAGE_EVENTS && bytes < PAGE_BYTES; revision += 1) {
      const event = range.stream.ordinals[revision]!;
      page.push({ event });
      bytes += this.log.index.lengthOf(event);
    }
    this.nextRevision = revision;
    return page;
  }

  openCheckpoint(): undefined {
    return undefined;
  }

  mayRead(frame: Buffer): boolean {
    return frameCreatedTicks(frame) >= this.oldest;
  }

  private range(): Exclude<StreamRange, { state: 'deleted' }> {
    const range = readableRange(this.log, this.streamName);
    if (range.state === 'deleted') throw streamDeleted(this.streamName);
    return range;
  }
}
