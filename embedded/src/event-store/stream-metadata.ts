/** Of a stream's metadata, what decides which of its events can be read. */
export interface StreamMetadata {
  maxCount?: number;
  truncateBefore?: number;
  maxAgeSeconds?: number;
}

/** The truncate-before of a stream that was soft-deleted. It is the largest long; JSON in JavaScript rounds it. */
const DELETED = 9223372036854775807n;

export const METASTREAM_PREFIX = '$$';

/** A metastream keeps its last event only: documented under "Stream metadata". */
export const METASTREAM_METADATA: StreamMetadata = { maxCount: 1 };

export function metastreamOf(streamName: string): string {
  return METASTREAM_PREFIX + streamName;
}

export function isMetastream(streamName: string): boolean {
  return streamName.startsWith(METASTREAM_PREFIX);
}

export function originalStreamOf(metastreamName: string): string {
  return metastreamName.slice(METASTREAM_PREFIX.length);
}

/** Metadata that isn't a JSON object counts as none, as in the real server. */
export function parseMetadata(data: Uint8Array): StreamMetadata {
  const json = asObject(data);
  const metadata: StreamMetadata = {};
  if (isCount(json['$maxCount'])) metadata.maxCount = json['$maxCount'];
  if (isCount(json['$tb'])) metadata.truncateBefore = json['$tb'];
  if (isCount(json['$maxAge'])) metadata.maxAgeSeconds = json['$maxAge'];
  return metadata;
}

export function isSoftDeleted(metadata: StreamMetadata | undefined): boolean {
  return metadata?.truncateBefore !== undefined && metadata.truncateBefore >= Number(DELETED);
}

/** The metadata that soft-deletes the stream; what else it held stays. */
export function softDeleted(data: Uint8Array | undefined): Buffer {
  return withTruncateBefore(data, DELETED);
}

/** The metadata with its events readable again from the revision on. */
export function withTruncateBefore(data: Uint8Array | undefined, revision: bigint): Buffer {
  const others = Object.entries(data ? asObject(data) : {}).filter(([key]) => key !== '$tb');
  const fields = others.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  return Buffer.from(`{${[...fields, `"$tb":${revision}`].join(',')}}`);
}

function asObject(data: Uint8Array): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(Buffer.from(data).toString());
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? { ...json } : {};
  } catch {
    return {};
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0;
}
