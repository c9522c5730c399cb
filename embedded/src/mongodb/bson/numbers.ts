import type { Decimal128, Double, Int32, Long } from 'bson';
import { typeOf } from './types.js';

interface Rational {
  numerator: bigint;
  denominator: bigint;
}

/** The number as JavaScript compares it exactly: a double, or a bigint where a double cannot hold it. */
function exact(value: unknown): number | bigint | Rational {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  const type = typeOf(value);
  if (type === 'decimal') return fromDecimal(value as Decimal128);
  if (type !== 'long') return (value as Int32 | Double).value;
  const long = value as Long;
  const number = long.toNumber();
  return Number.isSafeInteger(number) ? number : long.toBigInt();
}

/** Compares two numbers of any BSON types by their exact values; NaN is equal to itself and below all others. */
export function compareNumbers(left: unknown, right: unknown): number {
  const a = exact(left);
  const b = exact(right);
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(b)) - Number(Number.isNaN(a));
  if (typeof a !== 'object' && typeof b !== 'object') return a < b ? -1 : a > b ? 1 : 0;
  if (a === Infinity || b === -Infinity) return a === b ? 0 : 1;
  if (a === -Infinity || b === Infinity) return a === b ? 0 : -1;
  const x = rational(a);
  const y = rational(b);
  const difference = x.numerator * y.denominator - y.numerator * x.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The number as a double, rounded where it must be. */
export function toDouble(value: unknown): number {
  if (typeof value === 'number') return value;
  return Number(String(value));
}

/** The number as an integer, or undefined where it has a fraction or is out of the safe range. */
export function toInteger(value: unknown): number | undefined {
  const number = toDouble(value);
  return Number.isSafeInteger(number) ? number : undefined;
}

export function isNaNValue(value: unknown): boolean {
  return Number.isNaN(toDouble(value));
}

function fromDecimal(value: Decimal128): number | Rational {
  const text = value.toString();
  const parts = /^(-?)(\d+)(?:\.(\d+))?(?:E([+-]?\d+))?$/.exec(text);
  if (!parts) return Number(text);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts;
  const coefficient = BigInt(sign + whole + fraction);
  const scale = Number(exponent) - fraction.length;
  return scale >= 0
    ? { numerator: coefficient * 10n ** BigInt(scale), denominator: 1n }
    : { numerator: coefficient, denominator: 10n ** BigInt(-scale) };
}

function rational(value: number | bigint | Rational): Rational {
  if (typeof value === 'object') return value;
  if (typeof value === 'bigint') return { numerator: value, denominator: 1n };
  let scaled = value;
  let denominator = 1n;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    denominator *= 2n;
  }
  return { numerator: BigInt(scaled), denominator };
}
