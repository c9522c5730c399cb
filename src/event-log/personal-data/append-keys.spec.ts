import { createHmac, hkdfSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { fixedKey } from '../../../test/fixtures/data-keys-in-memory.js';
import { appendKey, isMacOf, requestMac } from './append-keys.js';
import { type DataKey, DESTROYED, type Keyring } from './data-keys.js';

const keyring: Keyring = new Map<string, DataKey>([
  ['ann', fixedKey('ann')],
  ['bob', fixedKey('bob')],
  ['gone', DESTROYED],
]);

describe('the keys of an append', () => {
  const key = appendKey('request', ['ann', 'bob'], keyring, 'command')!;

  it('follow from the keys of all whom it is about, in any order and number', () => {
    expect(appendKey('request', ['bob', 'ann', 'bob'], keyring, 'command')).toEqual(key);
  });

  it('are what HKDF expands those keys to (RFC 5869)', () => {
    const prk = createHmac('sha256', 'salt').update('input').digest();
    const expanded = Buffer.from(hkdfSync('sha256', 'input', 'salt', 'append request command', 32));
    expect(appendKey('request', ['prk'], new Map([['prk', prk]]), 'command')).toEqual(expanded);
  });

  it('are others for other people, for another command and for each use', () => {
    const others = [
      appendKey('reason', ['ann', 'bob'], keyring, 'command')!,
      appendKey('request', ['ann'], keyring, 'command')!,
      appendKey('request', ['ann', 'bob'], keyring, 'other')!,
    ];
    for (const other of others) expect(other).not.toEqual(key);
  });

  it('are gone with the key of anyone whom it is about', () => {
    expect(appendKey('request', ['ann', 'gone'], keyring, 'command')).toBeUndefined();
  });

  it('are never made without a key that should be there', () => {
    expect(() => appendKey('request', ['ann', 'unknown'], keyring, 'command')).toThrow(RangeError);
  });

  it('tell a request from any other, and from a code that was cut', () => {
    const mac = requestMac('request', key);
    expect(isMacOf(mac, 'request', key)).toBe(true);
    expect(isMacOf(mac, 'Request', key)).toBe(false);
    expect(isMacOf(mac, 'request', fixedKey('bob'))).toBe(false);
    expect(isMacOf(mac.slice(1), 'request', key)).toBe(false);
  });
});
