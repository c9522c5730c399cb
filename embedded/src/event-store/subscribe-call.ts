import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { AllSource } from './all-source.js';
import { encodeReadEvent, type ReadResponse } from './event-encoding.js';
import type { EventLog } from './event-log.js';
import { invalidArgument } from './grpc-error.js';
import { readPage } from './read-call.js';
import type { ResponseStream } from './response-stream.js';
import { StreamSource } from './stream-source.js';
import type { SubscriptionSource } from './subscription-source.js';

const { ReadResp } = streams;

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
  const source = sourceOf(log, options);
  const sendCheckpoint = async (ordinal: number | undefined) => {
    if (ordinal !== undefined) await responses.send(checkpoint(log.index.positionOf(ordinal)));
  };
  await responses.send(confirmation());
  let live = false;
  while (!responses.cancelled.aborted) {
    const behind = source.behind();
    if (behind === 0 && live) {
      await log.change(responses.cancelled);
    } else if (behind === 0) {
      await sendCheckpoint(source.openCheckpoint());
      await responses.send(caughtUp());
      live = true;
    } else if (live && behind > LIVE_BUFFER_EVENTS) {
      await responses.send(fellBehind());
      await sendCheckpoint(source.openCheckpoint());
      live = false;
    } else {
      const page = source.next();
      await gate();
      if (page.length === 0) await setImmediate();
      const ordinals = page.flatMap((item) => ('event' in item ? [item.event] : []));
      const frames = new Map((await readPage(log, ordinals)).map(({ ordinal, frame }) => [ordinal, frame]));
      for (const item of page) {
        if ('checkpoint' in item) {
          await sendCheckpoint(item.checkpoint);
        } else {
          const frame = frames.get(item.event)!;
          if (source.mayRead(frame))
            await responses.send(encodeReadEvent(frame, log.index.positionOf(item.event)));
        }
      }
    }
  }
}

function sourceOf(log: EventLog, options: streams.ReadReq.Options): SubscriptionSource {
  const stream = options.getStream();
  if (stream) return new StreamSource(log, stream);
  const all = options.getAll();
  if (all) return new AllSource(log, all, options.getFilter());
  throw invalidArgument('A subscription is to a stream or to $all.');
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
