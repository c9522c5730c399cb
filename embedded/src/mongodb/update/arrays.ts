import { toInteger } from '../bson/numbers.js';
import { compareValues, equalValues } from '../bson/order.js';
import { isDocument, isNumeric, missing, typeOf } from '../bson/types.js';
import { CommandError } from '../errors.js';
import { compileFilter, isOperatorDocument, type Predicate } from '../query/filter.js';
import { compileSort } from '../query/sort.js';
import type { FieldUpdate } from './field-update.js';

export function push(operand: unknown, path: string): FieldUpdate {
  const modifiers = ['$each', '$position', '$slice', '$sort'];
  if (!isDocument(operand) || !('$each' in operand)) {
    return (present) => [...arrayIn(present, '$push', path), operand];
  }
  const unknown = Object.keys(operand).find((name) => !modifiers.includes(name));
  if (unknown) throw new CommandError('BadValue', `Unrecognized clause in $push: ${unknown}`);
  const { $each: each } = operand;
  if (!Array.isArray(each))
    throw new CommandError('BadValue', 'The argument to $each in $push must be an array');
  const position = whole(operand.$position, '$position');
  const slice = whole(operand.$slice, '$slice');
  const order = elementOrder(operand.$sort);
  return (present) => {
    const array = [...arrayIn(present, '$push', path)];
    array.splice(position ?? array.length, 0, ...(each as unknown[]));
    if (order) sortInPlace(array, order);
    if (slice === undefined) return array;
    return slice >= 0 ? array.slice(0, slice) : array.slice(slice);
  };
}

export function addToSet(operand: unknown, path: string): FieldUpdate {
  const each = isDocument(operand) && '$each' in operand ? operand.$each : [operand];
  if (!Array.isArray(each))
    throw new CommandError('TypeMismatch', 'The argument to $each in $addToSet must be an array');
  return (present) => {
    const array = [...arrayIn(present, '$addToSet', path)];
    for (const value of each) if (!array.some((element) => equalValues(element, value))) array.push(value);
    return array;
  };
}

export function pull(operand: unknown, path: string): FieldUpdate {
  const matches = elementPredicate(operand);
  return (present) => removeFrom(present, '$pull', path, matches);
}

export function pullAll(operand: unknown, path: string): FieldUpdate {
  if (!Array.isArray(operand)) throw new CommandError('BadValue', '$pullAll requires an array argument');
  return (present) =>
    removeFrom(present, '$pullAll', path, (element) => operand.some((value) => equalValues(element, value)));
}

export function pop(operand: unknown, path: string): FieldUpdate {
  const end = isNumeric(typeOf(operand)) ? toInteger(operand) : undefined;
  if (end !== 1 && end !== -1) throw new CommandError('FailedToParse', '$pop expects 1 or -1');
  return (present) => {
    if (present === missing) return missing;
    if (!Array.isArray(present)) {
      throw new CommandError('TypeMismatch', `Path '${path}' contains an element of non-array type`);
    }
    return end === 1 ? present.slice(0, -1) : present.slice(1);
  };
}

function arrayIn(present: unknown, operator: string, path: string): unknown[] {
  if (present === missing) return [];
  if (Array.isArray(present)) return present;
  throw new CommandError(
    'BadValue',
    `Cannot apply ${operator} to a non-array field: the field '${path}' must be an array but is of type ${typeOf(present)}`,
  );
}

function removeFrom(present: unknown, operator: string, path: string, matches: Predicate): unknown {
  if (present === missing) return missing;
  if (!Array.isArray(present)) {
    throw new CommandError('BadValue', `Cannot apply ${operator} to a non-array value in '${path}'`);
  }
  return present.filter((element) => !matches(element));
}

/** A condition on fields is a filter for the elements that are documents; anything else is for their values. */
function elementPredicate(operand: unknown): Predicate {
  if (isDocument(operand) && !isOperatorDocument(operand)) {
    const matches = compileFilter(operand);
    return (element) => isDocument(element) && matches(element);
  }
  const isPattern = isOperatorDocument(operand) || typeOf(operand) === 'regex';
  if (!isPattern) return (element) => equalValues(element, operand);
  const matches = compileFilter({ element: operand });
  return (element) => matches({ element });
}

function elementOrder(specification: unknown): ((left: unknown, right: unknown) => number) | undefined {
  if (specification === undefined) return undefined;
  if (isDocument(specification)) {
    const sort = compileSort(specification);
    if (!sort)
      throw new CommandError('BadValue', 'The $sort pattern is empty when it should be a set of fields.');
    const keyOf = (element: unknown) => sort.keyOf(isDocument(element) ? element : {});
    return (left, right) => sort.compare(keyOf(left), keyOf(right));
  }
  const direction = isNumeric(typeOf(specification)) ? toInteger(specification) : undefined;
  if (direction !== 1 && direction !== -1)
    throw new CommandError('BadValue', 'The $sort element value must be 1 or -1');
  return (left, right) => direction * compareValues(left, right);
}

function sortInPlace(array: unknown[], order: (left: unknown, right: unknown) => number): void {
  const wrapped = array.map((value) => ({ value })).toSorted((left, right) => order(left.value, right.value));
  wrapped.forEach(({ value }, position) => (array[position] = value));
}

function whole(value: unknown, name: string): number | undefined {
  if (value === undefined) return undefined;
  const number = isNumeric(typeOf(value)) ? toInteger(value) : undefined;
  if (number === undefined)
    throw new CommandError('BadValue', `The value for ${name} must be an integer value`);
  return number;
}
