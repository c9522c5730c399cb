import { isDocument, missing, type Document } from '../bson/types.js';
import { CommandError } from '../errors.js';
import { isNothing, isTrue, type Expression, type OperatorCompiler, type Scope } from './expression.js';

/** Operators that evaluate only some of their arguments, or evaluate them with variables. */
export const scopedOperators: Record<string, OperatorCompiler> = {
  $cond: (operand, compile) => {
    const parts = isDocument(operand) ? [operand.if, operand.then, operand.else] : (operand as unknown[]);
    if (!Array.isArray(parts) || parts.length !== 3 || parts.includes(undefined)) {
      throw new CommandError('Location17080', '$cond needs an if, a then and an else');
    }
    const [condition, then, otherwise] = parts.map(compile) as [Expression, Expression, Expression];
    return (scope) => (isTrue(condition(scope)) ? then(scope) : otherwise(scope));
  },
  $switch: (operand, compile) => {
    const { branches, default: fallback } = fieldsOf('$switch', operand, ['branches', 'default']);
    if (!Array.isArray(branches)) throw new CommandError('Location40061', '$switch needs branches');
    const cases = branches.map((branch) => {
      const { case: condition, then } = fieldsOf('$switch', branch, ['case', 'then']);
      return { condition: compile(condition), then: compile(then) };
    });
    const otherwise = fallback === undefined ? undefined : compile(fallback);
    return (scope) => {
      const found = cases.find(({ condition }) => isTrue(condition(scope)));
      if (found) return found.then(scope);
      if (otherwise) return otherwise(scope);
      throw new CommandError(
        'Location40066',
        '$switch could not find a matching branch for an input, and no default was specified.',
      );
    };
  },
  $let: (operand, compile) => {
    const { vars, in: result } = fieldsOf('$let', operand, ['vars', 'in']);
    if (!isDocument(vars)) throw new CommandError('Location16874', '$let needs vars');
    const bindings = Object.entries(vars).map(([name, value]) => [name, compile(value)] as const);
    const inner = compile(result);
    return (scope) =>
      inner(
        withVariables(
          scope,
          bindings.map(([name, value]) => [name, value(scope)]),
        ),
      );
  },
  $map: (operand, compile) => {
    const { input, as = 'this', in: result } = fieldsOf('$map', operand, ['input', 'as', 'in']);
    const [array, inner] = [compile(input), compile(result)];
    return (scope) =>
      eachElement('$map', array(scope), (elements) =>
        elements.map((element) => {
          const value = inner(withVariables(scope, [[String(as), element]]));
          return value === missing ? null : value;
        }),
      );
  },
  $filter: (operand, compile) => {
    const { input, as = 'this', cond } = fieldsOf('$filter', operand, ['input', 'as', 'cond']);
    const [array, condition] = [compile(input), compile(cond)];
    return (scope) =>
      eachElement('$filter', array(scope), (elements) =>
        elements.filter((element) => isTrue(condition(withVariables(scope, [[String(as), element]])))),
      );
  },
};

function withVariables(scope: Scope, bindings: readonly [string, unknown][]): Scope {
  return { root: scope.root, variables: new Map([...scope.variables, ...bindings]) };
}

function eachElement(name: string, array: unknown, apply: (elements: unknown[]) => unknown): unknown {
  if (isNothing(array)) return null;
  if (!Array.isArray(array)) throw new CommandError('Location28651', `input to ${name} must be an array`);
  return apply(array);
}

function fieldsOf(name: string, operand: unknown, known: readonly string[]): Document {
  if (!isDocument(operand))
    throw new CommandError('Location28646', `${name} only supports an object as its argument`);
  const odd = Object.keys(operand).find((field) => !known.includes(field));
  if (odd) throw new CommandError('Location28647', `Unrecognized parameter to ${name}: ${odd}`);
  return operand;
}
