import { describe, expect, it } from '@jest/globals';
import { ProducerStates } from '../../src/kafka/log/producer-states.js';
import type { BatchHeader } from '../../src/kafka/log/record-batch.js';

const MAX_SEQUENCE = 0x7fffffff;

function batch(
  baseSequence: number,
  baseOffset: number,
  records = 1,
  more: Partial<BatchHeader> = {},
): BatchHeader {
  return {
    baseOffset,
    lastOffset: baseOffset + records - 1,
    attributes: 0,
    compression: 0,
    isTransactional: false,
    isControl: false,
    hasDeleteHorizon: false,
    baseTimestamp: 0,
    maxTimestamp: 0,
    producerId: 1,
    producerEpoch: 0,
    baseSequence,
    recordCount: records,
    ...more,
  };
}

function statesAfter(...batches: BatchHeader[]): ProducerStates {
  const states = new ProducerStates();
  for (const each of batches) states.accept(each);
  return states;
}

describe('the states of producers', () => {
  it('let a producer nobody knows begin anywhere', () => {
    expect(statesAfter().check(batch(42, 0))).toBeUndefined();
  });

  it('count through the largest sequence number to 0', () => {
    const states = statesAfter(batch(MAX_SEQUENCE - 1, 0, 2));
    expect(states.check(batch(0, 2))).toBeUndefined();
    expect(() => states.check(batch(1, 2))).toThrow('does not follow');
  });

  it('know a batch that wraps around when it comes again', () => {
    const states = statesAfter(batch(MAX_SEQUENCE, 0, 3));
    expect(states.check(batch(MAX_SEQUENCE, 9, 3))).toBe(0);
    expect(states.check(batch(2, 3))).toBeUndefined();
  });

  it('forget a batch that five others have followed', () => {
    const states = statesAfter(...[0, 1, 2, 3, 4, 5].map((n) => batch(n, n)));
    expect(states.check(batch(1, 9))).toBe(1);
    expect(() => states.check(batch(0, 9))).toThrow('does not follow');
  });

  it('are raised to the epoch of an end marker, which fences the earlier one', () => {
    const states = statesAfter(batch(0, 0), batch(-1, 1, 1, { isControl: true, producerEpoch: 1 }));
    expect(() => states.check(batch(1, 2))).toThrow('was succeeded');
    expect(states.check(batch(0, 2, 1, { producerEpoch: 1 }))).toBeUndefined();
  });

  it('are the same after they were dumped and restored', () => {
    const restored = new ProducerStates();
    restored.restore(JSON.parse(JSON.stringify(statesAfter(batch(0, 0), batch(1, 1)).dump())));
    expect(restored.check(batch(1, 9))).toBe(1);
    expect(restored.check(batch(2, 9))).toBeUndefined();
  });

  it('do not ask a producer without an id for anything', () => {
    const anonymous = batch(-1, 0, 1, { producerId: -1, producerEpoch: -1 });
    expect(statesAfter(anonymous).check(anonymous)).toBeUndefined();
  });
});
