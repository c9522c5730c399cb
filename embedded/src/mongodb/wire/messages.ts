import { decodeCommand } from '../bson/codec.js';
import type { Document } from '../bson/types.js';
import { crc32c } from './crc32c.js';

export const HEADER_BYTES = 16;
export const MOST_MESSAGE_BYTES = 48_000_000;

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;

const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;
const REQUIRED_FLAGS = 0xffff;

/** A command, however it came over the wire. */
export interface CommandMessage {
  requestId: number;
  body: Document;
  /** The client waits for no answer. */
  unanswered: boolean;
  /** Whether it came as OP_QUERY, which is answered with OP_REPLY. */
  legacy: boolean;
}

/** Bytes that are no message of the protocol: the connection cannot go on. */
export class ProtocolError extends Error {}

/** @throws ProtocolError */
export function parseMessage(message: Buffer): CommandMessage {
  const requestId = message.readInt32LE(4);
  const opCode = message.readInt32LE(12);
  try {
    if (opCode === OP_MSG) return parseMsg(message, requestId);
    if (opCode === OP_QUERY) return parseQuery(message, requestId);
  } catch (error) {
    throw new ProtocolError(`a malformed message: ${error instanceof Error ? error.message : 'unknown'}`);
  }
  throw new ProtocolError(`unsupported message type ${opCode}`);
}

function parseMsg(message: Buffer, requestId: number): CommandMessage {
  const flags = message.readUInt32LE(HEADER_BYTES);
  if ((flags & REQUIRED_FLAGS & ~(CHECKSUM_PRESENT | MORE_TO_COME)) !== 0) throw new Error('unknown flags');
  const hasChecksum = (flags & CHECKSUM_PRESENT) !== 0;
  const end = message.length - (hasChecksum ? 4 : 0);
  if (hasChecksum && crc32c(message.subarray(0, end)) !== message.readUInt32LE(end))
    throw new Error('wrong checksum');
  let body: Document | undefined;
  const sequences: [string, Uint8Array[]][] = [];
  let offset = HEADER_BYTES + 4;
  while (offset < end) {
    const kind = message[offset];
    offset += 1;
    const size = message.readInt32LE(offset);
    if (size < 5 || offset + size > end) throw new Error('a section does not fit');
    const section = message.subarray(offset, offset + size);
    offset += size;
    if (kind === 0 && !body) body = decodeCommand(section);
    else if (kind === 1) sequences.push(parseSequence(section));
    else throw new Error(`unexpected section of kind ${kind}`);
  }
  if (!body) throw new Error('no body');
  for (const [name, documents] of sequences) {
    if (Object.hasOwn(body, name)) throw new Error(`${name} comes twice`);
    body[name] = documents;
  }
  return { requestId, body, unanswered: (flags & MORE_TO_COME) !== 0, legacy: false };
}

function parseSequence(section: Buffer): [string, Uint8Array[]] {
  const nameEnd = section.indexOf(0, 4);
  const documents: Uint8Array[] = [];
  for (let offset = nameEnd + 1; offset < section.length;) {
    const size = section.readInt32LE(offset);
    if (size < 5 || offset + size > section.length) throw new Error('a document does not fit');
    documents.push(section.subarray(offset, offset + size));
    offset += size;
  }
  return [section.toString('utf8', 4, nameEnd), documents];
}

function parseQuery(message: Buffer, requestId: number): CommandMessage {
  const nameStart = HEADER_BYTES + 4;
  const nameEnd = message.indexOf(0, nameStart);
  const collection = message.toString('utf8', nameStart, nameEnd);
  if (!collection.endsWith('.$cmd')) throw new Error('OP_QUERY on a collection');
  const body = decodeCommand(message.subarray(nameEnd + 1 + 8));
  body.$db = collection.slice(0, -'.$cmd'.length);
  return { requestId, body, unanswered: false, legacy: true };
}

/** The bytes that answer a message. */
export function encodeReply({ requestId, legacy }: CommandMessage, reply: Uint8Array): Buffer {
  // OP_REPLY: flags AwaitCapable, no cursor, from 0, one document. OP_MSG: no flags, one body section.
  const prefix = legacy ? Buffer.alloc(20) : Buffer.alloc(5);
  if (legacy) {
    prefix.writeInt32LE(8, 0);
    prefix.writeInt32LE(1, 16);
  }
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeInt32LE(HEADER_BYTES + prefix.length + reply.length, 0);
  header.writeInt32LE(requestId, 8);
  header.writeInt32LE(legacy ? OP_REPLY : OP_MSG, 12);
  return Buffer.concat([header, prefix, reply]);
}
