import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { DESTROYED, type KeyId, type Keyring } from './data-keys.js';

/**
 * The key of one append, derived (HKDF) from the keys of all whom it is about: no further key is stored, and whoever
 * destroys one of those keys destroys this one too. Undefined where one of them is destroyed.
 */
export function appendKey(
  about: Iterable<KeyId>,
  keyring: Keyring,
  purpose: 'reason' | 'request',
  commandId: string,
): Buffer | undefined {
  const keys: Buffer[] = [];
  for (const id of [...new Set(about)].toSorted()) {
    const key = keyring.get(id);
    if (key === undefined) throw new RangeError(`key ${id} was not asked for`);
    if (key === DESTROYED) return undefined;
    keys.push(key);
  }
  return Buffer.from(hkdfSync('sha256', Buffer.concat(keys), '', JSON.stringify([purpose, commandId]), 32));
}

/** What is stored of a request, to tell it from another one with the same command id. */
export function requestMac(request: string, key: Buffer): string {
  return createHmac('sha256', key).update(request).digest('base64url');
}

/** Whether the stored code is that of the request. */
export function isMacOf(stored: string, request: string, key: Buffer): boolean {
  const [a, b] = [Buffer.from(stored), Buffer.from(requestMac(request, key))];
  return a.length === b.length && timingSafeEqual(a, b);
}
