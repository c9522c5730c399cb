import { isNaNValue } from '../bson/numbers.js';
import { rankOf } from '../bson/order.js';
import { isDocument, isNumeric, typeOf, type Document } from '../bson/types.js';
import { isOperatorDocument } from './filter.js';

export interface Bound {
  value: unknown;
  inclusive: boolean;
}

/** The values of one type between two bounds, either of which may be open. */
export interface Interval {
  rank: number;
  lower?: Bound | undefined;
  upper?: Bound | undefined;
}

/** What a filter demands of the values under one path: to be among some points, or within an interval. */
export type Constraint = { points: unknown[] } | { interval: Interval };

/**
 * What a filter demands of each path in a form that an index can answer. Every document that the filter
 * matches satisfies each constraint; that one satisfies them all says nothing yet.
 */
export function constraintsOf(filter: Document): Map<string, Constraint[]> {
  const constraints = new Map<string, Constraint[]>();
  collect(filter, '', constraints);
  return constraints;
}

function collect(filter: Document, prefix: string, constraints: Map<string, Constraint[]>): void {
  for (const [name, condition] of Object.entries(filter)) {
    if (name === '$and' && Array.isArray(condition)) {
      for (const clause of condition) if (isDocument(clause)) collect(clause, prefix, constraints);
    }
    if (name.startsWith('$')) continue;
    const path = prefix + name;
    for (const constraint of conditionConstraints(path, condition, constraints)) {
      constraints.set(path, [...(constraints.get(path) ?? []), constraint]);
    }
  }
}

function conditionConstraints(
  path: string,
  condition: unknown,
  constraints: Map<string, Constraint[]>,
): Constraint[] {
  if (!isOperatorDocument(condition)) return pointsOf([condition]);
  return Object.entries(condition).flatMap(([operator, operand]): Constraint[] => {
    switch (operator) {
      case '$eq':
        return pointsOf([operand]);
      case '$in':
        return Array.isArray(operand) ? pointsOf(operand) : [];
      case '$gt':
      case '$gte':
        return intervalOf(operand, { lower: { value: operand, inclusive: operator === '$gte' } });
      case '$lt':
      case '$lte':
        return intervalOf(operand, { upper: { value: operand, inclusive: operator === '$lte' } });
      case '$elemMatch':
        if (isDocument(operand) && !isOperatorDocument(operand)) collect(operand, `${path}.`, constraints);
        return [];
      default:
        return [];
    }
  });
}

function pointsOf(values: readonly unknown[]): Constraint[] {
  if (values.some((value) => ['array', 'regex', 'undefined'].includes(typeOf(value)))) return [];
  // A filter for null also finds undefined.
  return [{ points: values.includes(null) ? [...values, undefined] : [...values] }];
}

function intervalOf(operand: unknown, bounds: Omit<Interval, 'rank'>): Constraint[] {
  const type = typeOf(operand);
  if (['array', 'regex', 'undefined', 'null', 'minKey', 'maxKey'].includes(type)) return [];
  if (isNumeric(type) && isNaNValue(operand)) return [];
  return [{ interval: { rank: rankOf(operand), ...bounds } }];
}
