import streams from '@eventstore/db-client/generated/streams_pb.js';
import grpcFeatures from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import grpcStreams from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { sendUnaryData, Server, ServerDuplexStream, ServerWritableStream } from '@grpc/grpc-js';
import type { Switchboard } from '../switchboard.js';
import { append } from './append-call.js';
import { BatchAppendCall } from './batch-append-call.js';
import { streamNameOf, type ReadResponse } from './event-encoding.js';
import type { EventLog } from './event-log.js';
import {
  asGrpcError,
  invalidArgument,
  streamDeleted,
  unsupported,
  wrongExpectedVersion,
} from './grpc-error.js';
import { expectedRevision, writableStreamName } from './write-request.js';
import { read } from './read-call.js';
import { ResponseStream } from './response-stream.js';
import { supportedMethods } from './server-features.js';
import { StreamWriter, type ExpectedRevision, type WriteOutcome } from './stream-writer.js';
import { subscribe } from './subscribe-call.js';

/** A read's messages may come encoded; see `encodeReadEvent`. */
const STREAMS_SERVICE = {
  ...grpcStreams.StreamsService,
  read: {
    ...grpcStreams.StreamsService.read,
    responseSerialize: (response: ReadResponse) =>
      Buffer.isBuffer(response) ? response : Buffer.from(response.serializeBinary()),
  },
};

/**
 * Adds the services to the server. Everything else that the protocol has (persistent subscriptions, projections,
 * users, operations, gossip) is answered by gRPC itself with UNIMPLEMENTED.
 *
 * The switchboard knows the operations as ServerFeatures, Append, BatchAppend, Delete, Tombstone, Read, Subscribe,
 * and SubscriptionEvents: the next events of a subscription that runs.
 */
export function addServices(server: Server, log: EventLog, switchboard: Switchboard): void {
  const writer = new StreamWriter(log);

  const admit = async (operation: string) => {
    const admission = await switchboard.admit(operation);
    if (!admission.serve) throw admission.error;
  };

  /** Answers a call that has one answer. */
  const answer = async <Response>(
    operation: string,
    callback: sendUnaryData<Response>,
    respond: () => Promise<Response>,
  ): Promise<void> => {
    let response: Response;
    try {
      response = await respond();
    } catch (error) {
      return callback(asGrpcError(error) as Error);
    }
    if (switchboard.mayAnswer(operation)) callback(null, response);
  };

  server.addService(grpcFeatures.ServerFeaturesService, {
    getSupportedMethods: (_call: unknown, callback: sendUnaryData<ReturnType<typeof supportedMethods>>) =>
      void answer('ServerFeatures', callback, async () => {
        await admit('ServerFeatures');
        return supportedMethods();
      }),
  });

  server.addService(STREAMS_SERVICE, {
    append: (call: Parameters<typeof append>[1], callback: sendUnaryData<streams.AppendResp>) =>
      void answer('Append', callback, () => append(writer, call, () => admit('Append'))),

    batchAppend: (call: ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>) => {
      const gate = {
        admit: () => admit('BatchAppend'),
        mayAnswer: () => switchboard.mayAnswer('BatchAppend'),
      };
      void new BatchAppendCall(writer, call, gate).run();
    },

    delete: ({ request }: { request: streams.DeleteReq }, callback: sendUnaryData<streams.DeleteResp>) =>
      void answer('Delete', callback, async () => {
        const { streamName, expected } = target(request.getOptions());
        await admit('Delete');
        const outcome = await writer.softDelete(streamName, expected);
        const response = new streams.DeleteResp();
        response.setPosition(deletedAt(new streams.DeleteResp.Position(), streamName, expected, outcome));
        return response;
      }),

    tombstone: (
      { request }: { request: streams.TombstoneReq },
      callback: sendUnaryData<streams.TombstoneResp>,
    ) =>
      void answer('Tombstone', callback, async () => {
        const { streamName, expected } = target(request.getOptions());
        await admit('Tombstone');
        const outcome = await writer.tombstone(streamName, expected);
        const response = new streams.TombstoneResp();
        response.setPosition(deletedAt(new streams.TombstoneResp.Position(), streamName, expected, outcome));
        return response;
      }),

    read: (call: ServerWritableStream<streams.ReadReq, ReadResponse>) => {
      const responses = new ResponseStream<ReadResponse>(call);
      const serve = async () => {
        const options = call.request.getOptions();
        if (!options) throw invalidArgument('A read has options.');
        if (options.getResolveLinks()) throw unsupported('resolving links');
        if (options.getUuidOption()?.hasStructured()) throw unsupported('UUIDs in structured form');
        const operation = options.hasSubscription() ? 'Subscribe' : 'Read';
        await admit(operation);
        if (!switchboard.mayAnswer(operation)) return;
        if (options.hasSubscription()) {
          await subscribe(log, options, responses, () => admit('SubscriptionEvents'));
        } else {
          await read(log, options, responses);
        }
        responses.end();
      };
      serve().catch((error: unknown) => responses.fail(error));
    },
  });
}

function target(options: streams.DeleteReq.Options | streams.TombstoneReq.Options | undefined): {
  streamName: string;
  expected: ExpectedRevision;
} {
  if (!options) throw invalidArgument('A deletion has options.');
  const streamName = writableStreamName(streamNameOf(options.getStreamIdentifier()));
  const revision = options.hasRevision() ? options.getRevision() : undefined;
  return { streamName, expected: expectedRevision(options, revision) };
}

function deletedAt<Position extends streams.DeleteResp.Position | streams.TombstoneResp.Position>(
  position: Position,
  streamName: string,
  expected: ExpectedRevision,
  outcome: WriteOutcome,
): Position {
  if (outcome.result === 'stream_deleted') throw streamDeleted(streamName);
  if (outcome.result === 'wrong_expected_version') {
    throw wrongExpectedVersion(streamName, expected, outcome.current);
  }
  position.setCommitPosition(String(outcome.position));
  position.setPreparePosition(String(outcome.position));
  return position;
}
