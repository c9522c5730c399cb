import { Double, Int32 } from 'bson';
import { add, multiply, subtract } from '../bson/arithmetic.js';
import { toDouble, toInteger } from '../bson/numbers.js';
import { compareValues } from '../bson/order.js';
import { isDocument, isNumeric, missing, typeOf } from '../bson/types.js';
import { CommandError } from '../errors.js';
import { accumulators } from './accumulators.js';
import { isNothing, isTrue, type OperatorCompiler } from './expression.js';
import { scopedOperators } from './scoped-operators.js';

/** An operator over so many arguments, each of which is evaluated. */
function of(
  name: string,
  count: number | [least: number, most: number],
  apply: (...values: unknown[]) => unknown,
): OperatorCompiler {
  const [least, most] = typeof count === 'number' ? [count, count] : count;
  return (operand, compile) => {
    const given = Array.isArray(operand) ? (operand as unknown[]) : [operand];
    if (given.length < least || given.length > most) {
      throw new CommandError(
        'Location16020',
        `Expression ${name} takes ${least} to ${most} arguments. ${given.length} were passed in.`,
      );
    }
    const values = given.map(compile);
    return (scope) => apply(...values.map((value) => value(scope)));
  };
}

function comparing(name: string, accept: (difference: number) => unknown): OperatorCompiler {
  // A missing value comes before null here, and does not equal it.
  const place = (value: unknown) => (value === missing ? undefined : value);
  return of(name, 2, (left, right) => accept(compareValues(place(left), place(right))));
}

function numeric(
  name: string,
  apply: (...numbers: unknown[]) => unknown,
  count: number | [number, number],
): OperatorCompiler {
  return of(name, count, (...values) => {
    if (values.some(isNothing)) return null;
    const odd = values.find((value) => !isNumeric(typeOf(value)));
    if (odd !== undefined) {
      throw new CommandError('TypeMismatch', `${name} only supports numeric types, not ${typeOf(odd)}`);
    }
    return apply(...values);
  });
}

function rounding(name: string, round: (number: number) => number): OperatorCompiler {
  return numeric(
    name,
    (value) => {
      if (typeOf(value) === 'decimal')
        throw new CommandError('NotImplemented', `${name} of Decimal128 is not supported`);
      return typeOf(value) === 'double' ? new Double(round(toDouble(value))) : value;
    },
    1,
  );
}

const addition: OperatorCompiler = of('$add', [0, Infinity], (...values) => {
  if (values.some(isNothing)) return null;
  const date = values.find((value) => value instanceof Date);
  const numbers = values.filter((value) => value !== date);
  const odd = numbers.find((value) => !isNumeric(typeOf(value)));
  if (odd !== undefined)
    throw new CommandError('TypeMismatch', `$add only supports numeric or date types, not ${typeOf(odd)}`);
  const sum = numbers.reduce(add, new Int32(0));
  return date ? new Date(date.getTime() + toDouble(sum)) : sum;
});

const subtraction: OperatorCompiler = of('$subtract', 2, (left, right) => {
  if (isNothing(left) || isNothing(right)) return null;
  if (left instanceof Date && right instanceof Date) return subtract(longOf(left), longOf(right));
  if (left instanceof Date && isNumeric(typeOf(right))) return new Date(left.getTime() - toDouble(right));
  if (isNumeric(typeOf(left)) && isNumeric(typeOf(right))) return subtract(left, right);
  throw new CommandError('Location16556', `can't $subtract a ${typeOf(right)} from a ${typeOf(left)}`);
});

function longOf(date: Date): bigint {
  return BigInt(date.getTime());
}

function text(name: string, apply: (value: string) => unknown): OperatorCompiler {
  return of(name, 1, (value) => {
    if (isNothing(value)) return '';
    if (typeof value !== 'string')
      throw new CommandError('Location16007', `can't convert from BSON type ${typeOf(value)} to String`);
    return apply(value);
  });
}

function arrayOf(name: string, value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw new CommandError('Location28689', `${name}'s argument must be an array, but is ${typeOf(value)}`);
}

function elementAt(name: string, array: unknown, index: number): unknown {
  const elements = arrayOf(name, array);
  const position = index < 0 ? elements.length + index : index;
  return position >= 0 && position < elements.length ? elements[position] : missing;
}

/** An accumulator used as an expression works on the elements of one array, or on its arguments. */
function accumulating(name: '$sum' | '$avg' | '$min' | '$max'): OperatorCompiler {
  return (operand, compile) => {
    const values = (Array.isArray(operand) ? (operand as unknown[]) : [operand]).map(compile);
    return (scope) => {
      const given = values.map((value) => value(scope));
      const [only] = given;
      return accumulators[name]!(given.length === 1 && Array.isArray(only) ? only : given);
    };
  };
}

export const operators: Record<string, OperatorCompiler> = {
  ...scopedOperators,
  $literal: (operand) => () => operand,
  $eq: comparing('$eq', (difference) => difference === 0),
  $ne: comparing('$ne', (difference) => difference !== 0),
  $gt: comparing('$gt', (difference) => difference > 0),
  $gte: comparing('$gte', (difference) => difference >= 0),
  $lt: comparing('$lt', (difference) => difference < 0),
  $lte: comparing('$lte', (difference) => difference <= 0),
  $cmp: comparing('$cmp', (difference) => new Int32(Math.sign(difference))),
  $and: of('$and', [0, Infinity], (...values) => values.every(isTrue)),
  $or: of('$or', [0, Infinity], (...values) => values.some(isTrue)),
  $not: of('$not', 1, (value) => !isTrue(value)),
  $ifNull: of(
    '$ifNull',
    [2, Infinity],
    (...values) => values.find((value) => !isNothing(value)) ?? values.at(-1),
  ),
  $add: addition,
  $subtract: subtraction,
  $multiply: numeric('$multiply', (...values) => values.reduce(multiply, new Int32(1)), [0, Infinity]),
  $divide: numeric(
    '$divide',
    (left, right) => {
      if (toDouble(right) === 0) throw new CommandError('BadValue', "can't $divide by zero");
      if ([left, right].some((value) => typeOf(value) === 'decimal')) multiply(left, right);
      return new Double(toDouble(left) / toDouble(right));
    },
    2,
  ),
  $ceil: rounding('$ceil', Math.ceil),
  $floor: rounding('$floor', Math.floor),
  $sum: accumulating('$sum'),
  $avg: accumulating('$avg'),
  $min: accumulating('$min'),
  $max: accumulating('$max'),
  $concat: of('$concat', [0, Infinity], (...values) => {
    if (values.some(isNothing)) return null;
    const odd = values.find((value) => typeof value !== 'string');
    if (odd !== undefined)
      throw new CommandError('Location16702', `$concat only supports strings, not ${typeOf(odd)}`);
    return values.join('');
  }),
  $toUpper: text('$toUpper', (value) => value.replace(/[a-z]/g, (letter) => letter.toUpperCase())),
  $toLower: text('$toLower', (value) => value.replace(/[A-Z]/g, (letter) => letter.toLowerCase())),
  $type: of('$type', 1, (value) => typeOf(value)),
  $isArray: of('$isArray', 1, (value) => Array.isArray(value)),
  $size: of('$size', 1, (value) => {
    if (!Array.isArray(value))
      throw new CommandError(
        'Location17124',
        `The argument to $size must be an array, but was of type: ${typeOf(value)}`,
      );
    return new Int32(value.length);
  }),
  $arrayElemAt: of('$arrayElemAt', 2, (array, index) => {
    if (isNothing(array) || isNothing(index)) return null;
    const position = toInteger(index);
    if (position === undefined)
      throw new CommandError('Location28690', "$arrayElemAt's second argument must be a whole number");
    return elementAt('$arrayElemAt', array, position);
  }),
  $first: of('$first', 1, (array) => (isNothing(array) ? null : elementAt('$first', array, 0))),
  $last: of('$last', 1, (array) => (isNothing(array) ? null : elementAt('$last', array, -1))),
  $in: of('$in', 2, (value, array) => {
    if (!Array.isArray(array))
      throw new CommandError(
        'Location40081',
        `$in requires an array as a second argument, found: ${typeOf(array)}`,
      );
    return array.some((element) => compareValues(element, value) === 0);
  }),
  $concatArrays: of('$concatArrays', [0, Infinity], (...arrays) => {
    if (arrays.some(isNothing)) return null;
    return arrays.flatMap((array) => arrayOf('$concatArrays', array));
  }),
  $mergeObjects: of('$mergeObjects', [0, Infinity], (...values) => {
    const documents = values.filter((value) => !isNothing(value));
    const odd = documents.find((value) => !isDocument(value));
    if (odd !== undefined)
      throw new CommandError(
        'Location40400',
        `$mergeObjects requires object inputs, but input is of type ${typeOf(odd)}`,
      );
    return Object.assign({}, ...documents) as unknown;
  }),
};
