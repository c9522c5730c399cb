import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { DESTROYED, type KeyId, type Keyring } from './data-keys.js';

/** An append, as its keys know it: all whom it is about, and the command that it comes from. */
export interface AboutAppend {
  readonly about: Iterable<KeyId>;
  readonly commandId: string;
}

/**
 * The key that an append's reason is encrypted with: derived from the keys of all whom the append is about. So no
 * further key is stored, and whoever destroys one of those keys destroys this one too. Undefined where one of them is
 * destroyed.
 *
 * It is the step "expand" of HKDF (RFC 5869), for one block. Its section 3.3 lets the step "extract" go where the input
 * is itself a strong key, as ours, of random bytes, are; it would take longer than everything else here.
 */
export function reasonKey({ about, commandId }: AboutAppend, keyring: Keyring): KeyObject | undefined {
  const key = keyOfAll(about, keyring);
  return (
    key && createSecretKey(createHmac('sha256', key).update(`append reason ${commandId}\u0001`).digest())
  );
}

/**
 * What is stored of an append's request, to tell it from another one with the same command id. It can't be made anew
 * once the key of anyone whom the append is about is destroyed: then it is undefined.
 */
export function requestMac(
  request: string,
  { about, commandId }: AboutAppend,
  keyring: Keyring,
): string | undefined {
  const key = keyOfAll(about, keyring);
  return (
    key && createHmac('sha256', key).update(`append request ${commandId}\n${request}`).digest('base64url')
  );
}

/** Whether two codes of requests are the same. */
export function isSameMac(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function keyOfAll(about: Iterable<KeyId>, keyring: Keyring): KeyObject | undefined {
  const keys: KeyObject[] = [];
  for (const id of [...new Set(about)].toSorted()) {
    const key = keyring.get(id);
    if (key === undefined) throw new RangeError(`key ${id} was not asked for`);
    if (key === DESTROYED) return undefined;
    keys.push(key);
  }
  return keys.length === 1 ? keys[0] : createSecretKey(Buffer.concat(keys.map((key) => key.export())));
}
