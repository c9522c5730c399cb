import type { Stream } from './event-index.js';
import type { EventLog } from './event-log.js';
import {
  isMetastream,
  isSoftDeleted,
  metastreamOf,
  METASTREAM_METADATA,
  originalStreamOf,
  type StreamMetadata,
} from './stream-metadata.js';

/** Which events of a stream can be read: the revisions `first` to `last`, none when `first` is greater. */
export type StreamRange =
  | { state: 'found'; stream: Stream; first: number; last: number; maxAgeSeconds: number | undefined }
  | { state: 'not_found' }
  | { state: 'deleted' };

/** What a reader may see of a stream at this moment. */
export function readableRange(log: EventLog, streamName: string): StreamRange {
  if (hasTombstone(log, streamName, log.visible)) return { state: 'deleted' };
  const stream = log.index.stream(streamName);
  const last = stream ? lastRevision(stream, log.visible) : -1;
  const metadata = metadataOf(log, streamName, log.visible);
  if (!stream || last < 0 || isSoftDeleted(metadata)) return { state: 'not_found' };
  const { truncateBefore = 0, maxCount = Infinity, maxAgeSeconds } = metadata ?? {};
  return {
    state: 'found',
    stream,
    first: Math.max(truncateBefore, last - maxCount + 1, 0),
    last,
    maxAgeSeconds,
  };
}

/** The revision of the last event with an ordinal below `visible`; -1 when there is none. */
export function lastRevision(stream: Stream, visible: number): number {
  let last = stream.ordinals.length - 1;
  while (last >= 0 && stream.ordinals[last]! >= visible) last -= 1;
  return last;
}

/** A metastream goes with its stream. */
export function hasTombstone(log: EventLog, streamName: string, visible: number): boolean {
  const name = isMetastream(streamName) ? originalStreamOf(streamName) : streamName;
  return (log.index.stream(name)?.tombstone ?? Infinity) < visible;
}

export function metadataOf(log: EventLog, streamName: string, visible: number): StreamMetadata | undefined {
  if (isMetastream(streamName)) return METASTREAM_METADATA;
  return log.index.stream(metastreamOf(streamName))?.metadata?.findLast(({ ordinal }) => ordinal < visible)
    ?.value;
}
