import { Double, Int32 } from 'bson';
import { add } from '../bson/arithmetic.js';
import { toDouble } from '../bson/numbers.js';
import { compareValues, equalValues } from '../bson/order.js';
import { isNumeric, missing, typeOf } from '../bson/types.js';
import { notImplemented } from '../errors.js';

const isNumber = (value: unknown) => isNumeric(typeOf(value));
const isSomething = (value: unknown) => value !== null && value !== undefined && value !== missing;

/** What each accumulator makes of the values of a group, in the order of its documents. */
export const accumulators: Record<string, (values: readonly unknown[]) => unknown> = {
  $sum: (values) => values.filter(isNumber).reduce(add, new Int32(0)),
  $avg: (values) => {
    const numbers = values.filter(isNumber);
    if (numbers.some((value) => typeOf(value) === 'decimal'))
      throw notImplemented('an average of Decimal128');
    if (numbers.length === 0) return null;
    return new Double(numbers.reduce<number>((sum, value) => sum + toDouble(value), 0) / numbers.length);
  },
  $min: (values) => extreme(values, -1),
  $max: (values) => extreme(values, 1),
  $first: (values) => orNull(values[0]),
  $last: (values) => orNull(values.at(-1)),
  $push: (values) => values.filter((value) => value !== missing),
  $addToSet: (values) => {
    const set: unknown[] = [];
    for (const value of values) {
      if (value !== missing && !set.some((element) => equalValues(element, value))) set.push(value);
    }
    return set;
  },
};

function extreme(values: readonly unknown[], direction: 1 | -1): unknown {
  const present = values.filter(isSomething);
  if (present.length === 0) return null;
  return present.reduce((best, value) => (compareValues(value, best) * direction > 0 ? value : best));
}

function orNull(value: unknown): unknown {
  return value === missing || value === undefined ? null : value;
}
