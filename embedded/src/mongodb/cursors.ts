import { randomInt } from 'node:crypto';
import { Long } from 'bson';
import { RawDocument } from './bson/codec.js';
import type { Document } from './bson/types.js';
import { CommandError } from './errors.js';

const MOST_BATCH_BYTES = 16 * 1024 * 1024;
const IDLE_MILLISECONDS = 10 * 60_000;
const FIRST_BATCH_DOCUMENTS = 101;

interface Cursor {
  namespace: string;
  /** The results that are left; encoded when they are taken. */
  results: Iterator<Uint8Array>;
  /** The result that did not fit into the last batch. */
  ahead: Uint8Array | undefined;
  lastUse: number;
}

/** The results of queries that did not fit into one batch, until they are fetched or forgotten. */
export class Cursors {
  private readonly open = new Map<string, Cursor>();
  private readonly sweep = setInterval(() => this.forgetIdle(), 60_000).unref();

  close(): void {
    clearInterval(this.sweep);
    this.open.clear();
  }

  /**
   * The reply to a query: its first batch, and a cursor where there is more.
   * @param batchSize the most documents in the first batch; undefined for the default of 101
   */
  start(
    namespace: string,
    results: Iterable<Uint8Array>,
    batchSize = FIRST_BATCH_DOCUMENTS,
    single = false,
  ): Document {
    const cursor = { namespace, results: results[Symbol.iterator](), ahead: undefined, lastUse: Date.now() };
    const firstBatch = takeBatch(cursor, batchSize);
    const isDone = single || isExhausted(cursor);
    const id = isDone ? '0' : String(randomInt(1, 2 ** 47));
    if (!isDone) this.open.set(id, cursor);
    return { cursor: { firstBatch, id: Long.fromString(id), ns: namespace } };
  }

  /** @throws CommandError CursorNotFound */
  next(id: string, namespace: string, batchSize = Infinity): Document {
    const cursor = this.open.get(id);
    if (!cursor) throw new CommandError('CursorNotFound', `cursor id ${id} not found`);
    if (cursor.namespace !== namespace) {
      throw new CommandError(
        'BadValue',
        `Requested getMore on namespace '${namespace}', but cursor belongs to another`,
      );
    }
    cursor.lastUse = Date.now();
    const nextBatch = takeBatch(cursor, batchSize);
    const isDone = isExhausted(cursor);
    if (isDone) this.open.delete(id);
    return { cursor: { nextBatch, id: Long.fromString(isDone ? '0' : id), ns: namespace } };
  }

  /** Whether there was such a cursor. */
  kill(id: string): boolean {
    return this.open.delete(id);
  }

  private forgetIdle(): void {
    const limit = Date.now() - IDLE_MILLISECONDS;
    for (const [id, { lastUse }] of this.open) if (lastUse < limit) this.open.delete(id);
  }
}

function takeBatch(cursor: Cursor, batchSize: number): RawDocument[] {
  const batch: RawDocument[] = [];
  let bytes = 0;
  while (batch.length < batchSize) {
    const next = peek(cursor);
    if (!next || (batch.length > 0 && bytes + next.length > MOST_BATCH_BYTES)) break;
    cursor.ahead = undefined;
    batch.push(new RawDocument(next));
    bytes += next.length;
  }
  return batch;
}

function isExhausted(cursor: Cursor): boolean {
  return peek(cursor) === undefined;
}

function peek(cursor: Cursor): Uint8Array | undefined {
  if (cursor.ahead === undefined) {
    const { value, done } = cursor.results.next();
    if (!done) cursor.ahead = value;
  }
  return cursor.ahead;
}
