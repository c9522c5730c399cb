import { arrayPosition, hasField, setField } from '../bson/paths.js';
import { isDocument, missing, type Document } from '../bson/types.js';
import { CommandError } from '../errors.js';

const MOST_PADDING = 1_500_000;

/** The value at an update's path, which goes through arrays only by position; `missing` where there is none. */
export function valueAt(document: Document, path: readonly string[]): unknown {
  let value: unknown = document;
  for (const part of path) {
    if (Array.isArray(value)) {
      const position = arrayPosition(part);
      if (position === undefined || position >= value.length) return missing;
      value = value[position];
    } else if (isDocument(value) && hasField(value, part)) value = value[part];
    else return missing;
  }
  return value;
}

/**
 * Sets the value at an update's path, making documents on the way.
 * @throws CommandError PathNotViable where something else than a document or an array is in the way
 */
export function setAt(document: Document, path: readonly string[], value: unknown): void {
  let container: unknown = document;
  path.forEach((part, depth) => {
    const isLast = depth === path.length - 1;
    if (Array.isArray(container)) {
      const position = arrayPosition(part);
      if (position === undefined) throw notViable(path, depth, container);
      if (position > container.length + MOST_PADDING) {
        throw new CommandError('BadValue', "can't backfill more than 1500000 elements");
      }
      while (container.length < position) container.push(null);
      if (isLast) container[position] = value;
      else if (position === container.length) container.push({});
      container = container[position];
    } else if (isDocument(container)) {
      if (isLast) setField(container, part, value);
      else if (!hasField(container, part)) setField(container, part, {});
      container = container[part];
    } else throw notViable(path, depth, container);
  });
}

/** Removes the field at an update's path; an array element becomes null. */
export function unsetAt(document: Document, path: readonly string[]): void {
  if (valueAt(document, path) === missing) return;
  const container = valueAt(document, path.slice(0, -1));
  const last = path.at(-1)!;
  if (Array.isArray(container)) container[Number(last)] = null;
  else delete (container as Document)[last];
}

function notViable(path: readonly string[], depth: number, container: unknown): CommandError {
  const parent = path[depth - 1] ?? '';
  const shown = Array.isArray(container) ? 'an array' : `a ${typeof container}`;
  return new CommandError(
    'PathNotViable',
    `Cannot create field '${path[depth]}' in element {${parent}: ${shown}}`,
  );
}
