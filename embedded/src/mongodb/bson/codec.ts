import { deserialize, onDemand, serialize, type DeserializeOptions } from 'bson';
import type { Document } from './types.js';

const typed: DeserializeOptions = {
  promoteValues: false,
  promoteLongs: false,
  promoteBuffers: false,
  bsonRegExp: true,
};

/** Decodes BSON without losing any value's type. */
export function decode(bytes: Uint8Array): Document {
  return deserialize(bytes, typed);
}

/** Decodes a command; the documents that it asks to insert stay as the bytes that came in. */
export function decodeCommand(bytes: Uint8Array): Document {
  return deserialize(bytes, { ...typed, fieldsAsRaw: { documents: true } });
}

/** A document that is sent, or stored, as the bytes it is made of. */
export class RawDocument {
  constructor(readonly bytes: Uint8Array) {}
}

/** A copy in memory of its own: bytes that are kept must not hold on to a larger buffer. */
export function own(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  return copy;
}

/** Encodes a document, in which raw documents may stand as fields or array elements at any depth. */
export function encode(document: Document): Uint8Array {
  if (!holdsRaw(document)) return serialize(document, { ignoreUndefined: false });
  const elements: Uint8Array[] = [];
  for (const [name, value] of Object.entries(document)) {
    if (value instanceof RawDocument) elements.push(header(0x03, name), value.bytes);
    else if (Array.isArray(value) && holdsRaw(value)) elements.push(header(0x04, name), encode({ ...value }));
    else if (holdsRaw(value)) elements.push(header(0x03, name), encode(value));
    else elements.push(serialize({ [name]: value }).subarray(4, -1));
  }
  return assemble(elements);
}

/** The document with `_id` as its first field, added where it has none. */
export function withIdFirst(bytes: Uint8Array, newId: () => unknown): Uint8Array {
  const fields = [...onDemand.parseToElements(bytes)];
  const isId = ([, offset, length]: (typeof fields)[number]) =>
    length === 3 && bytes[offset] === 0x5f && bytes[offset + 1] === 0x69 && bytes[offset + 2] === 0x64;
  const position = fields.findIndex(isId);
  if (position === 0) return bytes;
  if (position === -1) return assemble([serialize({ _id: newId() }).subarray(4, -1), bytes.subarray(4, -1)]);
  const [, nameOffset, , offset, length] = fields[position]!;
  return assemble([
    bytes.subarray(nameOffset - 1, offset + length),
    bytes.subarray(4, nameOffset - 1),
    bytes.subarray(offset + length, -1),
  ]);
}

function holdsRaw(value: unknown): value is Document {
  if (value === null || typeof value !== 'object') return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== Array.prototype) return false;
  return Object.values(value).some((member) => member instanceof RawDocument || holdsRaw(member));
}

function header(type: number, name: string): Uint8Array {
  return Buffer.from(`${String.fromCharCode(type)}${name}\0`);
}

function assemble(elements: Uint8Array[]): Uint8Array {
  const size = elements.reduce((sum, element) => sum + element.length, 5);
  const bytes = Buffer.alloc(size);
  bytes.writeInt32LE(size, 0);
  let offset = 4;
  for (const element of elements) {
    bytes.set(element, offset);
    offset += element.length;
  }
  return bytes;
}
