import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { padded, unpadded } from './length-classes.js';

const CIPHER = 'aes-256-gcm';
/** The first byte of what is sealed: the algorithm and the layout of the bytes behind it. */
const LAYOUT = 1;
const NONCE_END = 13;
const TAG_BYTES = 16;

/** Encrypts a JSON value with a key of 32 bytes, bound to the place that it is stored in. Returns base64. */
export function seal(value: unknown, key: Buffer, place: readonly (string | null)[]): string {
  const nonce = randomBytes(NONCE_END - 1);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(additionalData(place));
  const sealed = [cipher.update(padded(compactJson(value))), cipher.final(), cipher.getAuthTag()];
  return Buffer.concat([Buffer.of(LAYOUT), nonce, ...sealed]).toString('base64');
}

/** The value that was sealed. Raises an Error for another key or place, and for anything that was changed. */
export function unseal(sealed: string, key: Buffer, place: readonly (string | null)[]): unknown {
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

function additionalData(place: readonly (string | null)[]): Buffer {
  return Buffer.from(JSON.stringify(place));
}
