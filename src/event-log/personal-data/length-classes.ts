/** Texts of one class can't be told apart by the length of their ciphertexts. */
export const CLASS_BYTES = 256;

const HEADER_BYTES = 4;
const ENCODINGS = ['utf8', 'utf16le'] as const;

/**
 * The text as bytes, filled up to its length class. It is encoded in whichever of UTF-8 and UTF-16 is shorter: that
 * bounds the bytes of the largest append.
 */
export function padded(text: string): Buffer {
  const encodings = ENCODINGS.map((encoding) => Buffer.from(text, encoding));
  const encoding = encodings[1]!.length < encodings[0]!.length ? 1 : 0;
  const bytes = encodings[encoding]!;
  const result = Buffer.alloc(Math.ceil((HEADER_BYTES + bytes.length) / CLASS_BYTES) * CLASS_BYTES);
  result.writeUInt8(encoding);
  result.writeUIntBE(bytes.length, 1, 3);
  bytes.copy(result, HEADER_BYTES);
  return result;
}

/** The text that was padded. Raises a RangeError for bytes that aren't of that form. */
export function unpadded(bytes: Buffer): string {
  const encoding = ENCODINGS[bytes.readUInt8()];
  const end = HEADER_BYTES + bytes.readUIntBE(1, 3);
  if (!encoding || end > bytes.length) throw new RangeError('not a padded text');
  return bytes.toString(encoding, HEADER_BYTES, end);
}
