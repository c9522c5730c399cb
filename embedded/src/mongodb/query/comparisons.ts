import type { BSONRegExp } from 'bson';
import { isNaNValue } from '../bson/numbers.js';
import { compareValues, equalValues, rankOf } from '../bson/order.js';
import { isNumeric, typeOf } from '../bson/types.js';
import { CommandError } from '../errors.js';

/** A test of one value that a path leads to; `missing` where it leads to none. */
export type EndPointTest = (endPoint: unknown) => boolean;

/** Equality as filters mean it: null also matches a missing value and undefined. */
export function equalTo(operand: unknown): EndPointTest {
  if (operand === undefined) throw new CommandError('BadValue', 'cannot compare to undefined');
  if (operand === null) return (value) => value === null || value === undefined || typeof value === 'symbol';
  return (value) => equalValues(value, operand);
}

export type Comparison = '$lt' | '$lte' | '$gt' | '$gte';

/** An ordering comparison, which matches only values of the operand's own type, except with MinKey and MaxKey. */
export function comparison(operator: Comparison, operand: unknown): EndPointTest {
  const orEqual = operator === '$lte' || operator === '$gte';
  const sign = operator === '$lt' || operator === '$lte' ? -1 : 1;
  const type = typeOf(operand);
  if (type === 'regex')
    throw new CommandError('BadValue', `Can't have RegEx as arg to predicate over field.`);
  if (type === 'undefined') throw new CommandError('BadValue', 'cannot compare to undefined');
  if (type === 'null') return orEqual ? equalTo(null) : () => false;
  const accepts = (difference: number) => (difference === 0 ? orEqual : Math.sign(difference) === sign);
  if (type === 'minKey' || type === 'maxKey') {
    return (value) => typeof value !== 'symbol' && accepts(compareValues(value, operand));
  }
  const rank = rankOf(operand);
  if (isNumeric(type) && isNaNValue(operand)) {
    return (value) => orEqual && rankOf(value) === rank && isNaNValue(value);
  }
  return (value) => {
    if (rankOf(value) !== rank || (isNumeric(type) && isNaNValue(value))) return false;
    return accepts(compareValues(value, operand));
  };
}

/** Membership in a list, which may hold regular expressions. */
export function memberOf(operand: unknown): EndPointTest {
  if (!Array.isArray(operand)) throw new CommandError('BadValue', '$in needs an array');
  const patterns = operand.filter((member) => typeOf(member) === 'regex').map(regexTest);
  const values = operand.filter((member) => typeOf(member) !== 'regex').toSorted(compareValues);
  const holdsNull = values.includes(null);
  return (value) => {
    if (patterns.some((matches) => matches(value))) return true;
    if (value === undefined || typeof value === 'symbol') return holdsNull;
    return holds(values, value);
  };
}

function holds(sorted: unknown[], value: unknown): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareValues(sorted[middle], value) < 0) low = middle + 1;
    else high = middle;
  }
  return low < sorted.length && equalValues(sorted[low], value);
}

/**
 * A match of a string, or of the same regular expression.
 * @throws CommandError Location51091 for a pattern that JavaScript cannot read as PCRE would
 */
export function regexTest(operand: BSONRegExp): EndPointTest {
  const expression = toRegExp(operand.pattern, operand.options);
  return (value) => {
    const type = typeOf(value);
    if (type === 'string') return expression.test(value as string);
    return type === 'regex' && equalValues(value, operand);
  };
}

export function toRegExp(pattern: string, options: string): RegExp {
  if (!/^[ims]*$/.test(options))
    throw new CommandError('Location51091', `unsupported regex options: ${options}`);
  const flags = [...new Set(options)].join('');
  const unsupported = new CommandError('Location51091', 'Regular expression is invalid, or unsupported here');
  try {
    return new RegExp(pattern, `${flags}u`);
  } catch {
    // Without `u` JavaScript takes what PCRE means otherwise, and would silently match something else.
    if (MEANT_OTHERWISE.test(pattern)) throw unsupported;
    try {
      return new RegExp(pattern, flags);
    } catch {
      throw unsupported;
    }
  }
}

/** Escapes that are PCRE's alone (`\A`, `\z`, `\h`, `\Q` …), and POSIX classes. */
const MEANT_OTHERWISE = /(?<!\\)(?:\\\\)*\\[AaCEeGgHhKlLNPpQRUVXxyYZz]|\[\[:/;
