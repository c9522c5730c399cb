import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { frameCreatedTicks } from './append-record.js';
import { encodeReadEvent, streamNameOf, type ReadResponse } from './event-encoding.js';
import { eventFilter } from './event-filter.js';
import type { EventLog } from './event-log.js';
import { invalidArgument, streamDeleted } from './grpc-error.js';
import { commitPosition, oldestTicks, PAGE_BYTES, PAGE_EVENTS, readPage } from './read-call.js';
import type { ResponseStream } from './response-stream.js';
import { readableRange } from './stream-range.js';

const { ReadResp } = streams;

/** The search window of a filter that names none. */
const DEFAULT_SEARCH_WINDOW = 32;
/** How many events are looked at before others get their turn. */
const SCAN_EVENTS = 4096;
/** A live subscriber that is more events behind than this is told so. */
const LIVE_BUFFER_EVENTS = 1000;

/** Waits until the next events may be sent. */
export type PageGate = () => Promise<void>;

/** Streams/Read with a subscription: everything behind the start, and what comes, until the client goes. */
export async function subscribe(
  log: EventLog,
  options: streams.ReadReq.Options,
  responses: ResponseStream<ReadResponse>,
  gate: PageGate,
): Promise<void> {
  const stream = options.getStream();
  const all = options.getAll();
  const source = stream ? new StreamSource(log, stream) : all && new AllSource(log, all, options.getFilter());
  if (!source) throw invalidArgument('A subscription is to a stream or to $all.');
  await responses.send(confirmation());
  let live = false;
  while (!responses.cancelled.aborted) {
    const behind = source.behind();
    if (behind === 0) {
      if (live) {
        await log.change(responses.cancelled);
      } else {
        for (const response of source.checkpoint()) await responses.send(response);
        await responses.send(caughtUp());
        live = true;
      }
      continue;
    }
    if (live && behind > LIVE_BUFFER_EVENTS) {
      await responses.send(fellBehind());
      for (const response of source.checkpoint()) await responses.send(response);
      live = false;
    }
    const page = source.next();
    await gate();
    if (page.length === 0) await setImmediate();
    const events = await readPage(
      log,
      page.flatMap((item) => ('event' in item ? [item.event] : [])),
    );
    const frames = new Map(events.map(({ ordinal, frame }) => [ordinal, frame]));
    for (const item of page) {
      if ('checkpoint' in item) {
        await responses.send(checkpoint(log.index.positionOf(item.checkpoint)));
      } else if (source.mayRead(frames.get(item.event)!)) {
        await responses.send(encodeReadEvent(frames.get(item.event)!, log.index.positionOf(item.event)));
      }
    }
  }
}

/** What a subscriber gets, in order: an event, or that everything up to an event was looked at. */
type PageItem = { event: number } | { checkpoint: number };

class AllSource {
  private cursor: number;
  private readonly after: number;
  private readonly passes: ((ordinal: number) => boolean) | undefined;
  private readonly checkpointInterval: number;
  private considered = 0;
  private lastCheckpoint: number;

  constructor(
    private readonly log: EventLog,
    all: streams.ReadReq.Options.AllOptions,
    filter: streams.ReadReq.Options.FilterOptions | undefined,
  ) {
    // The start is exclusive. A position that is yet to come is waited for.
    this.after = all.hasPosition() ? Number(commitPosition(all)) : -1;
    this.cursor = all.hasEnd() ? log.visible : log.index.firstFrom(BigInt(this.after) + 1n);
    this.lastCheckpoint = this.cursor - 1;
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
      if (index.positionOf(ordinal) > this.after && (this.passes?.(ordinal) ?? true)) {
        page.push({ event: ordinal });
        events += 1;
        bytes += index.lengthOf(ordinal);
      }
      this.considered += 1;
      if (this.considered < this.checkpointInterval) continue;
      page.push({ checkpoint: ordinal });
      this.considered = 0;
      this.lastCheckpoint = ordinal;
    }
    return page;
  }

  /** A filtered subscription is given a checkpoint when it becomes live, so that it has one behind what it passed over. */
  checkpoint(): streams.ReadResp[] {
    const last = this.cursor - 1;
    if (!this.passes || last <= this.lastCheckpoint) return [];
    this.lastCheckpoint = last;
    this.considered = 0;
    return [checkpoint(this.log.index.positionOf(last))];
  }

  mayRead(): boolean {
    return true;
  }
}

class StreamSource {
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

  checkpoint(): streams.ReadResp[] {
    return [];
  }

  mayRead(frame: Buffer): boolean {
    return frameCreatedTicks(frame) >= this.oldest;
  }

  private range() {
    const range = readableRange(this.log, this.streamName);
    if (range.state === 'deleted') throw streamDeleted(this.streamName);
    return range;
  }
}

/** After how many events looked at, matching or not, a checkpoint is sent: the interval counts search windows. */
function checkpointInterval(filter: streams.ReadReq.Options.FilterOptions): number {
  const multiplier = filter.getCheckpointintervalmultiplier();
  const window = filter.hasMax() ? filter.getMax() : DEFAULT_SEARCH_WINDOW;
  if (multiplier === 0 || window === 0) throw invalidArgument('A checkpoint interval is greater than 0.');
  return multiplier * window;
}

function confirmation(): streams.ReadResp {
  const confirmation = new ReadResp.SubscriptionConfirmation();
  confirmation.setSubscriptionId(randomUUID());
  const response = new ReadResp();
  response.setConfirmation(confirmation);
  return response;
}

function checkpoint(position: number): streams.ReadResp {
  const checkpoint = new ReadResp.Checkpoint();
  checkpoint.setCommitPosition(String(position));
  checkpoint.setPreparePosition(String(position));
  const response = new ReadResp();
  response.setCheckpoint(checkpoint);
  return response;
}

function caughtUp(): streams.ReadResp {
  const response = new ReadResp();
  response.setCaughtUp(new ReadResp.CaughtUp());
  return response;
}

function fellBehind(): streams.ReadResp {
  const response = new ReadResp();
  response.setFellBehind(new ReadResp.FellBehind());
  return response;
}
