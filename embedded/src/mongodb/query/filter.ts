import type { BSONRegExp } from 'bson';
import { CommandError, notImplemented } from '../errors.js';
import { someEndPoint, splitPath } from '../bson/paths.js';
import { isTrue } from '../aggregation/expression.js';
import { compileExpression, evaluate } from '../aggregation/expressions.js';
import { isDocument, typeOf, type Document } from '../bson/types.js';
import { elementOperators, valueOperators, type EndPointTest } from './operators.js';
import { equalTo, regexTest } from './comparisons.js';

export type Predicate = (value: unknown) => boolean;

/**
 * Compiles a filter into a test of a document.
 * @throws CommandError BadValue for a filter that MongoDB refuses, NotImplemented for what only MongoDB can do
 */
export function compileFilter(filter: Document): Predicate {
  const predicates = Object.entries(filter).map(([name, condition]) =>
    name.startsWith('$') ? compileLogical(name, condition) : compileField(splitPath(name), condition),
  );
  return allOf(predicates);
}

/** Whether a condition is made of operators, as `{ $gt: 5 }` is, and not a document to be equal to. */
export function isOperatorDocument(condition: unknown): condition is Document {
  if (!isDocument(condition)) return false;
  const [first] = Object.keys(condition);
  return first !== undefined && first.startsWith('$') && !['$ref', '$id', '$db'].includes(first);
}

function allOf(predicates: Predicate[]): Predicate {
  const [only] = predicates;
  if (only && predicates.length === 1) return only;
  return (value) => predicates.every((predicate) => predicate(value));
}

function compileLogical(name: string, condition: unknown): Predicate {
  switch (name) {
    case '$and':
      return allOf(clauses(name, condition));
    case '$or': {
      const alternatives = clauses(name, condition);
      return (value) => alternatives.some((predicate) => predicate(value));
    }
    case '$nor': {
      const alternatives = clauses(name, condition);
      return (value) => !alternatives.some((predicate) => predicate(value));
    }
    case '$comment':
      return () => true;
    case '$where':
      throw new CommandError('BadValue', 'no globalScriptEngine in $where parsing');
    case '$text':
      throw new CommandError('IndexNotFound', 'text index required for $text query');
    case '$expr': {
      const expression = compileExpression(condition);
      return (document) => isTrue(evaluate(expression, document));
    }
    case '$jsonSchema':
      throw notImplemented(`${name} in a filter`);
    default:
      throw new CommandError('BadValue', `unknown top level operator: ${name}`);
  }
}

function clauses(name: string, condition: unknown): Predicate[] {
  if (!Array.isArray(condition)) throw new CommandError('BadValue', `${name} must be an array`);
  if (condition.length === 0) throw new CommandError('BadValue', `${name} must be a nonempty array`);
  return condition.map((clause: unknown) => {
    if (!isDocument(clause)) throw new CommandError('BadValue', `${name} entries need to be full objects`);
    return compileFilter(clause);
  });
}

function compileField(path: string[], condition: unknown): Predicate {
  if (!isOperatorDocument(condition)) {
    const test = typeOf(condition) === 'regex' ? regexTest(condition as BSONRegExp) : equalTo(condition);
    return reaching(path, test);
  }
  return allOf(
    Object.entries(condition).map(([operator, operand]) =>
      compileOperator(path, operator, operand, condition),
    ),
  );
}

function compileOperator(path: string[], operator: string, operand: unknown, siblings: Document): Predicate {
  const element = elementOperators[operator];
  if (element) {
    const test = element(operand);
    return (document) => someEndPoint(document, path, test);
  }
  const value = valueOperators[operator];
  if (value) return reaching(path, value(operand, siblings));
  switch (operator) {
    case '$ne':
      if (typeOf(operand) === 'regex') throw new CommandError('BadValue', "Can't have regex as arg to $ne.");
      return not(reaching(path, equalTo(operand)));
    case '$nin':
      return not(compileOperator(path, '$in', operand, siblings));
    case '$exists': {
      const exists: Predicate = (document) =>
        someEndPoint(document, path, (value) => typeof value !== 'symbol');
      return isTruthy(operand) ? exists : not(exists);
    }
    case '$not':
      if (typeOf(operand) !== 'regex' && !isOperatorDocument(operand)) {
        throw new CommandError('BadValue', '$not needs a regex or a document');
      }
      return not(compileField(path, operand));
    case '$all':
      return compileAll(path, operand);
    case '$elemMatch':
      return compileElementMatch(path, operand);
    case '$comment':
      return () => true;
    case '$near':
    case '$nearSphere':
      throw new CommandError('BadValue', 'unable to find index for $geoNear query');
    case '$geoWithin':
    case '$geoIntersects':
    case '$bitsAllSet':
    case '$bitsAnySet':
    case '$bitsAllClear':
    case '$bitsAnyClear':
      throw notImplemented(operator);
    default:
      throw new CommandError('BadValue', `unknown operator: ${operator}`);
  }
}

/** A test of the values at the path: of the elements of an array there, and of the array itself. */
function reaching(path: string[], test: EndPointTest): Predicate {
  const visit = (endPoint: unknown) => (Array.isArray(endPoint) && endPoint.some(test)) || test(endPoint);
  return (document) => someEndPoint(document, path, visit);
}

function not(predicate: Predicate): Predicate {
  return (value) => !predicate(value);
}

function compileAll(path: string[], operand: unknown): Predicate {
  if (!Array.isArray(operand)) throw new CommandError('BadValue', '$all needs an array');
  if (operand.length === 0) return () => false;
  return allOf(
    operand.map((member: unknown) => {
      if (isOperatorDocument(member)) {
        if (!('$elemMatch' in member)) throw new CommandError('BadValue', 'no $ expressions in $all');
        return compileElementMatch(path, member.$elemMatch);
      }
      return compileField(path, member);
    }),
  );
}

function compileElementMatch(path: string[], operand: unknown): Predicate {
  if (!isDocument(operand)) throw new CommandError('BadValue', '$elemMatch needs an Object');
  const ofValues = isOperatorDocument(operand) && !['$and', '$or', '$nor'].includes(Object.keys(operand)[0]!);
  const predicate = ofValues ? compileField([], operand) : compileFilter(operand);
  const test: Predicate = ofValues
    ? predicate
    : (element) =>
        isDocument(element) ? predicate(element) : Array.isArray(element) && predicate({ ...element });
  return (document) => someEndPoint(document, path, (end) => Array.isArray(end) && end.some(test));
}

function isTruthy(operand: unknown): boolean {
  if (operand === null || operand === undefined) return false;
  return typeof operand === 'object' && 'value' in operand ? Boolean(operand.value) : Boolean(operand);
}
