import { describe, expect, it } from '@jest/globals';
import {
  isSoftDeleted,
  parseMetadata,
  softDeleted,
  withTruncateBefore,
} from '../../src/event-store/stream-metadata.js';

describe('stream metadata', () => {
  it('is read for what hides events', () => {
    const data = Buffer.from('{"$maxCount":3,"$tb":4,"$maxAge":60,"$acl":{"$r":"x"},"own":1}');
    expect(parseMetadata(data)).toEqual({ maxCount: 3, truncateBefore: 4, maxAgeSeconds: 60 });
  });

  it.each(['', 'no json', '[1]', 'null', '{"$maxCount":"3"}', '{"$tb":-1}'])('%j hides nothing', (text) => {
    expect(parseMetadata(Buffer.from(text))).toEqual({});
  });

  it('that soft-deletes a stream is known as such, exact to the last digit, and keeps what else it held', () => {
    const data = softDeleted(Buffer.from('{"own":{"a":[1]},"$tb":7}'));
    expect(data.toString()).toBe('{"own":{"a":[1]},"$tb":9223372036854775807}');
    expect(isSoftDeleted(parseMetadata(data))).toBe(true);
    expect(isSoftDeleted(parseMetadata(withTruncateBefore(data, 8n)))).toBe(false);
  });
});
