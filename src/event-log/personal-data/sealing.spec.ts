import { generateKeySync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { seal, unseal } from './sealing.js';

const newKey = () => generateKeySync('aes', { length: 256 });
const key = newKey();
const place = ['ws', 'client', 'ann', 'event-1', 'details'];

describe('a sealed value', () => {
  it.each([
    'ann@x.example',
    { name: 'Ann "The \\" Archer\\', title: null },
    { name: '\\"', title: '"\\"\\\\', nested: { erased: true } },
    { name: '\u0001\u0002 \\u0001 \n\\n', list: ['"', '\\'] },
    { name: '鈴木 杏 🎻 \ud83c' },
  ])('comes back as it was: %j', (value) => {
    expect(unseal(seal(value, key, place), key, place)).toEqual(value);
  });

  it.each([0, 1, 2, 3, 4])('can not be read where part %d of its place is another', (part) => {
    const sealed = seal('ann@x.example', key, place);
    expect(() => unseal(sealed, key, place.with(part, 'other'))).toThrow();
  });

  it('can not be read with another key', () => {
    expect(() => unseal(seal('ann@x.example', key, place), newKey(), place)).toThrow();
  });

  it('is never sealed twice in the same way, nor with a nonce that was used', () => {
    const nonceOf = (sealed: string) => Buffer.from(sealed, 'base64').subarray(1, 13).toString('hex');
    const sealed = Array.from({ length: 2_000 }, () => seal('ann@x.example', key, place));
    expect(new Set(sealed).size).toBe(2_000);
    expect(new Set(sealed.map(nonceOf)).size).toBe(2_000);
  });

  it('takes no more room for quotes than for letters', () => {
    const lengthOf = (text: string) => seal(text.repeat(600), key, place).length;
    expect(lengthOf('"')).toBe(lengthOf('a'));
    expect(lengthOf('\\')).toBe(lengthOf('a'));
  });
});
