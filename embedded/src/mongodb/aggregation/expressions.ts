import { hasField } from '../bson/paths.js';
import { isDocument, missing, type Document } from '../bson/types.js';
import { CommandError } from '../errors.js';
import { operators } from './expression-operators.js';
import type { Expression } from './expression.js';

/**
 * Compiles an aggregation expression, which keeps the types of numbers.
 * @throws CommandError InvalidPipelineOperator for an operator that is not there
 */
export function compileExpression(expression: unknown): Expression {
  if (typeof expression === 'string' && expression.startsWith('$')) return compilePath(expression);
  if (Array.isArray(expression)) {
    const elements = expression.map(compileExpression);
    return (scope) => elements.map((element) => orNull(element(scope)));
  }
  if (!isDocument(expression)) return () => expression;
  const [first] = Object.keys(expression);
  if (first?.startsWith('$')) return compileOperator(expression, first);
  const fields = Object.entries(expression).map(([name, value]) => [name, compileExpression(value)] as const);
  return (scope) => {
    const values = fields.map(([name, value]) => [name, value(scope)] as const);
    return Object.fromEntries(values.filter(([, value]) => value !== missing));
  };
}

/** Evaluates an expression for a document, without variables. */
export function evaluate(expression: Expression, root: unknown): unknown {
  return expression({ root, variables: noVariables });
}

const noVariables: ReadonlyMap<string, unknown> = new Map();

function compileOperator(expression: Document, name: string): Expression {
  if (Object.keys(expression).length > 1) {
    throw new CommandError(
      'Location15983',
      'An object representing an expression must have exactly one field',
    );
  }
  const compile = Object.hasOwn(operators, name) ? operators[name] : undefined;
  if (!compile) throw new CommandError('InvalidPipelineOperator', `Unrecognized expression '${name}'`);
  return compile(expression[name], compileExpression);
}

function compilePath(text: string): Expression {
  if (!text.startsWith('$$')) {
    const path = pathParts(text.slice(1));
    return ({ root }) => valueAlong(root, path);
  }
  const [name = '', ...path] = pathParts(text.slice(2));
  switch (name) {
    case 'ROOT':
    case 'CURRENT':
      return ({ root }) => valueAlong(root, path);
    case 'REMOVE':
      return () => missing;
    case 'NOW':
      return () => new Date();
  }
  if (!/^[a-z]/.test(name)) throw new CommandError('Location17276', `Use of undefined variable: ${name}`);
  return ({ variables }) => {
    if (!variables.has(name)) throw new CommandError('Location17276', `Use of undefined variable: ${name}`);
    return valueAlong(variables.get(name), path);
  };
}

function pathParts(path: string): string[] {
  const parts = path.split('.');
  if (parts.includes(''))
    throw new CommandError('Location15998', 'FieldPath field names may not be empty strings.');
  return parts;
}

/** The value along a path; of an array, the array of what the path leads to in its elements. */
function valueAlong(value: unknown, path: readonly string[]): unknown {
  const [part, ...rest] = path;
  if (part === undefined) return value;
  if (Array.isArray(value)) {
    return value.map((element) => valueAlong(element, path)).filter((element) => element !== missing);
  }
  return isDocument(value) && hasField(value, part) ? valueAlong(value[part], rest) : missing;
}

function orNull(value: unknown): unknown {
  return value === missing ? null : value;
}
