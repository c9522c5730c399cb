import { createHmac, timingSafeEqual } from 'node:crypto';
import { DESTROYED, type KeyId, type Keyring } from './data-keys.js';

/** What an append needs a key for: to encrypt its reason, and to tell its request from others. */
export type AppendKeyUse = 'reason' | 'request';

/**
 * A key of one append for one use: 32 bytes, derived from the keys of all whom it is about. So no further key is
 * stored, and whoever destroys one of those keys destroys this one too. Undefined where one of them is destroyed.
 *
 * It is the step "expand" of HKDF (RFC 5869), for one block. Its section 3.3 lets the step "extract" go where the input
 * is itself a strong key, as ours, of random bytes, are; it would take longer than everything else here.
 */
export function appendKey(
  use: AppendKeyUse,
  about: Iterable<KeyId>,
  keyring: Keyring,
  commandId: string,
): Buffer | undefined {
  const keys: Buffer[] = [];
  for (const id of [...new Set(about)].toSorted()) {
    const key = keyring.get(id);
    if (key === undefined) throw new RangeError(`key ${id} was not asked for`);
    if (key === DESTROYED) return undefined;
    keys.push(key);
  }
  return createHmac('sha256', Buffer.concat(keys)).update(`append ${use} ${commandId}\u0001`).digest();
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
