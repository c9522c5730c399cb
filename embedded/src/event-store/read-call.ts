import streams from '@eventstore/db-client/generated/streams_pb.js';
import { frameCreatedTicks } from './append-record.js';
import { encodeReadEvent, streamIdentifier, streamNameOf, type ReadResponse } from './event-encoding.js';
import { eventFilter, type EventFilter } from './event-filter.js';
import type { EventLog } from './event-log.js';
import { invalidArgument, streamDeleted } from './grpc-error.js';
import type { ResponseStream } from './response-stream.js';
import { readableRange } from './stream-range.js';

const { ReadReq, ReadResp } = streams;

/** How many events, and bytes of them, are fetched from the disk at once. */
export const PAGE_EVENTS = 512;
export const PAGE_BYTES = 1 << 20;

/** Streams/Read with a count: what is there now, then the end. */
export async function read(
  log: EventLog,
  options: streams.ReadReq.Options,
  responses: ResponseStream<ReadResponse>,
): Promise<void> {
  const backwards = options.getReadDirection() === ReadReq.Options.ReadDirection.BACKWARDS;
  const limit = Number(options.getCount());
  const stream = options.getStream();
  const all = options.getAll();
  if (stream) await readStream(log, stream, backwards, limit, responses);
  else if (all) await readAll(log, options, all, backwards, limit, responses);
  else throw invalidArgument('A read is of a stream or of $all.');
}

async function readStream(
  log: EventLog,
  options: streams.ReadReq.Options.StreamOptions,
  backwards: boolean,
  limit: number,
  responses: ResponseStream<ReadResponse>,
): Promise<void> {
  const streamName = streamNameOf(options.getStreamIdentifier());
  const range = readableRange(log, streamName);
  if (range.state === 'deleted') throw streamDeleted(streamName);
  if (range.state === 'not_found') return responses.send(streamNotFound(streamName));
  const { stream, first, last, maxAgeSeconds } = range;
  const from = options.hasEnd() ? (backwards ? last : last + 1) : Number(options.getRevision());
  const revisions = backwards
    ? descending(Math.min(from, last), first)
    : ascending(Math.max(from, first), last);
  const oldest = oldestTicks(maxAgeSeconds);
  await sendEvents(
    log,
    mapped(revisions, (revision) => stream.ordinals[revision]!),
    limit,
    responses,
    oldest,
  );
}

async function readAll(
  log: EventLog,
  options: streams.ReadReq.Options,
  all: streams.ReadReq.Options.AllOptions,
  backwards: boolean,
  limit: number,
  responses: ResponseStream<ReadResponse>,
): Promise<void> {
  const { visible } = log;
  const filterOptions = options.getFilter();
  const passes: EventFilter = filterOptions ? eventFilter(log.index, filterOptions) : () => true;
  // Forwards the event at the position is included, backwards it is not: a position lies before its event.
  const start = all.hasEnd() ? visible : all.hasStart() ? 0 : log.index.firstFrom(commitPosition(all));
  const ordinals = backwards ? descending(Math.min(start, visible) - 1, 0) : ascending(start, visible - 1);
  await sendEvents(log, filtered(ordinals, passes), limit, responses);
}

/** The commit position that a read or a subscription of $all starts from. */
export function commitPosition(all: streams.ReadReq.Options.AllOptions): bigint {
  return BigInt(all.getPosition()?.getCommitPosition() ?? '0');
}

/** When an event of a stream with a maximal age must have been stored to be read, in ticks. */
export function oldestTicks(maxAgeSeconds: number | undefined): bigint {
  return maxAgeSeconds === undefined ? 0n : BigInt(Date.now() - Math.ceil(maxAgeSeconds * 1000)) * 10_000n;
}

/** Sends the first `limit` of the events, as fast as the client takes them and not faster. */
async function sendEvents(
  log: EventLog,
  ordinals: Iterable<number>,
  limit: number,
  responses: ResponseStream<ReadResponse>,
  oldest = 0n,
): Promise<void> {
  let remaining = limit;
  for (const page of pages(log, ordinals, limit)) {
    if (remaining <= 0) return;
    for (const { ordinal, frame } of await readPage(log, page)) {
      if (remaining <= 0) return;
      if (frameCreatedTicks(frame) < oldest) continue;
      remaining -= 1;
      await responses.send(encodeReadEvent(frame, log.index.positionOf(ordinal)));
    }
  }
}

/** Cuts the ordinals into pages that are small enough to be held in memory, and no larger than `limit`. */
function* pages(log: EventLog, ordinals: Iterable<number>, limit: number): Iterable<number[]> {
  let page: number[] = [];
  let bytes = 0;
  for (const ordinal of ordinals) {
    page.push(ordinal);
    bytes += log.index.lengthOf(ordinal);
    if (page.length < Math.min(PAGE_EVENTS, limit) && bytes < PAGE_BYTES) continue;
    yield page;
    page = [];
    bytes = 0;
  }
  if (page.length > 0) yield page;
}

/** Fetches a page whose ordinals all ascend or all descend. */
export async function readPage(log: EventLog, page: number[]): Promise<{ ordinal: number; frame: Buffer }[]> {
  const descends = page.length > 1 && page[0]! > page[1]!;
  const frames = await log.readFrames(descends ? page.toReversed() : page);
  if (descends) frames.reverse();
  return page.map((ordinal, at) => ({ ordinal, frame: frames[at]! }));
}

function streamNotFound(streamName: string): streams.ReadResp {
  const notFound = new ReadResp.StreamNotFound();
  notFound.setStreamIdentifier(streamIdentifier(streamName));
  const response = new ReadResp();
  response.setStreamNotFound(notFound);
  return response;
}

function* ascending(from: number, to: number): Iterable<number> {
  for (let value = from; value <= to; value += 1) yield value;
}

function* descending(from: number, to: number): Iterable<number> {
  for (let value = from; value >= to; value -= 1) yield value;
}

function* mapped(values: Iterable<number>, map: (value: number) => number): Iterable<number> {
  for (const value of values) yield map(value);
}

function* filtered(values: Iterable<number>, passes: (value: number) => boolean): Iterable<number> {
  for (const value of values) if (passes(value)) yield value;
}
