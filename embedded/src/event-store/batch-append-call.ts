import shared from '@eventstore/db-client/generated/shared_pb.js';
import type statusPb from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import { Empty } from './google-protobuf.js';
import {
  badRequestStatus,
  maximumAppendSizeExceededStatus,
  streamDeletedStatus,
  timeoutStatus,
  unknownStatus,
  wrongExpectedVersionStatus,
} from './batch-append-status.js';
import { streamIdentifier, streamNameOf, type ProposedEvent } from './event-encoding.js';
import { GrpcError, invalidArgument, MAX_APPEND_BYTES } from './grpc-error.js';
import { expectedRevision, proposedEvent, sizeOf, writableStreamName } from './write-request.js';
import { ResponseStream } from './response-stream.js';
import type { ExpectedRevision, StreamWriter, WriteOutcome } from './stream-writer.js';

const { BatchAppendResp } = streams;

/** Appends of one call that are under way; beyond it the call's requests are left unread. */
const MAX_UNDER_WAY = 1000;

/** An append whose events may come in several requests. */
interface PendingAppend {
  correlationId: string;
  streamName: string;
  expected: ExpectedRevision;
  /** In milliseconds since 1970. */
  deadline: number;
  events: ProposedEvent[];
  bytes: number;
}

export interface BatchAppendGate {
  /** Waits until the append may be served. */
  admit: () => Promise<void>;
  /** False when the answer to a stored append must not be given. */
  mayAnswer: () => boolean;
}

/** Streams/BatchAppend: any number of appends on one call, each answered, with success or failure, under its id. */
export class BatchAppendCall {
  private readonly pending = new Map<string, PendingAppend>();
  private readonly underWay = new Set<Promise<void>>();
  private readonly responses: ResponseStream<streams.BatchAppendResp>;

  constructor(
    private readonly writer: StreamWriter,
    private readonly call: ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>,
    private readonly gate: BatchAppendGate,
  ) {
    this.responses = new ResponseStream(call);
  }

  /** Serves the call to its end. */
  async run(): Promise<void> {
    try {
      for await (const request of this.call as AsyncIterable<streams.BatchAppendReq>) {
        const append = await this.receive(request);
        if (!append) continue;
        const served = this.serve(append).finally(() => this.underWay.delete(served));
        served.catch((error: unknown) => this.responses.fail(error));
        this.underWay.add(served);
        if (this.underWay.size >= MAX_UNDER_WAY) await Promise.race(this.underWay);
      }
      await Promise.allSettled(this.underWay);
      this.responses.end();
    } catch (error) {
      this.responses.fail(error);
    }
  }

  /** Takes in a request; returns its append when that is complete. */
  private async receive(request: streams.BatchAppendReq): Promise<PendingAppend | undefined> {
    const correlationId = request.getCorrelationId()?.getString() ?? '';
    const options = request.getOptions();
    try {
      if (options) this.begin(newAppend(correlationId, options), request.getIsFinal());
      const append = this.pending.get(correlationId);
      if (!append) return undefined;
      const events = request.getProposedMessagesList().map(proposedEvent);
      append.events.push(...events);
      append.bytes += events.reduce((bytes, event) => bytes + sizeOf(event), 0);
      if (append.bytes > MAX_APPEND_BYTES) {
        await this.forget(append, maximumAppendSizeExceededStatus());
        return undefined;
      }
      if (!request.getIsFinal()) return undefined;
      this.pending.delete(correlationId);
      return append;
    } catch (error) {
      if (!(error instanceof GrpcError)) throw error;
      this.pending.delete(correlationId);
      const streamName = streamNameOf(options?.getStreamIdentifier());
      await this.responses.send(failure({ correlationId, streamName }, badRequestStatus(error.details)));
      return undefined;
    }
  }

  /** An append of which the last part doesn't come in time is answered and forgotten. */
  private begin(append: PendingAppend, isWhole: boolean): void {
    if (this.pending.size >= MAX_UNDER_WAY) throw invalidArgument('Too many appends are incomplete.');
    this.pending.set(append.correlationId, append);
    if (isWhole) return;
    const expire = () => {
      if (this.pending.get(append.correlationId) !== append) return;
      this.forget(append, timeoutStatus()).catch((error: unknown) => this.responses.fail(error));
    };
    setTimeout(expire, Math.max(append.deadline - Date.now(), 0)).unref();
  }

  private async forget(append: PendingAppend, status: statusPb.Status): Promise<void> {
    this.pending.delete(append.correlationId);
    await this.responses.send(failure(append, status));
  }

  private async serve(append: PendingAppend): Promise<void> {
    await this.gate.admit();
    const { streamName, expected, events, deadline } = append;
    if (deadline <= Date.now()) return this.responses.send(failure(append, timeoutStatus()));
    // Its client has been told that the append failed: it must not be stored any more.
    if (this.responses.cancelled.aborted) return;
    let response: streams.BatchAppendResp;
    try {
      response = answer(append, await this.writer.append(streamName, expected, events));
    } catch (error) {
      response = failure(append, unknownStatus(error instanceof Error ? error.message : 'Unknown error'));
    }
    if (this.gate.mayAnswer()) await this.responses.send(response);
  }
}

const DEFAULT_TIMEOUT_MS = 10_000;

function newAppend(correlationId: string, options: streams.BatchAppendReq.Options): PendingAppend {
  return {
    correlationId,
    streamName: writableStreamName(streamNameOf(options.getStreamIdentifier())),
    expected: expectedRevision(
      options,
      options.hasStreamPosition() ? options.getStreamPosition() : undefined,
    ),
    deadline: options.getDeadline()?.toDate().getTime() ?? Date.now() + DEFAULT_TIMEOUT_MS,
    events: [],
    bytes: 0,
  };
}

function answer(append: PendingAppend, outcome: WriteOutcome): streams.BatchAppendResp {
  switch (outcome.result) {
    case 'success':
      return success(append, outcome);
    case 'wrong_expected_version':
      return failure(append, wrongExpectedVersionStatus(append.expected, outcome.current));
    case 'stream_deleted':
      return failure(append, streamDeletedStatus(append.streamName));
  }
}

function success(
  append: PendingAppend,
  { revision, position }: { revision: bigint; position: number | undefined },
): streams.BatchAppendResp {
  const success = new BatchAppendResp.Success();
  if (revision < 0n) success.setNoStream(new Empty());
  else success.setCurrentRevision(String(revision));
  if (position === undefined) {
    success.setNoPosition(new Empty());
  } else {
    const allStreamPosition = new shared.AllStreamPosition();
    allStreamPosition.setCommitPosition(String(position));
    allStreamPosition.setPreparePosition(String(position));
    success.setPosition(allStreamPosition);
  }
  const response = responseTo(append);
  response.setSuccess(success);
  return response;
}

function failure(
  append: Pick<PendingAppend, 'correlationId' | 'streamName'>,
  status: statusPb.Status,
): streams.BatchAppendResp {
  const response = responseTo(append);
  response.setError(status);
  return response;
}

function responseTo({
  correlationId,
  streamName,
}: Pick<PendingAppend, 'correlationId' | 'streamName'>): streams.BatchAppendResp {
  const uuid = new shared.UUID();
  uuid.setString(correlationId);
  const response = new BatchAppendResp();
  response.setCorrelationId(uuid);
  response.setStreamIdentifier(streamIdentifier(streamName));
  return response;
}
