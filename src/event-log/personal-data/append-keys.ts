import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { DESTROYED, type KeyId, type Keyring } from './data-keys.js';

/** What the reason of one append is encrypted with, and what its request is told from others by. */
export interface AppendKeys {
  readonly reason: Buffer;
  readonly request: Buffer;
}

/**
 * The keys of one append, derived (HKDF) from the keys of all whom it is about: no further key is stored, and whoever
 * destroys one of those keys destroys these too. Undefined where one of them is destroyed.
 */
export function appendKeys(
  about: Iterable<KeyId>,
  keyring: Keyring,
  commandId: string,
): AppendKeys | undefined {
  const keys: Buffer[] = [];
  for (const id of [...new Set(about)].toSorted()) {
    const key = keyring.get(id);
    if (key === undefined) throw new RangeError(`key ${id} was not asked for`);
    if (key === DESTROYED) return undefined;
    keys.push(key);
  }
  const derived = Buffer.from(hkdfSync('sha256', Buffer.concat(keys), '', `append ${commandId}`, 64));
  return { reason: derived.subarray(0, 32), request: derived.subarray(32) };
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
