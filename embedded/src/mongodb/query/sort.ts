import { splitPath } from '../bson/paths.js';
import { toDouble } from '../bson/numbers.js';
import { isDocument, isNumeric, typeOf, type Document } from '../bson/types.js';
import { CommandError, notImplemented } from '../errors.js';
import { compareInDirections, documentKeys, type Key } from '../storage/index-keys.js';

/** A sort by fields, each upwards (1) or downwards (-1). */
export interface Sort {
  fields: string[];
  directions: (1 | -1)[];
  /** What the document sorts by: of an array, the element that comes first in the sort's own order. */
  keyOf(document: Document): Key;
  compare(left: Key, right: Key): number;
}

/** @throws CommandError BadValue for a specification that MongoDB refuses */
export function compileSort(specification: unknown): Sort | undefined {
  if (specification === undefined || specification === null) return undefined;
  if (!isDocument(specification)) throw new CommandError('TypeMismatch', 'a sort must be a document');
  const entries = Object.entries(specification);
  if (entries.length === 0) return undefined;
  const fields = entries.map(([field]) => field);
  if (fields.some((field) => field.startsWith('$'))) {
    // The order in which documents came is the order without a sort.
    if (entries.length === 1 && fields[0] === '$natural' && directionOf(entries[0]![1]) === 1)
      return undefined;
    throw notImplemented(`a sort by ${fields.join(', ')}`);
  }
  const directions = entries.map(([, direction]) => directionOf(direction));
  const paths = fields.map(splitPath);
  const compare = (left: Key, right: Key) => compareInDirections(left, right, directions);
  const keyOf = (document: Document) => {
    const { keys } = parallelAware(() => documentKeys(document, paths));
    return keys.reduce((first, key) => (compare(key, first) < 0 ? key : first));
  };
  return { fields, directions, keyOf, compare };
}

function directionOf(direction: unknown): 1 | -1 {
  if (isDocument(direction))
    throw new CommandError('BadValue', '$meta sort is not supported by the embedded server');
  const number = isNumeric(typeOf(direction)) ? toDouble(direction) : 0;
  if (number === 1 || number === -1) return number;
  throw new CommandError('BadValue', '$sort key ordering must be 1 (for ascending) or -1 (for descending)');
}

function parallelAware<T>(keys: () => T): T {
  try {
    return keys();
  } catch (error) {
    if (error instanceof CommandError)
      throw new CommandError('BadValue', 'cannot sort with keys that are parallel arrays');
    throw error;
  }
}
