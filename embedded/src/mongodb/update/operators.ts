import { Timestamp } from 'bson';
import { add, multiply } from '../bson/arithmetic.js';
import { pop, pull, pullAll, push, addToSet } from './arrays.js';
import { compareValues } from '../bson/order.js';
import { isDocument, isNumeric, missing, typeOf } from '../bson/types.js';
import { CommandError } from '../errors.js';
import type { FieldUpdate } from './field-update.js';

/** The operators that change one field each, by what they are given for it. */
export const fieldOperators: Record<string, (operand: unknown, path: string) => FieldUpdate> = {
  $set: (operand) => () => operand,
  $setOnInsert: (operand) => () => operand,
  $unset: () => () => missing,
  $inc: (operand, path) => numeric('$inc', operand, path, add),
  $mul: (operand, path) => numeric('$mul', operand, path, multiply),
  $min: (operand) => (present) =>
    present === missing || compareValues(operand, present) < 0 ? operand : present,
  $max: (operand) => (present) =>
    present === missing || compareValues(operand, present) > 0 ? operand : present,
  $currentDate: currentDate,
  $push: push,
  $addToSet: addToSet,
  $pull: pull,
  $pullAll: pullAll,
  $pop: pop,
};

function numeric(
  operator: '$inc' | '$mul',
  operand: unknown,
  path: string,
  combine: (present: unknown, operand: unknown) => unknown,
): FieldUpdate {
  if (!isNumeric(typeOf(operand))) {
    throw new CommandError(
      'TypeMismatch',
      `Cannot ${operator === '$inc' ? 'increment' : 'multiply'} with non-numeric argument: {${path}}`,
    );
  }
  return (present) => {
    if (present !== missing && !isNumeric(typeOf(present))) {
      throw new CommandError(
        'TypeMismatch',
        `Cannot apply ${operator} to a value of non-numeric type. The field '${path}' has type ${typeOf(present)}`,
      );
    }
    return combine(present, operand);
  };
}

function currentDate(operand: unknown): FieldUpdate {
  const type = isDocument(operand) ? operand.$type : typeof operand === 'boolean' ? 'date' : undefined;
  if (type === 'date') return () => new Date();
  if (type === 'timestamp') {
    return () => Timestamp.fromBits(1, Math.floor(Date.now() / 1000));
  }
  throw new CommandError('BadValue', "$currentDate needs a boolean, or { $type: 'date' or 'timestamp' }");
}
