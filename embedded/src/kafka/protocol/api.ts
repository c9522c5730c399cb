import type { Broker } from '../broker.js';
import { errorCodeOf } from './error-codes.js';
import type { Reader } from './reader.js';
import { Writer } from './writer.js';

/** Who asks. */
export interface Caller {
  clientId: string;
  host: string;
  /** Aborted when the connection ends, so that nobody goes on waiting for its sake. */
  gone: AbortSignal;
}

/** What becomes of a request: an answer, none (`acks` 0), or the end of its connection. */
export type Outcome = Writer | 'no answer' | 'close connection';

/** One request of the wire protocol: its form on the wire and what the broker does about it. */
export interface ApiDefinition<Request, Response> {
  key: number;
  name: string;
  /** The lowest and the highest version that are understood. */
  versions: readonly [number, number];
  /** The lowest version that is announced, where clients expect one that isn't served. */
  announcedFrom?: number;
  decode(reader: Reader, version: number): Request;
  handle(
    broker: Broker,
    request: Request,
    caller: Caller,
  ): Promise<Response | 'no answer' | 'close connection'>;
  encode(writer: Writer, response: Response, version: number): void;
  /** The answer that refuses everything the request asks for. */
  refuse(request: Request, errorCode: number): Response;
}

export interface PreparedRequest {
  serve(broker: Broker, caller: Caller): Promise<Outcome>;
  refuse(error: unknown): Writer;
}

export interface Api {
  readonly key: number;
  readonly name: string;
  readonly versions: readonly [number, number];
  readonly announcedFrom: number;
  prepare(reader: Reader, version: number): PreparedRequest;
}

/** Hides the types of request and answer, so that all APIs fit in one table. */
export function defineApi<Request, Response extends object>(
  definition: ApiDefinition<Request, Response>,
): Api {
  const { key, name, versions, announcedFrom = versions[0] } = definition;
  return {
    key,
    name,
    versions,
    announcedFrom,
    prepare(reader, version) {
      const request = definition.decode(reader, version);
      const write = (response: Response): Writer => {
        const writer = new Writer();
        definition.encode(writer, response, version);
        return writer;
      };
      return {
        async serve(broker, caller) {
          const response = await definition.handle(broker, request, caller);
          return typeof response === 'string' ? response : write(response);
        },
        refuse: (error) => write(definition.refuse(request, errorCodeOf(error))),
      };
    },
  };
}
