import { Double, Int32, Long } from 'bson';
import { toDouble } from './numbers.js';
import { missing, typeOf } from './types.js';
import { CommandError, notImplemented } from '../errors.js';

/** The sum, in the wider of the two types; a sum of ints that does not fit becomes a long. */
export function add(present: unknown, operand: unknown): unknown {
  if (present === missing) return operand;
  return combine(
    present,
    operand,
    (a, b) => a + b,
    (a, b) => a + b,
  );
}

/** The difference, by the same rules. */
export function subtract(present: unknown, operand: unknown): unknown {
  return combine(
    present,
    operand,
    (a, b) => a - b,
    (a, b) => a - b,
  );
}

/** The product, by the same rules; of a missing value it is zero, in the operand's type. */
export function multiply(present: unknown, operand: unknown): unknown {
  const base = present === missing ? new Int32(0) : present;
  return combine(
    base,
    operand,
    (a, b) => a * b,
    (a, b) => a * b,
  );
}

function combine(
  left: unknown,
  right: unknown,
  doubles: (a: number, b: number) => number,
  integers: (a: bigint, b: bigint) => bigint,
): unknown {
  const types = [typeOf(left), typeOf(right)];
  if (types.includes('decimal')) throw notImplemented('arithmetic on Decimal128');
  if (types.includes('double')) return new Double(doubles(toDouble(left), toDouble(right)));
  const result = integers(BigInt(String(left)), BigInt(String(right)));
  if (!types.includes('long') && BigInt.asIntN(32, result) === result) return new Int32(Number(result));
  if (BigInt.asIntN(64, result) !== result) {
    throw new CommandError('BadValue', 'Failed to apply arithmetic: the result does not fit into 64 bits');
  }
  return Long.fromBigInt(result);
}
