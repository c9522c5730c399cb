import { describe, expect, it } from '@jest/globals';
import { EventIndex } from '../../src/event-store/event-index.js';

describe('the index of events', () => {
  const index = new EventIndex();
  for (let at = 0; at < 5000; at += 1) index.add(20 + at * 100, 90, `s-${at % 7}`, `T-${at % 3}`);

  it('knows place, length, stream and type of each event, however many there are', () => {
    expect(index.size).toBe(5000);
    expect(index.positionOf(4321)).toBe(20 + 432_100);
    expect(index.lengthOf(4321)).toBe(90);
    expect(index.streamOf(4321).name).toBe(`s-${4321 % 7}`);
    expect(index.typeOf(4321)).toBe(`T-${4321 % 3}`);
  });

  it.each([
    ['before all', 0n, 0],
    ['of an event', 120n, 1],
    ['between two events', 121n, 2],
    ['behind all', 10_000_000n, 5000],
  ])('finds the first event from a position %s on', (_case, position, ordinal) => {
    expect(index.firstFrom(position)).toBe(ordinal);
  });
});
