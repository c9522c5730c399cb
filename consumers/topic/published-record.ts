import type { IHeaders } from 'kafkajs';
import { CONTRACTS } from '../../contracts/contract.js';
import { RecordChecker } from '../../contracts/record-checker.js';

/** A record that keeps to the contract. */
export interface PublishedRecord {
  readonly topic: string;
  readonly partition: number;
  /** Where it was produced from: `<workspace>/<client>`, or on portal-access that with `/<contact>`. */
  readonly key: string;
  /** `client-contacts.billing-route.v1` */
  readonly type: string;
  /** The client's revision; undefined on a record that is about a partition, as a heartbeat is. */
  readonly revision: number | undefined;
  /** The record's `ce_time`. By that of a heartbeat, or of what happened to a client, everything before it is written. */
  readonly time: Date;
  /** As the schema of its type says; nothing is known of it where the type is newer than this consumer. */
  readonly value: Readonly<Record<string, unknown>>;
}

/** A message as kafkajs gives it. */
export interface RawMessage {
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: IHeaders;
}

/**
 * A record that can't be read: it breaks its schema, or has another version of one than this consumer knows. Passing
 * over it could lose a route or a withdrawal, so the consumer must stop. The message names no value of it.
 */
export class UnreadableRecord extends Error {
  override readonly name = 'UnreadableRecord';
  /** What kafkajs looks at: reading it once more would not help. */
  readonly retriable = false;
}

export const HEARTBEAT = 'client-contacts.heartbeat.v1';

/** Reads messages by the JSON Schemas of the contract. */
export class RecordReader {
  constructor(private readonly checker: RecordChecker) {}

  static async ofContract(): Promise<RecordReader> {
    return new RecordReader(await RecordChecker.ofFolder(CONTRACTS));
  }

  /**
   * The record that a message holds. One whose type is not in the contract yet is given as it is, to be passed over.
   * Raises UnreadableRecord.
   */
  read(topic: string, partition: number, message: RawMessage): PublishedRecord {
    const unreadable = (why: string) =>
      new UnreadableRecord(`offset ${message.offset} of ${topic}/${partition} can't be read: ${why}`);
    const headers = textOf(message.headers ?? {});
    const key = message.key?.toString() ?? '';
    const type = headers['ce_type'] ?? '';
    const value = parsed(message.value);
    if (typeof value !== 'object' || value === null) throw unreadable('its value is no JSON object');
    if (this.checker.knowsOtherVersionOf(type)) throw unreadable(`this consumer knows no ${type}`);
    const faults = this.checker.knows(type)
      ? this.checker.faultsIn({ topic, key, headers, value })
      : this.checker.envelopeFaultsIn(headers);
    if (faults.length > 0) throw unreadable(faults.join(', '));
    return {
      topic,
      partition,
      key,
      type,
      revision: headers['ce_sequence'] === undefined ? undefined : Number(headers['ce_sequence']),
      time: new Date(headers['ce_time']!),
      value: value as PublishedRecord['value'],
    };
  }
}

function parsed(value: Buffer | null): unknown {
  try {
    return JSON.parse(String(value));
  } catch {
    return undefined;
  }
}

function textOf(headers: IHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, header]) => [name, String(header)]));
}
