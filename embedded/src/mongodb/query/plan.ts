import { arrayPosition, splitPath } from '../bson/paths.js';
import { equalValues } from '../bson/order.js';
import { isDocument, type Document } from '../bson/types.js';
import { CommandError } from '../errors.js';
import type { Collection } from '../storage/collection.js';
import type { StoredDocument } from '../storage/stored-document.js';
import type { CollectionIndex } from '../storage/collection-index.js';
import { constraintsOf, type Constraint } from './constraints.js';
import { countEntries, entriesOf, scanFor, type IndexScan } from './index-scan.js';
import type { Sort } from './sort.js';

/** Where the candidates for a filter are looked for. Each must still be tested against it. */
export type Plan =
  | { kind: 'collection'; sorted: boolean }
  | { kind: 'index'; scan: IndexScan; reverse: boolean; sorted: boolean }
  | { kind: 'union'; plans: Plan[]; sorted: boolean };

export interface PlannedQuery {
  filter: Document;
  sort?: Sort | undefined;
  /** How many results are wanted, from the first on; undefined for all. */
  wanted?: number | undefined;
  /** An index to use, by its name or its key pattern. */
  hint?: unknown;
}

/** What a query looked at. */
export interface Tally {
  keysExamined: number;
  docsExamined: number;
}

/**
 * Chooses the index whose matching part is the smallest.
 * @throws CommandError BadValue when the hint names no index
 */
export function planQuery(collection: Collection, query: PlannedQuery): Plan {
  const { filter, sort, hint } = query;
  const scanAll: Plan = { kind: 'collection', sorted: sort === undefined };
  if (isDocument(hint) && '$natural' in hint) return scanAll;
  const constraints = constraintsOf(filter);
  if (hint !== undefined && hint !== '' && !(isDocument(hint) && Object.keys(hint).length === 0)) {
    return indexPlan(scanFor(hintedIndex(collection, hint), constraints), sort);
  }
  const options = collection.indexes
    .filter((index) => isComplete(index, constraints))
    .map((index) => indexPlan(scanFor(index, constraints), sort))
    .filter((plan) => plan.scan.bounded.size > 0 || (sort && plan.sorted))
    .map((plan): { plan: Plan; cost: number } => ({ plan, cost: costOf(plan, query) }));
  const union = unionPlan(collection, filter);
  if (union) options.push(union);
  options.push({ plan: scanAll, cost: collection.documents.size * (sort ? 2 : 1) });
  return options.reduce((best, option) => (option.cost < best.cost ? option : best)).plan;
}

/** The documents that a plan leads to, each once. */
export function* candidates(collection: Collection, plan: Plan, tally: Tally): Generator<StoredDocument> {
  if (plan.kind === 'collection') {
    yield* collection.documents;
    return;
  }
  const seen = new Set<StoredDocument>();
  if (plan.kind === 'union') {
    for (const branch of plan.plans) {
      for (const stored of candidates(collection, branch, tally)) {
        if (!seen.has(stored)) yield stored;
        seen.add(stored);
      }
    }
    return;
  }
  const mayRepeat = plan.scan.index.multikey.size > 0;
  for (const { stored } of entriesOf(plan.scan, plan.reverse)) {
    tally.keysExamined += 1;
    if (mayRepeat && seen.has(stored)) continue;
    if (mayRepeat) seen.add(stored);
    yield stored;
  }
}

function indexPlan(scan: IndexScan, sort: Sort | undefined): Extract<Plan, { kind: 'index' }> {
  const order = sort ? orderOf(scan, sort) : 'forward';
  return { kind: 'index', scan, reverse: order === 'backward', sorted: order !== undefined };
}

/** Whether the scan, in one direction or the other, gives its documents in the order of the sort. */
function orderOf(scan: IndexScan, sort: Sort): 'forward' | 'backward' | undefined {
  const { index, singlePoints, bounded } = scan;
  // Where bounds leave out some of a document's keys, the first key seen need not be the one it sorts by.
  if ([...bounded].some((field) => index.multikey.has(field))) return undefined;
  const fixed = new Set([...singlePoints].map((field) => index.fields[field]));
  const remaining = [...index.fields.keys()].filter((field) => !singlePoints.has(field));
  const wanted = sort.fields.map((field, i) => ({ field, direction: sort.directions[i]! }));
  const open = wanted.filter(({ field }) => !fixed.has(field));
  const turns = open.map(({ field, direction }, i) => {
    const position = remaining[i];
    if (position === undefined || index.fields[position] !== field) return 0;
    return direction * index.directions[position]!;
  });
  if (turns.every((turn) => turn === 1)) return 'forward';
  if (turns.every((turn) => turn === -1)) return 'backward';
  return undefined;
}

function costOf(plan: Extract<Plan, { kind: 'index' }>, { filter, sort, wanted }: PlannedQuery): number {
  const keys = countEntries(plan.scan);
  if (sort && !plan.sorted) return keys * 2;
  const testsNothingElse = Object.keys(filter).length <= plan.scan.bounded.size;
  return testsNothingElse && wanted !== undefined ? Math.min(keys, wanted) : keys;
}

/** Whether the index holds every document that the constraints allow: a sparse or partial one may not. */
function isComplete(index: CollectionIndex, constraints: ReadonlyMap<string, Constraint[]>): boolean {
  const { specification, fields } = index;
  if (fields.some((field) => splitPath(field).some((part) => arrayPosition(part) !== undefined)))
    return false;
  if (specification.partialFilterExpression) return false;
  if (!specification.sparse) return true;
  return fields.some((field) => (constraints.get(field) ?? []).some(excludesMissing));
}

function excludesMissing(constraint: Constraint): boolean {
  return 'interval' in constraint || !constraint.points.includes(null);
}

function unionPlan(collection: Collection, filter: Document): { plan: Plan; cost: number } | undefined {
  const { $or: alternatives, ...rest } = filter;
  if (!Array.isArray(alternatives)) return undefined;
  const branches = alternatives.map((alternative: Document) => {
    const both = { $and: [rest, alternative] };
    const plan = planQuery(collection, { filter: both });
    return { plan, cost: plan.kind === 'index' ? countEntries(plan.scan) : Infinity };
  });
  if (branches.some(({ plan }) => plan.kind !== 'index')) return undefined;
  const cost = branches.reduce((sum, branch) => sum + branch.cost, 0);
  return { plan: { kind: 'union', plans: branches.map(({ plan }) => plan), sorted: false }, cost };
}

function hintedIndex(collection: Collection, hint: unknown): CollectionIndex {
  const index = collection.indexes.find(({ name, specification }) =>
    typeof hint === 'string' ? name === hint : samePattern(specification.key, hint),
  );
  if (!index) {
    throw new CommandError(
      'BadValue',
      'error processing query: planner returned error: hint provided does not correspond to an existing index',
    );
  }
  return index;
}

/** Whether two key patterns name the same fields in the same order and directions. */
export function samePattern(left: unknown, right: unknown): boolean {
  return isDocument(left) && isDocument(right) && equalValues(left, right);
}
