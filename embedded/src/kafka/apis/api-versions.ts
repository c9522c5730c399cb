import { defineApi, type Api } from '../protocol/api.js';
import { ErrorCode } from '../protocol/error-codes.js';
import { Writer } from '../protocol/writer.js';

interface Response {
  errorCode: number;
  apis: { key: number; from: number; to: number }[];
}

const KEY = 18;
const VERSIONS = [0, 2] as const;

/** Tells a client which APIs are served, and in which versions. */
export function apiVersions(served: readonly Api[]): Api {
  const apis = [
    ...served.map(({ key, announcedFrom, versions: [, to] }) => ({ key, from: announcedFrom, to })),
    { key: KEY, from: VERSIONS[0], to: VERSIONS[1] },
  ].toSorted((one, other) => one.key - other.key);
  return defineApi<null, Response>({
    key: KEY,
    name: 'ApiVersions',
    versions: VERSIONS,
    decode: () => null,
    handle: () => Promise.resolve({ errorCode: ErrorCode.NONE, apis }),
    encode(writer, response, version) {
      encodeV0(writer, response);
      if (version >= 1) writer.int32(0);
    },
    refuse: (_request, errorCode) => ({ errorCode, apis: [] }),
  });
}

/** A client newer than the broker is answered in version 0, with the versions of this one API to choose from. */
export function unsupportedApiVersions(): Writer {
  const writer = new Writer();
  encodeV0(writer, {
    errorCode: ErrorCode.UNSUPPORTED_VERSION,
    apis: [{ key: KEY, from: VERSIONS[0], to: VERSIONS[1] }],
  });
  return writer;
}

export const API_VERSIONS_KEY = KEY;

function encodeV0(writer: Writer, { errorCode, apis }: Response): void {
  writer.int16(errorCode).array(apis, ({ key, from, to }) => writer.int16(key).int16(from).int16(to));
}
