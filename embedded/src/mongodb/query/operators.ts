import type { BSONRegExp } from 'bson';
import { toDouble, toInteger } from '../bson/numbers.js';
import { isNumeric, typeNumbers, typeOf, type Document, type TypeAlias } from '../bson/types.js';
import { CommandError } from '../errors.js';
import { comparison, equalTo, memberOf, regexTest, type EndPointTest } from './comparisons.js';

export type { EndPointTest } from './comparisons.js';

/** Operators that look at the array elements of an end point and at the end point itself. */
export const valueOperators: Record<string, (operand: unknown, siblings: Document) => EndPointTest> = {
  $eq: (operand) => equalTo(operand),
  $lt: (operand) => comparison('$lt', operand),
  $lte: (operand) => comparison('$lte', operand),
  $gt: (operand) => comparison('$gt', operand),
  $gte: (operand) => comparison('$gte', operand),
  $in: (operand) => memberOf(operand),
  $type: typeTest,
  $mod: remainderTest,
  $regex: regexOperator,
  // Read by $regex; on its own it excludes nothing.
  $options: (_operand, siblings) => {
    if (!('$regex' in siblings)) throw new CommandError('BadValue', '$options needs a $regex');
    return () => true;
  },
};

/** Operators that look at the end point only. */
export const elementOperators: Record<string, (operand: unknown) => EndPointTest> = {
  $size: (operand) => {
    const size = isNumeric(typeOf(operand)) ? toInteger(operand) : undefined;
    if (size === undefined) throw new CommandError('BadValue', '$size must be a whole number');
    if (size < 0) throw new CommandError('BadValue', '$size may not be negative');
    return (value) => Array.isArray(value) && value.length === size;
  },
};

function typeTest(operand: unknown): EndPointTest {
  const wanted = new Set<TypeAlias>();
  for (const name of Array.isArray(operand) ? (operand as unknown[]) : [operand]) {
    if (name === 'number') for (const type of ['int', 'long', 'double', 'decimal'] as const) wanted.add(type);
    else wanted.add(typeAlias(name));
  }
  if (wanted.size === 0) throw new CommandError('FailedToParse', '$type must match at least one type');
  return (value) => wanted.has(typeOf(value));
}

function typeAlias(name: unknown): TypeAlias {
  const alias =
    typeof name === 'string'
      ? [...typeNumbers.values()].find((known) => known === name)
      : isNumeric(typeOf(name))
        ? typeNumbers.get(toDouble(name))
        : undefined;
  if (alias === undefined) throw new CommandError('BadValue', `Unknown type name alias: ${String(name)}`);
  return alias;
}

function remainderTest(operand: unknown): EndPointTest {
  if (!Array.isArray(operand) || operand.length !== 2 || !operand.every((part) => isNumeric(typeOf(part)))) {
    throw new CommandError('BadValue', 'malformed mod, needs to be an array of two numbers');
  }
  const [divisor, remainder] = operand.map((part) => Math.trunc(toDouble(part))) as [number, number];
  if (divisor === 0) throw new CommandError('BadValue', 'divisor cannot be 0');
  return (value) => {
    if (!isNumeric(typeOf(value))) return false;
    const number = Math.trunc(toDouble(value));
    return Number.isFinite(number) && number % divisor === remainder;
  };
}

function regexOperator(operand: unknown, siblings: Document): EndPointTest {
  const { $options: options } = siblings;
  if (options !== undefined && typeof options !== 'string') {
    throw new CommandError('BadValue', '$options has to be a string');
  }
  if (typeof operand === 'string')
    return regexTest({ pattern: operand, options: options ?? '' } as BSONRegExp);
  if (typeOf(operand) !== 'regex') throw new CommandError('BadValue', '$regex has to be a string');
  const { pattern, options: own } = operand as BSONRegExp;
  return regexTest({ pattern, options: options ?? own } as BSONRegExp);
}
