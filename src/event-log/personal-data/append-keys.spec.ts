import { describe, expect, it } from '@jest/globals';
import { fixedKey } from '../../../test/fixtures/data-keys-in-memory.js';
import { appendKeys, isMacOf, requestMac } from './append-keys.js';
import { type DataKey, DESTROYED, type Keyring } from './data-keys.js';

const keyring: Keyring = new Map<string, DataKey>([
  ['ann', fixedKey('ann')],
  ['bob', fixedKey('bob')],
  ['gone', DESTROYED],
]);

describe('the keys of an append', () => {
  const keys = appendKeys(['ann', 'bob'], keyring, 'command')!;

  it('follow from the keys of all whom it is about, in any order and number', () => {
    expect(appendKeys(['bob', 'ann', 'bob'], keyring, 'command')).toEqual(keys);
    expect(keys.reason).toHaveLength(32);
    expect(keys.request).toHaveLength(32);
  });

  it('are others for other people, for another command and for each use', () => {
    const others = [
      keys.request,
      appendKeys(['ann'], keyring, 'command')!.reason,
      appendKeys(['ann', 'bob'], keyring, 'other')!.reason,
    ];
    for (const other of others) expect(other).not.toEqual(keys.reason);
  });

  it('are gone with the key of anyone whom it is about', () => {
    expect(appendKeys(['ann', 'gone'], keyring, 'command')).toBeUndefined();
  });

  it('are never made without a key that should be there', () => {
    expect(() => appendKeys(['ann', 'unknown'], keyring, 'command')).toThrow(RangeError);
  });

  it('tell a request from any other, and from a code that was cut', () => {
    const mac = requestMac('request', keys.request);
    expect(isMacOf(mac, 'request', keys.request)).toBe(true);
    expect(isMacOf(mac, 'Request', keys.request)).toBe(false);
    expect(isMacOf(mac, 'request', keys.reason)).toBe(false);
    expect(isMacOf(mac.slice(1), 'request', keys.request)).toBe(false);
  });
});
