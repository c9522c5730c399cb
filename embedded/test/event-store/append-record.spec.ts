import { describe, expect, it } from '@jest/globals';
import {
  decodeAppend,
  encodeAppend,
  frameBody,
  frameCreatedTicks,
  frameId,
  type EventFrame,
} from '../../src/event-store/append-record.js';

const frame = (number: number): EventFrame => ({
  id: Buffer.alloc(16, number),
  type: `Type-é-${number}`,
  createdTicks: 17_600_000_000_000_000n + BigInt(number),
  body: Buffer.from(`body ${number}`),
});

describe('an append on disk', () => {
  it('is found again with the stream and the place, type, id, time and body of each event', () => {
    const { record, frames } = encodeAppend('events', 'strëam', [frame(1), frame(2)]);
    const decoded = decodeAppend(record);
    expect(decoded).toEqual({ kind: 'events', streamName: 'strëam', frames });
    const second = record.subarray(frames[1]!.start, frames[1]!.start + frames[1]!.length);
    expect(frameBody(second).toString()).toBe('body 2');
    expect(frameId(second)).toEqual(Buffer.alloc(16, 2));
    expect(frameCreatedTicks(second)).toBe(17_600_000_000_000_002n);
  });

  it('keeps whether it is a tombstone', () => {
    expect(decodeAppend(encodeAppend('tombstone', 's', [frame(1)]).record).kind).toBe('tombstone');
  });

  it('of a kind that a later version made is not guessed at', () => {
    const { record } = encodeAppend('events', 's', [frame(1)]);
    record.writeUInt8(9, 0);
    expect(() => decodeAppend(record)).toThrow('kind 9');
  });
});
