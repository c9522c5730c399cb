import { decode, encode } from '../bson/codec.js';
import { compareValues, equalValues } from '../bson/order.js';
import { someEndPoint, splitPath } from '../bson/paths.js';
import { isNumeric, typeOf } from '../bson/types.js';
import { toInteger } from '../bson/numbers.js';
import { CommandError } from '../errors.js';
import { execute, type Match, type Query } from '../query/execute.js';
import { compileFilter } from '../query/filter.js';
import { compileProjection } from '../query/projection.js';
import {
  flag,
  namespaceOf,
  optionalCount,
  optionalDocument,
  requiredArray,
  requiredString,
} from './arguments.js';
import type { Command, Request } from './command.js';

/** The query of a `find`. */
export function findQuery(request: Request): Query {
  const { sort, hint } = request.body;
  return {
    filter: optionalDocument(request, 'filter') ?? {},
    sort,
    hint,
    skip: optionalCount(request, 'skip') ?? 0,
    limit: optionalCount(request, 'limit'),
  };
}

const find: Command = {
  fields: [
    'filter',
    'sort',
    'projection',
    'hint',
    'skip',
    'limit',
    'batchSize',
    'singleBatch',
    'allowDiskUse',
    'noCursorTimeout',
    'allowPartialResults',
    'tailable',
    'awaitData',
  ],
  unsupported: ['collation', 'let', 'max', 'min', 'returnKey', 'showRecordId', 'oplogReplay'],
  run(request, { store, cursors }) {
    const namespace = namespaceOf(request);
    if (flag(request, 'tailable') || flag(request, 'awaitData')) {
      throw new CommandError(
        'BadValue',
        'error processing query: tailable cursor requested on non capped collection',
      );
    }
    const project = compileProjection(request.body.projection);
    const query = findQuery(request);
    const collection = store.find(namespace);
    const found: Uint8Array[] = [];
    if (collection) {
      for (const { stored } of execute(collection, query, request.deadline).matches) found.push(stored.bytes);
    } else compileFilter(query.filter);
    const results = project ? mapped(found, (bytes) => encode(project(decode(bytes)))) : found;
    return cursors.start(
      namespace,
      results,
      optionalCount(request, 'batchSize'),
      flag(request, 'singleBatch'),
    );
  },
};

function* mapped<T, R>(items: Iterable<T>, map: (item: T) => R): Generator<R> {
  for (const item of items) yield map(item);
}

const getMore: Command = {
  fields: ['collection', 'batchSize'],
  unsupported: ['term', 'lastKnownCommittedOpTime'],
  run(request, { cursors }) {
    const id = request.body.getMore;
    if (typeOf(id) !== 'long') throw new CommandError('TypeMismatch', "Field 'getMore' must be of type long");
    const batchSize = optionalCount(request, 'batchSize');
    if (batchSize === 0) throw new CommandError('BadValue', 'Batch size for getMore must be positive');
    return cursors.next(String(id), namespaceOf(request, 'collection'), batchSize);
  },
};

const killCursors: Command = {
  fields: ['cursors'],
  run(request, { cursors }) {
    const ids = requiredArray(request, 'cursors');
    const killed = ids.filter((id) => cursors.kill(String(id)));
    const cursorsNotFound = ids.filter((id) => !killed.includes(id));
    return { cursorsKilled: killed, cursorsNotFound, cursorsAlive: [], cursorsUnknown: [] };
  },
};

/** The query of a `count`, whose negative limit means the same as a positive one. */
export function countQuery(request: Request): Query {
  const { limit, hint } = request.body;
  const most =
    limit === undefined || limit === null ? 0 : isNumeric(typeOf(limit)) ? toInteger(limit) : undefined;
  if (most === undefined) throw new CommandError('TypeMismatch', 'the limit must be a number');
  return {
    filter: optionalDocument(request, 'query') ?? {},
    hint,
    skip: optionalCount(request, 'skip') ?? 0,
    limit: Math.abs(most),
  };
}

const count: Command = {
  fields: ['query', 'limit', 'skip', 'hint', 'fields'],
  unsupported: ['collation'],
  run(request, { store }) {
    const query = countQuery(request);
    const collection = store.find(namespaceOf(request));
    compileFilter(query.filter);
    if (!collection) return { n: 0 };
    let n = 0;
    for (const _match of execute(collection, query, request.deadline).matches) n += 1;
    return { n };
  },
};

const distinct: Command = {
  fields: ['key', 'query', 'hint'],
  unsupported: ['collation'],
  run(request, { store }) {
    const path = splitPath(requiredString(request, 'key'));
    const filter = optionalDocument(request, 'query') ?? {};
    const collection = store.find(namespaceOf(request));
    compileFilter(filter);
    if (!collection) return { values: [] };
    const { matches } = execute(collection, { filter, hint: request.body.hint }, request.deadline);
    return { values: distinctValues(matches, path) };
  },
};

function distinctValues(matches: Iterable<Match>, path: string[]): unknown[] {
  const values: { value: unknown }[] = [];
  for (const { document } of matches) {
    someEndPoint(document, path, (end) => {
      if (typeof end === 'symbol') return false;
      for (const value of Array.isArray(end) ? (end as unknown[]) : [end]) values.push({ value });
      return false;
    });
  }
  values.sort((left, right) => compareValues(left.value, right.value));
  return values
    .filter(({ value }, i) => i === 0 || !equalValues(values[i - 1]!.value, value))
    .map(({ value }) => value);
}

export const readingCommands: Record<string, Command> = { find, getMore, killCursors, count, distinct };
