import type { Message, TopicMessages } from 'kafkajs';
import { RecordTooLarge } from './publication-errors.js';

/** What the records of one request may have together: each partition's share is one record batch for the broker. */
const REQUEST_BYTES = 500_000;
/** Kafka's own default is 1 MiB for a batch, its frame included. */
export const MAX_RECORD_BYTES = 1_000_000;
/** Lengths, offsets and times of a record, and of each header, at most. */
const FRAME_BYTES = 32;
const HEADER_FRAME_BYTES = 8;

/**
 * The records in as few requests as may be, each small enough for a broker, every topic's in their order. Raises
 * RecordTooLarge.
 */
export function requestsFor(topicMessages: readonly TopicMessages[]): TopicMessages[][] {
  const requests: TopicMessages[][] = [];
  let room = 0;
  for (const { topic, messages } of topicMessages) {
    for (const message of messages) {
      const bytes = bytesOf(message);
      if (bytes > MAX_RECORD_BYTES) throw tooLarge(message, bytes);
      if (bytes > room) {
        requests.push([]);
        room = REQUEST_BYTES;
      }
      room -= bytes;
      const request = requests.at(-1)!;
      if (request.at(-1)?.topic === topic) request.at(-1)!.messages.push(message);
      else request.push({ topic, messages: [message] });
    }
  }
  return requests;
}

function bytesOf({ key, value, headers = {} }: Message): number {
  const headerBytes = Object.entries(headers).reduce(
    (sum, [name, header]) => sum + HEADER_FRAME_BYTES + length(name) + length(header as string),
    0,
  );
  return FRAME_BYTES + length(key as string) + length(value as string) + headerBytes;
}

function length(text: string): number {
  return Buffer.byteLength(text);
}

function tooLarge({ key, headers = {} }: Message, bytes: number): RecordTooLarge {
  return new RecordTooLarge(String(key), Number(headers['ce_sequence']), bytes);
}
