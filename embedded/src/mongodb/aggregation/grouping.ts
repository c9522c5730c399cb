import { Int32, Long } from 'bson';
import { setField, splitPath } from '../bson/paths.js';
import { compareValues } from '../bson/order.js';
import { isDocument, missing, type Document } from '../bson/types.js';
import { CommandError } from '../errors.js';
import { accumulators } from './accumulators.js';
import type { Expression } from './expression.js';
import { compileExpression, evaluate } from './expressions.js';
import { reshapingStages } from './reshaping.js';

/** `$group`: one document for each value of `_id`, in the order in which the values come. */
export function groupStage(operand: unknown): (documents: readonly Document[]) => Document[] {
  if (!isDocument(operand))
    throw new CommandError('Location15947', "a group's fields must be specified in an object");
  const { _id: id, ...fields } = operand;
  if (id === undefined) throw new CommandError('Location15955', 'a group specification must include an _id');
  const key = compileExpression(id);
  const computed = Object.entries(fields).map(([name, accumulator]) => compileAccumulator(name, accumulator));
  return (documents) =>
    groupsOf(documents, key).map(({ id: group, members }) => {
      const result: Document = { _id: group };
      for (const { name, accumulate } of computed) setField(result, name, accumulate(members));
      return result;
    });
}

function compileAccumulator(name: string, accumulator: unknown) {
  if (name.includes('.'))
    throw new CommandError('Location40235', `The field name '${name}' cannot contain '.'`);
  const entries = isDocument(accumulator) ? Object.entries(accumulator) : [];
  const [[operator, operand] = ['', undefined]] = entries;
  if (entries.length !== 1 || !operator.startsWith('$')) {
    throw new CommandError('Location40234', `The field '${name}' must be an accumulator object`);
  }
  const combine = Object.hasOwn(accumulators, operator) ? accumulators[operator] : undefined;
  if (!combine) throw new CommandError('Location15952', `unknown group operator '${operator}'`);
  const value = compileExpression(operand);
  const accumulate = (members: readonly Document[]) =>
    combine(members.map((member) => evaluate(value, member)));
  return { name, accumulate };
}

function groupsOf(documents: readonly Document[], key: Expression): { id: unknown; members: Document[] }[] {
  const rows = documents.map((document, position) => {
    const value = evaluate(key, document);
    return { id: value === missing ? null : value, position, document };
  });
  rows.sort((left, right) => compareValues(left.id, right.id) || left.position - right.position);
  const groups: { id: unknown; first: number; members: Document[] }[] = [];
  for (const { id, position, document } of rows) {
    const last = groups.at(-1);
    if (last && compareValues(last.id, id) === 0) last.members.push(document);
    else groups.push({ id, first: position, members: [document] });
  }
  return groups.toSorted((left, right) => left.first - right.first);
}

/** `$sortByCount`: the groups by their size, the largest first. */
export function sortByCountStage(operand: unknown): (documents: readonly Document[]) => Document[] {
  const group = groupStage({ _id: operand, count: { $sum: new Int32(1) } });
  return (documents) => group(documents).toSorted((left, right) => compareValues(right.count, left.count));
}

/** `$unwind`: a document for each element of an array. */
export function unwindStage(operand: unknown): (documents: readonly Document[]) => Document[] {
  const options = isDocument(operand) ? operand : { path: operand };
  const {
    path,
    includeArrayIndex: indexField,
    preserveNullAndEmptyArrays: preserve = false,
    ...odd
  } = options;
  if (typeof path !== 'string' || !path.startsWith('$') || path.length < 2) {
    throw new CommandError('Location28818', "path option to $unwind stage should be prefixed with a '$'");
  }
  if (Object.keys(odd).length > 0)
    throw new CommandError('Location28811', 'unrecognized option to $unwind stage');
  if (indexField !== undefined && typeof indexField !== 'string') {
    throw new CommandError(
      'Location28810',
      'expected a non-empty string for the includeArrayIndex option to $unwind stage',
    );
  }
  const field = path.slice(1);
  const withElement = (document: Document, element: unknown, index: number | undefined): Document => {
    const replaced = element === missing ? document : put(document, field, element);
    if (indexField === undefined) return replaced;
    return put(replaced, indexField, index === undefined ? null : Long.fromNumber(index));
  };
  return (documents) =>
    documents.flatMap((document) => {
      const value = valueAt(document, splitPath(field));
      if (Array.isArray(value) && value.length > 0) {
        return value.map((element: unknown, index) => withElement(document, element, index));
      }
      const isEmpty = value === missing || value === null || value === undefined || Array.isArray(value);
      if (!isEmpty) return [withElement(document, missing, undefined)];
      if (preserve !== true) return [];
      return [
        withElement(
          Array.isArray(value) ? reshapingStages.$unset!(field)(document) : document,
          missing,
          undefined,
        ),
      ];
    });
}

function valueAt(document: Document, path: readonly string[]): unknown {
  let value: unknown = document;
  for (const part of path) {
    if (!isDocument(value) || !Object.hasOwn(value, part)) return missing;
    value = value[part];
  }
  return value;
}

function put(document: Document, path: string, value: unknown): Document {
  return reshapingStages.$set!({ [path]: { $literal: value } })(document);
}
