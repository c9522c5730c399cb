import { ObjectId } from 'bson';
import { encode, own } from '../bson/codec.js';
import { splitPath } from '../bson/paths.js';
import { equalValues } from '../bson/order.js';
import { isDocument, missing, typeOf, type Document } from '../bson/types.js';
import { CommandError, notImplemented } from '../errors.js';
import { reshapingStages } from '../aggregation/reshaping.js';
import { isOperatorDocument } from '../query/filter.js';
import type { FieldUpdate } from './field-update.js';
import { fieldOperators } from './operators.js';
import { setAt, unsetAt, valueAt } from './paths.js';

const MOST_BYTES = 16 * 1024 * 1024;

/** A compiled update: operators that change fields, or a whole document in place of the former one. */
export interface Update {
  isReplacement: boolean;
  /** Changes the decoded document, or gives another one. Operators for inserts only are applied where `inserting`. */
  apply(document: Document, inserting: boolean): Document;
}

/** @throws CommandError for an update that MongoDB refuses; NotImplemented for positional operators */
export function compileUpdate(update: unknown): Update {
  if (Array.isArray(update)) return pipelineUpdate(update);
  if (!isDocument(update))
    throw new CommandError('FailedToParse', 'Update argument must be either an object or an array');
  const [first] = Object.keys(update);
  if (first === undefined || !first.startsWith('$')) return replacement(update);
  const changes = Object.entries(update).flatMap(([operator, fields]) => compileOperator(operator, fields));
  refuseConflicts(changes);
  // Like MongoDB, whatever the order in the update: new fields come in the order of their names.
  changes.sort((left, right) => comparePaths(left.path, right.path));
  return {
    isReplacement: false,
    apply(document, inserting) {
      for (const change of changes) if (inserting || !change.onInsertOnly) change.run(document);
      return document;
    },
  };
}

interface FieldChange {
  path: string[];
  onInsertOnly: boolean;
  run: (document: Document) => void;
}

function compileOperator(operator: string, fields: unknown): FieldChange[] {
  if (operator !== '$rename' && !Object.hasOwn(fieldOperators, operator)) {
    if (operator === '$bit') throw notImplemented('$bit');
    throw new CommandError(
      'FailedToParse',
      `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
    );
  }
  if (!isDocument(fields)) {
    throw new CommandError(
      'FailedToParse',
      `Modifiers operate on fields but we found type ${typeOf(fields)} instead`,
    );
  }
  return Object.entries(fields).flatMap(([name, operand]): FieldChange[] => {
    const path = updatePath(name);
    if (operator === '$rename') return rename(path, operand);
    const update = fieldOperators[operator]!(operand, name);
    return [
      { path, onInsertOnly: operator === '$setOnInsert', run: (document) => change(document, path, update) },
    ];
  });
}

function change(document: Document, path: string[], update: FieldUpdate): void {
  const present = valueAt(document, path);
  const next = update(present);
  if (next === missing) unsetAt(document, path);
  else if (next !== present) setAt(document, path, next);
}

function rename(from: string[], operand: unknown): FieldChange[] {
  if (typeof operand !== 'string')
    throw new CommandError('BadValue', "The 'to' field for $rename must be a string");
  const to = updatePath(operand);
  if (to.join('.') === from.join('.')) {
    throw new CommandError('BadValue', 'The source and target field for $rename must differ');
  }
  const run = (document: Document) => {
    const value = valueAt(document, from);
    if (value === missing) return;
    unsetAt(document, from);
    setAt(document, to, value);
  };
  return [
    { path: from, onInsertOnly: false, run },
    { path: to, onInsertOnly: false, run: () => {} },
  ];
}

function updatePath(name: string): string[] {
  const path = splitPath(name);
  if (name === '') throw new CommandError('Location40352', 'An empty update path is not valid.');
  if (path.includes('')) {
    throw new CommandError(
      'Location40353',
      `The update path '${name}' contains an empty field name, which is not allowed.`,
    );
  }
  if (path.some((part) => part === '$' || part.startsWith('$[')))
    throw notImplemented('positional operators in updates');
  const dollar = path.find((part) => part.startsWith('$') && !['$id', '$ref', '$db'].includes(part));
  if (dollar) {
    throw new CommandError(
      'DollarPrefixedFieldName',
      `The dollar ($) prefixed field '${dollar}' in '${name}' is not valid for storage.`,
    );
  }
  return path;
}

function refuseConflicts(changes: readonly FieldChange[]): void {
  const paths = changes.map(({ path }) => path);
  paths.forEach((path, i) => {
    const other = paths.find(
      (candidate, j) => j < i && (isPrefix(candidate, path) || isPrefix(path, candidate)),
    );
    if (!other) return;
    const shorter = other.length < path.length ? other : path;
    throw new CommandError(
      'ConflictingUpdateOperators',
      `Updating the path '${path.join('.')}' would create a conflict at '${shorter.join('.')}'`,
    );
  });
}

function isPrefix(prefix: readonly string[], path: readonly string[]): boolean {
  return prefix.length <= path.length && prefix.every((part, i) => part === path[i]);
}

function comparePaths(left: readonly string[], right: readonly string[]): number {
  for (let i = 0; i < Math.min(left.length, right.length); i += 1) {
    if (left[i] !== right[i]) return left[i]! < right[i]! ? -1 : 1;
  }
  return left.length - right.length;
}

function replacement(update: Document): Update {
  return {
    isReplacement: true,
    apply(document) {
      const { _id: former } = document;
      const { _id: own = former, ...fields } = update;
      return own === undefined ? fields : { _id: own, ...fields };
    },
  };
}

function pipelineUpdate(stages: readonly unknown[]): Update {
  const reshapes = stages.map((stage) => {
    const [only, ...others] = isDocument(stage) ? Object.entries(stage) : [];
    if (!only || others.length > 0) {
      throw new CommandError(
        'Location40323',
        'A pipeline stage specification object must contain exactly one field.',
      );
    }
    const [name, operand] = only;
    if (!Object.hasOwn(reshapingStages, name)) {
      throw new CommandError('InvalidOptions', `${name} is not allowed to be used within an update`);
    }
    return reshapingStages[name]!(operand);
  });
  return {
    isReplacement: false,
    apply(document) {
      const { _id: id } = document;
      const result = reshapes.reduce((input, reshape) => reshape(input), document);
      return '_id' in result || id === undefined ? result : { _id: id, ...result };
    },
  };
}

/**
 * The document and its bytes after an update.
 * @throws CommandError ImmutableField where the update changes `_id`; Location17419 over 16 MiB
 */
export function updated(document: Document, update: Update): { document: Document; bytes: Uint8Array } {
  const { _id: id } = document;
  const result = update.apply(document, false);
  if (!('_id' in result) || !equalValues(result._id, id)) {
    throw new CommandError(
      'ImmutableField',
      update.isReplacement
        ? "After applying the update, the (immutable) field '_id' was found to have been altered"
        : "Performing an update on the path '_id' would modify the immutable field '_id'",
    );
  }
  return { document: result, bytes: stored(result) };
}

/** The document that an upsert inserts: what the filter's equalities say, and the update upon it. */
export function upserted(filter: Document, update: Update): { document: Document; bytes: Uint8Array } {
  const base: Document = {};
  for (const [path, value] of equalities(filter)) {
    if (update.isReplacement && path !== '_id') continue;
    setAt(base, splitPath(path), value);
  }
  const id = '_id' in base ? base._id : missing;
  const result = update.apply(base, true);
  if (id !== missing && !equalValues(result._id, id)) {
    throw new CommandError(
      'ImmutableField',
      "Performing an update on the path '_id' would modify the immutable field '_id'",
    );
  }
  const { _id: own = new ObjectId(), ...fields } = result;
  const document = { _id: own, ...fields };
  refuseBadId(own);
  return { document, bytes: stored(document) };
}

/** @throws CommandError InvalidIdField */
export function refuseBadId(id: unknown): void {
  const type = typeOf(id);
  if (type === 'array' || type === 'regex' || type === 'undefined') {
    throw new CommandError('InvalidIdField', `The '_id' value cannot be of type ${type}`);
  }
}

function* equalities(filter: Document): Generator<[string, unknown]> {
  for (const [name, condition] of Object.entries(filter)) {
    if (name === '$and' && Array.isArray(condition)) {
      for (const clause of condition) yield* equalities(clause as Document);
    } else if (name === '$or' && Array.isArray(condition) && condition.length === 1) {
      yield* equalities(condition[0] as Document);
    } else if (!name.startsWith('$')) {
      if (isOperatorDocument(condition)) {
        if ('$eq' in condition) yield [name, condition.$eq];
        else if (Array.isArray(condition.$all) && condition.$all.length === 1)
          yield [name, condition.$all[0]];
      } else if (typeOf(condition) !== 'regex') yield [name, condition];
    }
  }
}

function stored(document: Document): Uint8Array {
  const bytes = own(encode(document));
  if (bytes.length > MOST_BYTES) {
    throw new CommandError('Location17419', `Resulting document after update is larger than ${MOST_BYTES}`);
  }
  return bytes;
}
