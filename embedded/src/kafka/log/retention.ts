import type { TopicConfig } from '../topic-config.js';
import type { BatchIndex } from './batch-index.js';

/** What counts as a full segment here, where a topic allows more: a laptop's log is never a gibibyte. */
const MAX_SEGMENT_BYTES = 4 << 20;

/**
 * The offset before which the topic's time and size let records go; 0 when all may stay. Whole batches from
 * the first on, and none that `lastStableOffset` has not passed.
 */
export function expiredBefore(
  index: BatchIndex,
  { deletes, retentionMs, retentionBytes }: TopicConfig,
  lastStableOffset: number,
  now: number,
): number {
  if (!deletes) return 0;
  let start = 0;
  let excess = retentionBytes < 0 ? 0 : index.totalBytes - retentionBytes;
  for (let row = 0; row < index.length; row += 1) {
    const { maxTimestamp, lastOffset, bytes } = index.at(row);
    const isTooOld = retentionMs >= 0 && maxTimestamp < now - retentionMs;
    if ((!isTooOld && excess < bytes) || lastOffset >= lastStableOffset) break;
    excess -= bytes;
    start = lastOffset + 1;
  }
  return start;
}

/** How far a log was compacted. */
export interface Cleaned {
  /** The offset before which it was. */
  to: number;
  /** The size of what was left there. */
  bytes: number;
}

/**
 * The offset up to which a compaction that is due may reach, undefined when none is. Open transactions are left
 * out, and the last batch, as a real broker leaves out the segment that it writes to.
 */
export function cleanableTo(
  index: BatchIndex,
  config: TopicConfig,
  cleaned: Cleaned,
  lastStableOffset: number,
  now: number,
): number | undefined {
  if (!config.compacts || index.length === 0) return undefined;
  const limit = Math.min(lastStableOffset, index.at(index.length - 1).baseOffset);
  const firstDirty = index.firstReaching(cleaned.to);
  if (firstDirty >= index.length || index.at(firstDirty).baseOffset >= limit) return undefined;
  const age = now - index.at(firstDirty).maxTimestamp;
  const dirtyBytes = index.totalBytes - cleaned.bytes;
  const isSegmentFull =
    dirtyBytes >= Math.min(config.segmentBytes, MAX_SEGMENT_BYTES) || age >= config.segmentMs;
  const isDirtyEnough =
    dirtyBytes >= index.totalBytes * config.minCleanableDirtyRatio || age >= config.maxCompactionLagMs;
  return isSegmentFull && isDirtyEnough ? limit : undefined;
}
