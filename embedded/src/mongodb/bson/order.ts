import type { Binary, BSONRegExp, BSONSymbol, Code, DBRef, ObjectId, Timestamp } from 'bson';
import { compareNumbers } from './numbers.js';
import { type Document, type TypeAlias, typeOf } from './types.js';

const ranks: Record<TypeAlias, number> = {
  minKey: -1,
  undefined: 0,
  missing: 5,
  null: 5,
  int: 10,
  double: 10,
  long: 10,
  decimal: 10,
  string: 15,
  symbol: 15,
  object: 20,
  array: 25,
  binData: 30,
  objectId: 35,
  bool: 40,
  date: 45,
  timestamp: 47,
  regex: 50,
  javascript: 60,
  javascriptWithScope: 65,
  maxKey: 127,
};

/** Where the value's type stands among all types; values of one rank compare by their content. */
export function rankOf(value: unknown): number {
  return ranks[typeOf(value)];
}

/** MongoDB's order over all values of all types: negative, zero or positive. A missing value equals null. */
export function compareValues(left: unknown, right: unknown): number {
  if (typeof left === 'string' && typeof right === 'string') return compareStrings(left, right);
  const rank = rankOf(left);
  const difference = rank - rankOf(right);
  if (difference !== 0) return difference;
  switch (rank) {
    case ranks.int:
      return compareNumbers(left, right);
    case ranks.string:
      return compareStrings(text(left), text(right));
    case ranks.object:
      return compareFields(entries(left), entries(right));
    case ranks.array:
      return compareFields(Object.entries(left as unknown[]), Object.entries(right as unknown[]));
    case ranks.binData:
      return compareBinary(left as Binary, right as Binary);
    case ranks.objectId:
      return Buffer.compare((left as ObjectId).id, (right as ObjectId).id);
    case ranks.bool:
      return Number(left) - Number(right);
    case ranks.date:
      return (left as Date).getTime() - (right as Date).getTime();
    case ranks.timestamp:
      return (left as Timestamp).comp(right as Timestamp);
    case ranks.regex:
      return compareRegex(left as BSONRegExp, right as BSONRegExp);
    case ranks.javascript:
    case ranks.javascriptWithScope:
      return compareStrings((left as Code).code, (right as Code).code);
    default:
      return 0;
  }
}

export function equalValues(left: unknown, right: unknown): boolean {
  return compareValues(left, right) === 0;
}

/** Strings are ordered by their UTF-8 bytes: surrogate pairs come after every other character. */
function compareStrings(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i += 1) {
    const a = left.charCodeAt(i);
    const b = right.charCodeAt(i);
    if (a !== b) return utf8Order(a) - utf8Order(b);
  }
  return left.length - right.length;
}

function utf8Order(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : (value as BSONSymbol).value;
}

function entries(value: unknown): [string, unknown][] {
  const reference = value as DBRef & Document;
  return Object.entries(reference._bsontype === 'DBRef' ? reference.toJSON() : reference);
}

function compareFields(left: [string, unknown][], right: [string, unknown][]): number {
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i += 1) {
    const [leftName, leftValue] = left[i]!;
    const [rightName, rightValue] = right[i]!;
    const difference =
      rankOf(leftValue) - rankOf(rightValue) ||
      compareStrings(leftName, rightName) ||
      compareValues(leftValue, rightValue);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function compareBinary(left: Binary, right: Binary): number {
  const a = left.value();
  const b = right.value();
  return a.length - b.length || left.sub_type - right.sub_type || Buffer.compare(a, b);
}

function compareRegex(left: BSONRegExp, right: BSONRegExp): number {
  return compareStrings(left.pattern, right.pattern) || compareStrings(left.options, right.options);
}
