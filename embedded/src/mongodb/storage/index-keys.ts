import { arrayPosition, hasField } from '../bson/paths.js';
import { compareValues } from '../bson/order.js';
import { isDocument, type Document } from '../bson/types.js';
import { CommandError } from '../errors.js';

/** One value for each field of an index or a sort. */
export type Key = unknown[];

export interface DocumentKeys {
  keys: Key[];
  /** The positions of the fields whose values came out of an array. */
  multikey: ReadonlySet<number>;
}

interface Cursor {
  value: unknown;
  rest: readonly string[];
}

/**
 * The keys under which an index holds a document: one, or one for each element of an array on the way.
 * A missing field counts as null, an empty array as undefined.
 * @throws CommandError CannotIndexParallelArrays where two fields lead through two arrays
 */
export function documentKeys(document: Document, paths: readonly (readonly string[])[]): DocumentKeys {
  const keys: Key[] = [];
  const multikey = new Set<number>();
  expand(
    paths.map((path) => descend(document, path)),
    paths,
    keys,
    multikey,
  );
  return { keys: keys.length > 1 ? distinct(keys) : keys, multikey };
}

/** Follows a path until its end, or until the first array on it. */
function descend(value: unknown, path: readonly string[]): Cursor {
  const [part, ...rest] = path;
  if (part === undefined) return { value, rest: path };
  if (Array.isArray(value)) {
    const position = arrayPosition(part);
    if (position === undefined || position >= value.length) return { value, rest: path };
    return descend(value[position], rest);
  }
  if (!isDocument(value) || !hasField(value, part)) return { value: null, rest: [] };
  return descend(value[part], rest);
}

function expand(
  cursors: Cursor[],
  paths: readonly (readonly string[])[],
  keys: Key[],
  multikey: Set<number>,
  settled: ReadonlySet<number> = new Set(),
): void {
  let array: unknown[] | undefined;
  let arrayField = -1;
  cursors.forEach(({ value }, field) => {
    if (settled.has(field) || !Array.isArray(value)) return;
    multikey.add(field);
    if (array !== undefined && array !== value) {
      const [first, second] = [paths[field]!.join('.'), paths[arrayField]!.join('.')];
      throw new CommandError(
        'CannotIndexParallelArrays',
        `cannot index parallel arrays [${first}] [${second}]`,
      );
    }
    array = value;
    arrayField = field;
  });
  if (array === undefined) {
    keys.push(cursors.map(({ value }) => value));
    return;
  }
  const expanded = array;
  const inArray = (field: number) => !settled.has(field) && cursors[field]!.value === expanded;
  if (expanded.length === 0) {
    keys.push(
      cursors.map(({ value, rest }, field) =>
        inArray(field) ? (rest.length > 0 ? null : undefined) : value,
      ),
    );
    return;
  }
  for (const element of expanded) {
    const nowSettled = new Set(settled);
    const next = cursors.map((cursor, field) => {
      if (!inArray(field)) {
        nowSettled.add(field);
        return cursor;
      }
      if (cursor.rest.length > 0 && isDocument(element)) return descend(element, cursor.rest);
      nowSettled.add(field);
      return { value: cursor.rest.length > 0 ? null : element, rest: [] };
    });
    expand(next, paths, keys, multikey, nowSettled);
  }
}

function distinct(keys: Key[]): Key[] {
  const sorted = keys.toSorted(compareKeys);
  return sorted.filter((key, position) => position === 0 || compareKeys(sorted[position - 1]!, key) !== 0);
}

function compareKeys(left: Key, right: Key): number {
  for (let field = 0; field < left.length; field += 1) {
    const difference = compareValues(left[field], right[field]);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Compares two keys field by field, each in its direction: 1 upwards, -1 downwards. */
export function compareInDirections(left: Key, right: Key, directions: readonly (1 | -1)[]): number {
  for (let field = 0; field < directions.length; field += 1) {
    const difference = compareValues(left[field], right[field]);
    if (difference !== 0) return difference * directions[field]!;
  }
  return 0;
}
