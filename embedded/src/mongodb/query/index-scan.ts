import { compareValues, rankOf } from '../bson/order.js';
import type { CollectionIndex, IndexEntry } from '../storage/collection-index.js';
import { compareInDirections, type Key } from '../storage/index-keys.js';
import type { Bound, Constraint, Interval } from './constraints.js';

const MOST_RANGES = 10_000;
const RANGES_COUNTED = 50;

/** The keys that begin with a prefix and whose next field lies in the interval, if there is one. */
interface KeyRange {
  prefix: Key;
  interval?: Interval | undefined;
}

/** Parts of an index, in its order and not overlapping, that hold all documents satisfying the constraints. */
export interface IndexScan {
  index: CollectionIndex;
  ranges: KeyRange[];
  /** The fields, from the first on, that are bound to one value. */
  singlePoints: ReadonlySet<number>;
  /** The fields that the ranges restrict. */
  bounded: ReadonlySet<number>;
}

/** The smallest part of the index that the constraints allow: all of it where they say nothing of its first field. */
export function scanFor(index: CollectionIndex, constraints: ReadonlyMap<string, Constraint[]>): IndexScan {
  const singlePoints = new Set<number>();
  const bounded = new Set<number>();
  let prefixes: Key[] = [[]];
  let interval: Interval | undefined;
  let arrayBounded = false;
  for (const [field, path] of index.fields.entries()) {
    const isArray = index.multikey.has(field);
    const found = constraints.get(path) ?? [];
    // Two fields of one array may be satisfied by two of its elements, which have two keys: bind only one.
    if (found.length === 0 || (isArray && arrayBounded)) break;
    const points = distinctPoints(found, index.directions[field]!);
    if (points && points.length * prefixes.length <= MOST_RANGES) {
      prefixes = prefixes.flatMap((prefix) => points.map((point) => [...prefix, point]));
      if (points.length === 1) singlePoints.add(field);
    } else {
      interval = intersection(found, isArray);
      if (!interval) break;
    }
    bounded.add(field);
    arrayBounded ||= isArray;
    if (interval) break;
  }
  return { index, ranges: prefixes.map((prefix) => ({ prefix, interval })), singlePoints, bounded };
}

/** The entries of all ranges, in the order of the index or in the reverse order. */
export function* entriesOf({ index, ranges }: IndexScan, reverse: boolean): Generator<IndexEntry> {
  const ordered = reverse ? ranges.toReversed() : ranges;
  for (const range of ordered) {
    const { before, after } = limits(index, range);
    yield* reverse ? index.entries.backwards(before, after) : index.entries.between(before, after);
  }
}

/** How many entries the ranges hold, estimated from some of them where they are many. */
export function countEntries({ index, ranges }: IndexScan): number {
  const counted = ranges.slice(0, RANGES_COUNTED);
  const sum = counted.reduce((total, range) => {
    const { before, after } = limits(index, range);
    return total + index.entries.countBetween(before, after);
  }, 0);
  return counted.length === 0 ? 0 : (sum * ranges.length) / counted.length;
}

function limits(index: CollectionIndex, { prefix, interval }: KeyRange) {
  const directions = index.directions.slice(0, prefix.length);
  const direction = index.directions[prefix.length] ?? 1;
  const place = ({ key }: IndexEntry): number =>
    compareInDirections(key, prefix, directions) ||
    (interval ? direction * placeIn(interval, key[prefix.length]) : 0);
  return { before: (entry: IndexEntry) => place(entry) < 0, after: (entry: IndexEntry) => place(entry) > 0 };
}

/** Negative below the interval, positive above it, 0 in it. */
function placeIn({ rank, lower, upper }: Interval, value: unknown): number {
  const difference = rankOf(value) - rank;
  if (difference !== 0) return difference;
  if (lower) {
    const side = compareValues(value, lower.value);
    if (side < 0 || (side === 0 && !lower.inclusive)) return -1;
  }
  if (upper) {
    const side = compareValues(value, upper.value);
    if (side > 0 || (side === 0 && !upper.inclusive)) return 1;
  }
  return 0;
}

function distinctPoints(constraints: readonly Constraint[], direction: 1 | -1): unknown[] | undefined {
  const lists = constraints.flatMap((constraint) => ('points' in constraint ? [constraint.points] : []));
  const [shortest] = lists.toSorted((a, b) => a.length - b.length);
  if (!shortest) return undefined;
  // Array.prototype.sort always puts undefined last, which is not its place: hence the wrapping.
  const sorted = shortest
    .map((point) => ({ point }))
    .toSorted((a, b) => compareValues(a.point, b.point) * direction);
  return sorted
    .filter(({ point }, i) => i === 0 || compareValues(sorted[i - 1]!.point, point) !== 0)
    .map(({ point }) => point);
}

/** All intervals at once, or one bound of one where different elements of an array may satisfy them. */
function intersection(constraints: readonly Constraint[], isArray: boolean): Interval | undefined {
  const intervals = constraints.flatMap((constraint) =>
    'interval' in constraint ? [constraint.interval] : [],
  );
  const [first, ...others] = intervals;
  if (!first || isArray) return first;
  return others.reduce((both, { rank, lower, upper }) => {
    if (rank !== both.rank) return both;
    return { rank, lower: tighter(both.lower, lower, 1), upper: tighter(both.upper, upper, -1) };
  }, first);
}

function tighter(a: Bound | undefined, b: Bound | undefined, direction: 1 | -1): Bound | undefined {
  if (!a || !b) return a ?? b;
  const difference = compareValues(a.value, b.value) * direction;
  if (difference === 0) return a.inclusive ? b : a;
  return difference > 0 ? a : b;
}
