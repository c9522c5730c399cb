import { hash, randomUUID } from 'node:crypto';
import type { ContactBookCommand } from '../contact-book/commands.js';
import { type ClientRef, clientKey } from '../event-log/contact-book-stream.js';
import type { Actor } from '../event-log/stored-form.js';

/**
 * The id of a command. An idempotency key belongs to client and caller: the same key of the same caller at the
 * same client is the same command, on any replica. Without a key each command is a new one.
 */
export function commandIdOf(client: ClientRef, actor: Actor, idempotencyKey: string | undefined): string {
  if (idempotencyKey === undefined) return randomUUID();
  return uuidFrom(['command', clientKey(client), actor.kind, actor.id, idempotencyKey]);
}

/** The id of the contact that a command adds; of the n-th one where it adds several. */
export function newContactIdOf(commandId: string, index = 0): string {
  return uuidFrom(['contact', commandId, String(index)]);
}

/** A request in its canonical form: it tells apart two requests that come with one idempotency key. */
export function requestOf(command: ContactBookCommand): string {
  return JSON.stringify(command, (_, value: unknown) => (isRecord(value) ? sorted(value) : value));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sorted(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** A UUID of version 8 (RFC 9562): made from a hash of the parts. */
function uuidFrom(parts: readonly string[]): string {
  const bytes = hash('sha256', JSON.stringify(parts), 'buffer').subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
