import { setField, splitPath, withValue } from '../bson/paths.js';
import { toDouble, toInteger } from '../bson/numbers.js';
import { isDocument, isNumeric, typeOf, type Document } from '../bson/types.js';
import { CommandError, notImplemented } from '../errors.js';
import type { Expression } from '../aggregation/expression.js';
import { compileExpression, evaluate } from '../aggregation/expressions.js';
import { compileFilter, type Predicate } from './filter.js';

export type Projection = (document: Document) => Document;

/** What to do with a field: keep or leave out all of it, go on inside, or compute something of its array. */
type Node = { fields: Map<string, Node> } | { keep: boolean } | { apply: (value: unknown) => unknown };

/**
 * Compiles a projection; undefined where it keeps everything. That of a `find` may take parts of an array
 * by `$slice` and `$elemMatch`; both may compute fields by expressions.
 * @throws CommandError for a projection that MongoDB refuses
 */
export function compileProjection(
  specification: unknown,
  kind: 'find' | 'pipeline' = 'find',
): Projection | undefined {
  if (specification === undefined || specification === null) return undefined;
  if (!isDocument(specification)) throw new CommandError('TypeMismatch', 'a projection must be a document');
  if (Object.keys(specification).length === 0) return undefined;
  const root: Node = { fields: new Map() };
  const leaves: { path: string; keep: boolean }[] = [];
  const computed: { path: string[]; expression: Expression }[] = [];
  let hasElementMatch = false;
  for (const [path, value] of flatten(specification, '')) {
    const node = leaf(path, value, kind);
    if (!node) computed.push({ path: splitPath(path), expression: compileExpression(value) });
    else if ('keep' in node && path !== '_id') leaves.push({ path, keep: node.keep });
    if (kind === 'find' && isDocument(value) && '$elemMatch' in value) hasElementMatch = true;
    place(root.fields, path, node ?? { keep: false });
  }
  const modes = new Set(leaves.map(({ keep }) => keep));
  if (modes.size > 1) {
    const odd = leaves.find(({ keep }) => keep !== leaves[0]!.keep)!;
    const [code, kind] = odd.keep
      ? (['Location31253', 'inclusion on field %s in exclusion'] as const)
      : (['Location31254', 'exclusion on field %s in inclusion'] as const);
    throw new CommandError(code, `Cannot do ${kind.replace('%s', odd.path)} projection`);
  }
  const id = root.fields.get('_id');
  const keepsId = id !== undefined && 'keep' in id && id.keep;
  const inclusive = leaves[0]?.keep ?? (computed.length > 0 || hasElementMatch || keepsId);
  if (!inclusive && computed.length > 0) {
    throw new CommandError('Location31252', 'Cannot use an expression in an exclusion projection');
  }
  if (inclusive && !id) root.fields.set('_id', { keep: true });
  return (document) => {
    const values = computed.map(({ path, expression }) => ({ path, value: evaluate(expression, document) }));
    const kept = project(document, root.fields, inclusive);
    return values.reduce<unknown>(
      (result, { path, value }) => withValue(result, path, value),
      kept,
    ) as Document;
  };
}

function* flatten(specification: Document, prefix: string): Generator<[string, unknown]> {
  for (const [name, value] of Object.entries(specification)) {
    if (name.startsWith('$')) throw notImplemented(`the projection operator ${name}`);
    if (isDocument(value) && !Object.keys(value).some((key) => key.startsWith('$'))) {
      if (Object.keys(value).length === 0)
        throw new CommandError('BadValue', 'an empty sub-projection is not a valid value');
      yield* flatten(value, `${prefix}${name}.`);
    } else yield [prefix + name, value];
  }
}

/** What a value in a projection says of its field; undefined for an expression. */
function leaf(path: string, value: unknown, kind: 'find' | 'pipeline'): Node | undefined {
  if (path.split('.').some((part) => part.startsWith('$'))) throw notImplemented('the positional projection');
  const type = typeOf(value);
  if (type === 'bool') return { keep: value as boolean };
  if (isNumeric(type)) return { keep: toDouble(value) !== 0 };
  if (kind === 'find' && isDocument(value)) {
    const [operator, ...others] = Object.keys(value);
    if (others.length === 0 && operator === '$slice') return { apply: slice(value.$slice) };
    if (others.length === 0 && operator === '$elemMatch') return { apply: firstMatch(value.$elemMatch) };
  }
  return undefined;
}

function slice(operand: unknown): (value: unknown) => unknown {
  const parts = (Array.isArray(operand) ? (operand as unknown[]) : [operand]).map((part) =>
    isNumeric(typeOf(part)) ? toInteger(part) : undefined,
  );
  const [first, count] = parts;
  if (parts.length > 2 || parts.includes(undefined) || first === undefined) {
    throw new CommandError('Location28667', '$slice only supports numbers and [skip, limit] arrays');
  }
  if (parts.length === 1) {
    return (value) =>
      Array.isArray(value) ? (first >= 0 ? value.slice(0, first) : value.slice(first)) : value;
  }
  if (count! <= 0) throw new CommandError('Location28667', '$slice limit must be positive');
  return (value) => {
    if (!Array.isArray(value)) return value;
    const start = first >= 0 ? first : Math.max(0, value.length + first);
    return value.slice(start, start + count!) as unknown[];
  };
}

function firstMatch(operand: unknown): (value: unknown) => unknown {
  if (!isDocument(operand))
    throw new CommandError('BadValue', 'elemMatch: Invalid argument, object required');
  const matches: Predicate = compileFilter({ array: { $elemMatch: operand } });
  return (value) => {
    if (!Array.isArray(value)) return absent;
    const found = value.find((element: unknown) => matches({ array: [element] })) as unknown;
    return found === undefined ? absent : [found];
  };
}

const absent = Symbol('absent');

function place(fields: Map<string, Node>, path: string, node: Node): void {
  const parts = splitPath(path);
  const last = parts.pop()!;
  let target = fields;
  for (const part of parts) {
    const inner = target.get(part) ?? { fields: new Map<string, Node>() };
    if (!('fields' in inner)) throw collision(path);
    target.set(part, inner);
    target = inner.fields;
  }
  if (target.has(last)) throw collision(path);
  target.set(last, node);
}

function collision(path: string): CommandError {
  return new CommandError('Location31249', `Path collision at ${path}`);
}

function project(document: Document, nodes: Map<string, Node>, inclusive: boolean): Document {
  const result: Document = {};
  for (const [name, value] of Object.entries(document)) {
    const node = nodes.get(name);
    const projected = node ? projectValue(value, node, inclusive) : inclusive ? absent : value;
    if (projected !== absent) setField(result, name, projected);
  }
  return result;
}

function projectValue(value: unknown, node: Node, inclusive: boolean): unknown {
  if ('keep' in node) return node.keep ? value : absent;
  if ('apply' in node) return node.apply(value);
  if (Array.isArray(value)) {
    const elements = value.map((element: unknown) => projectValue(element, node, inclusive));
    return elements.filter((element) => element !== absent);
  }
  if (isDocument(value)) return project(value, node.fields, inclusive);
  return inclusive ? absent : value;
}
