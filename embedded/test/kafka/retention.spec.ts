import { describe, expect, it } from '@jest/globals';
import { BatchIndex } from '../../src/kafka/log/batch-index.js';
import { cleanableTo, expiredBefore } from '../../src/kafka/log/retention.js';
import { TopicConfig } from '../../src/kafka/topic-config.js';

const NOW = 1_000_000;
const EVERYTHING_STABLE = 1_000;

/** Batches of 10 records and 100 bytes each, by the age of their newest record. */
function indexOf(...ages: number[]): BatchIndex {
  const index = new BatchIndex();
  ages.forEach((age, i) =>
    index.add({
      baseOffset: i * 10,
      lastOffset: i * 10 + 9,
      position: i * 108,
      bytes: 100,
      maxTimestamp: NOW - age,
    }),
  );
  return index;
}

describe('the index of batches', () => {
  it('finds the batch that holds an offset, the next one where none does, and none behind the last', () => {
    const index = indexOf(0, 0, 0);
    expect([0, 9, 10, 29, 30].map((offset) => index.firstReaching(offset))).toEqual([0, 0, 1, 2, 3]);
  });

  it('forgets whole batches before an offset, and their bytes', () => {
    const index = indexOf(...Array<number>(100).fill(0));
    index.dropBefore(975);
    expect([index.length, index.totalBytes, index.at(0).baseOffset]).toEqual([3, 300, 970]);
  });
});

describe('retention', () => {
  const expired = (config: Record<string, string>, index: BatchIndex, stable = EVERYTHING_STABLE) =>
    expiredBefore(index, new TopicConfig(config), stable, NOW);

  it('lets batches go from the first on while their newest record is too old', () => {
    const config = { 'retention.ms': '50' };
    expect(expired(config, indexOf(60, 51, 50, 70))).toBe(20);
    expect(expired(config, indexOf(10, 60))).toBe(0);
    expect(expired(config, indexOf(60, 60))).toBe(20);
  });

  it('lets batches go from the first on while the rest is large enough', () => {
    const config = { 'retention.ms': '-1', 'retention.bytes': '250' };
    expect(expired(config, indexOf(1, 1, 1, 1))).toBe(10);
    expect(expired(config, indexOf(1, 1))).toBe(0);
  });

  it('keeps everything when told so, and what is compacted only', () => {
    expect(expired({ 'retention.ms': '-1' }, indexOf(NOW))).toBe(0);
    expect(expired({ 'retention.ms': '1', 'cleanup.policy': 'compact' }, indexOf(NOW))).toBe(0);
    expect(expired({ 'retention.ms': '1', 'cleanup.policy': 'compact,delete' }, indexOf(NOW))).toBe(10);
  });

  it('lets nothing go that an open transaction may still decide', () => {
    expect(expired({ 'retention.ms': '1' }, indexOf(9, 9, 9), 15)).toBe(10);
  });
});

describe('compaction is due', () => {
  const soon = { 'cleanup.policy': 'compact', 'segment.ms': '50' };
  const due = (
    config: Record<string, string>,
    index: BatchIndex,
    cleaned = { to: 0, bytes: 0 },
    stable = 1000,
  ) => cleanableTo(index, new TopicConfig(config), cleaned, stable, NOW);

  it('up to the last batch, once the first that was not compacted is as old as a segment', () => {
    expect(due(soon, indexOf(60, 1, 1))).toBe(20);
    expect(due(soon, indexOf(40, 1, 1))).toBeUndefined();
  });

  it('or once what was not compacted is as large as a segment', () => {
    const config = { 'cleanup.policy': 'compact', 'segment.bytes': '250' };
    expect(due(config, indexOf(1, 1, 1))).toBe(20);
    expect(due(config, indexOf(1, 1))).toBeUndefined();
  });

  it('not before the share of it is what the topic asks for, unless it waited too long', () => {
    const index = indexOf(90, 90, 90, 60, 1);
    const cleaned = { to: 30, bytes: 300 };
    expect(due(soon, index, cleaned)).toBeUndefined();
    expect(due({ ...soon, 'min.cleanable.dirty.ratio': '0.4' }, index, cleaned)).toBe(40);
    expect(due({ ...soon, 'max.compaction.lag.ms': '60' }, index, cleaned)).toBe(40);
  });

  it('never for the last batch, for what is open, for what was done, or where nothing is compacted', () => {
    expect(due(soon, indexOf(60))).toBeUndefined();
    expect(due(soon, indexOf(60, 60, 60), undefined, 15)).toBe(15);
    expect(due(soon, indexOf(60, 60), { to: 10, bytes: 100 })).toBeUndefined();
    expect(due({ 'segment.ms': '50' }, indexOf(60, 60))).toBeUndefined();
  });
});
