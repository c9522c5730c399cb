import { randomUUID } from 'node:crypto';
import { EventStoreDBClient, jsonEvent, type JSONEventData } from '@eventstore/db-client';

/** A client for the server that the environment names. At most one of a process should append: the client library breaks with two. */
export function connect(): EventStoreDBClient {
  return EventStoreDBClient.connectionString(url());
}

/** The host and port of that server. */
export function address(): string {
  return new URL(url()).host;
}

function url(): string {
  const url = process.env['EVENTSTORE_URL'];
  if (!url) throw new Error('EVENTSTORE_URL names no server');
  return url;
}

/** A name that no other test uses, so that these tests can share a server with anyone. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${randomUUID()}`;
}

export function event(number: number, type = 'Counted'): JSONEventData {
  return jsonEvent({ type, data: { number }, metadata: { index: number } });
}

export function events(count: number, first = 0): JSONEventData[] {
  return Array.from({ length: count }, (_, at) => event(first + at));
}

/** The `number` of each event of `events`, in the order in which they come. */
export async function numbers(resolved: AsyncIterable<{ event?: { data: unknown } }>): Promise<number[]> {
  const found: number[] = [];
  for await (const { event } of resolved) found.push((event!.data as { number: number }).number);
  return found;
}

/** Takes the next `count` items, and leaves the iteration open. */
export async function take<T>(iterator: AsyncIterator<T>, count: number): Promise<T[]> {
  const items: T[] = [];
  while (items.length < count) {
    const { value, done } = await iterator.next();
    if (done) break;
    items.push(value);
  }
  return items;
}

/** The error that the promise is rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<Record<string, unknown>> {
  try {
    await promise;
  } catch (error) {
    return error as Record<string, unknown>;
  }
  throw new Error('it was expected to fail');
}
