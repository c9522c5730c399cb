import { describe, expect, it } from '@jest/globals';
import { CLASS_BYTES, padded, unpadded } from './length-classes.js';

const texts = ['', 'ann@x.example', 'Ann Zwölfer 🎻', '鈴木 杏'.repeat(100), 'x'.repeat(CLASS_BYTES * 3)];

describe('a padded text', () => {
  it.each(texts)('comes back as it was: %#', (text) => {
    expect(unpadded(padded(text))).toBe(text);
  });

  it.each(texts)('fills its length class: %#', (text) => {
    expect(padded(text).length % CLASS_BYTES).toBe(0);
  });

  it('has the length of every other text of its class', () => {
    const lengths = [0, 1, 100, 252].map((length) => padded('x'.repeat(length)).length);
    expect(new Set(lengths)).toEqual(new Set([CLASS_BYTES]));
    expect(padded('x'.repeat(253))).toHaveLength(2 * CLASS_BYTES);
  });

  it('takes no more than two bytes for each UTF-16 code unit, whatever the script', () => {
    for (const text of ['鈴'.repeat(5000), '🎻'.repeat(2500), 'ö'.repeat(5000)])
      expect(padded(text).length).toBeLessThan(10_000 + 2 * CLASS_BYTES);
  });

  it('is refused in a form that padding never gives', () => {
    expect(() => unpadded(Buffer.from([2, 0, 0, 0, 0]))).toThrow(RangeError);
    expect(() => unpadded(Buffer.from([0, 0, 0, 9, 0]))).toThrow(RangeError);
  });
});
