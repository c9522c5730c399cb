import { createCipheriv, createDecipheriv, type KeyObject, randomFillSync } from 'node:crypto';
import { padded, unpadded } from './length-classes.js';

const CIPHER = 'aes-256-gcm';
/** The first byte of what is sealed: the algorithm and the layout of the bytes behind it. */
const LAYOUT = 1;
const NONCE_BYTES = 12;
const NONCE_END = 1 + NONCE_BYTES;
const TAG_BYTES = 16;
/** To ask for twelve random bytes takes almost as long as to ask for thousands. */
const RANDOM_BYTES = 340 * NONCE_BYTES;

let random = Buffer.alloc(0);

/** Encrypts a JSON value with a key of 32 bytes, bound to the place that it is stored in. Returns base64. */
export function seal(value: unknown, key: KeyObject, place: readonly (string | null)[]): string {
  const nonce = newNonce();
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(additionalData(place));
  const sealed = [cipher.update(padded(compactJson(value))), cipher.final(), cipher.getAuthTag()];
  return Buffer.concat([Buffer.of(LAYOUT), nonce, ...sealed]).toString('base64');
}

/** The value that was sealed. Raises an Error for another key or place, and for anything that was changed. */
export function unseal(sealed: string, key: KeyObject, place: readonly (string | null)[]): unknown {
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes[0] !== LAYOUT) throw new RangeError('an unknown layout');
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(1, NONCE_END), { authTagLength: TAG_BYTES })
    .setAAD(additionalData(place))
    .setAuthTag(bytes.subarray(-TAG_BYTES));
  const text = [decipher.update(bytes.subarray(NONCE_END, -TAG_BYTES)), decipher.final()];
  return parsedCompactJson(unpadded(Buffer.concat(text)));
}

/**
 * JSON, but for the quotes and backslashes in its texts: with one control character each, which JSON itself never
 * holds, no text takes more than its length.
 */
function compactJson(value: unknown): string {
  return JSON.stringify(value).replace(/\\(["\\])/g, (_, escaped) => (escaped === '"' ? '\u0001' : '\u0002'));
}

function parsedCompactJson(text: string): unknown {
  return JSON.parse(text.replaceAll('\u0001', '\\"').replaceAll('\u0002', '\\\\'));
}

/** Twelve random bytes that were never given before, and which nothing else holds. */
function newNonce(): Buffer {
  if (random.length === 0) random = randomFillSync(Buffer.alloc(RANDOM_BYTES));
  const nonce = random.subarray(0, NONCE_BYTES);
  random = random.subarray(NONCE_BYTES);
  return nonce;
}

function additionalData(place: readonly (string | null)[]): Buffer {
  return Buffer.from(JSON.stringify(place));
}
