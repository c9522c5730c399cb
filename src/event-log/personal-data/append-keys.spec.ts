import { createHmac, createSecretKey, hkdfSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { fixedKey } from '../../../test/fixtures/data-keys-in-memory.js';
import { isSameMac, reasonKey, requestMac } from './append-keys.js';
import { type DataKey, DESTROYED, type Keyring } from './data-keys.js';

const keyring: Keyring = new Map<string, DataKey>([
  ['ann', fixedKey('ann')],
  ['bob', fixedKey('bob')],
  ['gone', DESTROYED],
]);
const append = { about: ['ann', 'bob'], commandId: 'command' };
const others = [
  { ...append, about: ['ann'] },
  { ...append, about: ['bob'] },
  { ...append, commandId: 'other' },
];
const inAnotherOrder = { ...append, about: ['bob', 'ann', 'bob'] };

describe('the key of a reason', () => {
  const bytesOf = (of: typeof append) => reasonKey(of, keyring)!.export();

  it('follows from the keys of all whom the append is about, in any order and number', () => {
    expect(bytesOf(inAnotherOrder)).toEqual(bytesOf(append));
    for (const other of others) expect(bytesOf(other)).not.toEqual(bytesOf(append));
  });

  it('is what HKDF expands those keys to (RFC 5869)', () => {
    const prk = createHmac('sha256', 'salt').update('input').digest();
    const expanded = Buffer.from(hkdfSync('sha256', 'input', 'salt', 'append reason command', 32));
    const key = reasonKey({ about: ['prk'], commandId: 'command' }, new Map([['prk', createSecretKey(prk)]]));
    expect(key!.export()).toEqual(expanded);
  });

  it('is gone with the key of anyone whom the append is about, and never made without one that should be there', () => {
    expect(reasonKey({ ...append, about: ['ann', 'gone'] }, keyring)).toBeUndefined();
    expect(() => reasonKey({ ...append, about: ['ann', 'unknown'] }, keyring)).toThrow(RangeError);
  });
});

describe('the code of a request', () => {
  const mac = requestMac('request', append, keyring)!;

  it('tells the request from any other, at any other append and about anyone else', () => {
    expect(isSameMac(mac, requestMac('request', inAnotherOrder, keyring)!)).toBe(true);
    expect(isSameMac(mac, requestMac('Request', append, keyring)!)).toBe(false);
    for (const other of others) expect(isSameMac(mac, requestMac('request', other, keyring)!)).toBe(false);
  });

  it('is told from one that was cut', () => {
    expect(isSameMac(mac.slice(1), mac)).toBe(false);
  });

  it('is gone with the key of anyone whom the append is about, and never made without one that should be there', () => {
    expect(requestMac('request', { ...append, about: ['ann', 'gone'] }, keyring)).toBeUndefined();
    expect(() => requestMac('request', { ...append, about: ['ann', 'unknown'] }, keyring)).toThrow(
      RangeError,
    );
  });
});
