import { bsonType } from 'bson';

/**
 * A decoded document. Its values keep the type that they were stored with (`Int32`, `Double`, `Long`,
 * `Decimal128`, …), so a document that is encoded again is the document that came in.
 */
export type Document = Record<string, unknown>;

/** What a path leads to when there is nothing at its end. */
export const missing = Symbol('missing');

export type TypeAlias =
  | 'missing'
  | 'double'
  | 'string'
  | 'object'
  | 'array'
  | 'binData'
  | 'undefined'
  | 'objectId'
  | 'bool'
  | 'date'
  | 'null'
  | 'regex'
  | 'javascript'
  | 'symbol'
  | 'javascriptWithScope'
  | 'int'
  | 'timestamp'
  | 'long'
  | 'decimal'
  | 'minKey'
  | 'maxKey';

/** The numbers that BSON, and `$type`, give to the types. */
export const typeNumbers: ReadonlyMap<number, TypeAlias> = new Map([
  [1, 'double'],
  [2, 'string'],
  [3, 'object'],
  [4, 'array'],
  [5, 'binData'],
  [6, 'undefined'],
  [7, 'objectId'],
  [8, 'bool'],
  [9, 'date'],
  [10, 'null'],
  [11, 'regex'],
  [13, 'javascript'],
  [14, 'symbol'],
  [15, 'javascriptWithScope'],
  [16, 'int'],
  [17, 'timestamp'],
  [18, 'long'],
  [19, 'decimal'],
  [-1, 'minKey'],
  [127, 'maxKey'],
]);

const tagged: Record<string, TypeAlias> = {
  Int32: 'int',
  Double: 'double',
  Long: 'long',
  Decimal128: 'decimal',
  ObjectId: 'objectId',
  Binary: 'binData',
  BSONRegExp: 'regex',
  BSONSymbol: 'symbol',
  Timestamp: 'timestamp',
  MinKey: 'minKey',
  MaxKey: 'maxKey',
  DBRef: 'object',
};

/** Which BSON type a decoded value has. Plain numbers, which only computed values are, count as int or double. */
export function typeOf(value: unknown): TypeAlias {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'undefined':
      return 'undefined';
    case 'symbol':
      return 'missing';
    case 'number':
      return Number.isInteger(value) && Math.abs(value) < 2 ** 31 && !Object.is(value, -0) ? 'int' : 'double';
    case 'bigint':
      return 'long';
    case 'object':
    case 'function':
      return objectType(value);
  }
}

function objectType(value: unknown): TypeAlias {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (value instanceof Date) return 'date';
  const tag = (value as { [bsonType]?: string })[bsonType];
  if (tag === undefined) return value instanceof RegExp ? 'regex' : 'object';
  if (tag === 'Code') return (value as { scope?: unknown }).scope ? 'javascriptWithScope' : 'javascript';
  return tagged[tag] ?? 'object';
}

export function isNumeric(type: TypeAlias): boolean {
  return type === 'int' || type === 'double' || type === 'long' || type === 'decimal';
}

/** Whether the value is an embedded document. */
export function isDocument(value: unknown): value is Document {
  return typeOf(value) === 'object';
}
