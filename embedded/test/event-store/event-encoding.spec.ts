import streams from '@eventstore/db-client/generated/streams_pb.js';
import { describe, expect, it } from '@jest/globals';
import { encodeAppend } from '../../src/event-store/append-record.js';
import {
  encodeEvent,
  encodeReadEvent,
  eventData,
  formatUuid,
  parseUuid,
} from '../../src/event-store/event-encoding.js';

const id = '0f8fad5b-d9cb-469f-a165-70867728950e';
const stored = (data: Uint8Array) => {
  const event = {
    id: parseUuid(id)!,
    type: 'T',
    contentType: 'application/json',
    data,
    metadata: Buffer.from('{}'),
  };
  const { record, frames } = encodeAppend('events', 's-1', [
    encodeEvent('s-1', 3n, 17_600_000_000_000_000n, event),
  ]);
  return record.subarray(frames[0]!.start);
};

describe('the encoding of an event', () => {
  it.each([1, 127, 128, 16_383, 16_384, 2 ** 31, 2 ** 40 + 5])(
    'at position %d is what the generated code reads',
    (position) => {
      const response = streams.ReadResp.deserializeBinary(
        encodeReadEvent(stored(Buffer.from('{"n":1}')), position),
      );
      const event = response.getEvent()!.getEvent()!;
      expect(response.getEvent()!.getCommitPosition()).toBe(String(position));
      expect([event.getCommitPosition(), event.getPreparePosition()]).toEqual([
        String(position),
        String(position),
      ]);
      expect(event.getId()!.getString()).toBe(id);
      expect(event.getStreamRevision()).toBe('3');
      expect(Buffer.from(event.getStreamIdentifier()!.getStreamName_asU8()).toString()).toBe('s-1');
      expect(Object.fromEntries(event.getMetadataMap().toObject())).toEqual({
        type: 'T',
        'content-type': 'application/json',
        created: '17600000000000000',
      });
      expect(Buffer.from(event.getData_asU8()).toString()).toBe('{"n":1}');
      expect(Buffer.from(event.getCustomMetadata_asU8()).toString()).toBe('{}');
    },
  );

  it('gives back the data of a large event', () => {
    const data = Buffer.alloc(300_000, 7);
    expect(Buffer.compare(Buffer.from(eventData(stored(data))), data)).toBe(0);
  });

  it('takes a UUID in its string form only, in any case', () => {
    expect(formatUuid(parseUuid(id.toUpperCase())!)).toBe(id);
    for (const text of ['', 'x', id.slice(1), `${id}0`]) expect(parseUuid(text)).toBeUndefined();
  });
});
