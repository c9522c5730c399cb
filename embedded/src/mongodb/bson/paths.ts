import { isDocument, missing, type Document } from './types.js';

/** A dotted path in its parts. */
export function splitPath(path: string): string[] {
  return path.split('.');
}

/** The array position that a part of a path names, or undefined. */
export function arrayPosition(part: string): number | undefined {
  return /^(0|[1-9]\d*)$/.test(part) ? Number(part) : undefined;
}

export function hasField(document: Document, name: string): boolean {
  return Object.hasOwn(document, name);
}

/** Sets a field, also one whose name JavaScript would treat as special. */
export function setField(document: Document, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(document, name, { value, writable: true, enumerable: true, configurable: true });
  } else document[name] = value;
}

/**
 * Visits what a filter's path leads to, going through every array on its way: all end points, `missing`
 * where a document on the way lacks the field. Stops, with true, at the first for which `visit` says true.
 */
export function someEndPoint(
  value: unknown,
  path: readonly string[],
  visit: (endPoint: unknown) => boolean,
  depth = 0,
): boolean {
  const part = path[depth];
  if (part === undefined) return visit(value);
  if (Array.isArray(value)) {
    const inElements = value.some(
      (element) => isDocument(element) && someEndPoint(element, path, visit, depth),
    );
    if (inElements) return true;
    const position = arrayPosition(part);
    if (position === undefined || position >= value.length) return false;
    const element: unknown = value[position];
    const canGoOn = depth + 1 === path.length || isDocument(element) || Array.isArray(element);
    return canGoOn && someEndPoint(element, path, visit, depth + 1);
  }
  if (!isDocument(value) || !hasField(value, part)) return visit(missing);
  return someEndPoint(value[part], path, visit, depth + 1);
}

/** A copy of the document with the value at the path, in each element where the path meets an array; `missing` removes. */
export function withValue(target: unknown, path: readonly string[], value: unknown): unknown {
  const [part, ...rest] = path;
  if (part === undefined) return value;
  if (Array.isArray(target)) return target.map((element) => withValue(element, path, value));
  const document = isDocument(target) ? { ...target } : {};
  const next = rest.length === 0 ? value : withValue(document[part], rest, value);
  if (next === missing) delete document[part];
  else setField(document, part, next);
  return document;
}
