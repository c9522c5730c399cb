import { toDouble } from '../bson/numbers.js';
import { isNumeric, missing, typeOf } from '../bson/types.js';

/** What an expression sees: the document, and the variables of `$let`, `$map` and `$filter`. */
export interface Scope {
  root: unknown;
  variables: ReadonlyMap<string, unknown>;
}

/** A compiled expression; `missing` where it has no value. */
export type Expression = (scope: Scope) => unknown;

type Compile = (expression: unknown) => Expression;

/** Makes an expression of what an operator is given. */
export type OperatorCompiler = (operand: unknown, compile: Compile) => Expression;

/** Values that make most operators answer null. */
export function isNothing(value: unknown): boolean {
  return value === null || value === undefined || value === missing;
}

/** What counts as true: everything but false, null, undefined, nothing and zero. */
export function isTrue(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  if (isNothing(value)) return false;
  return !isNumeric(typeOf(value)) || toDouble(value) !== 0;
}
