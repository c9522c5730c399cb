import { decode } from '../bson/codec.js';
import type { Document } from '../bson/types.js';
import type { Deadline } from '../deadline.js';
import type { Collection } from '../storage/collection.js';
import type { StoredDocument } from '../storage/stored-document.js';
import type { Key } from '../storage/index-keys.js';
import { compileFilter } from './filter.js';
import { candidates, planQuery, type Plan, type Tally } from './plan.js';
import { compileSort } from './sort.js';

/** A query as the commands carry it. */
export interface Query {
  filter: Document;
  sort?: unknown;
  skip?: number;
  /** 0 or undefined for no limit. */
  limit?: number | undefined;
  hint?: unknown;
}

/** A document that was found. */
export class Match {
  private decoded: Document | undefined;

  constructor(readonly stored: StoredDocument) {}

  /** The decoded document, the caller's own to change. */
  get document(): Document {
    return (this.decoded ??= decode(this.stored.bytes));
  }
}

export interface Execution {
  plan: Plan;
  tally: Tally;
  /** To be read to its end before anything is written. */
  matches: Iterable<Match>;
}

/**
 * Plans a query and runs it while the matches are read.
 * @throws CommandError for a filter, sort or hint that is refused; MaxTimeMSExpired while reading
 */
export function execute(collection: Collection, query: Query, deadline: Deadline): Execution {
  const { filter, skip = 0, limit = 0, hint } = query;
  const sort = compileSort(query.sort);
  const matchesFilter = compileFilter(filter);
  const matchesAll = Object.keys(filter).length === 0;
  const tally: Tally = { keysExamined: 0, docsExamined: 0 };
  const wanted = limit > 0 ? skip + limit : undefined;
  const plan = planQuery(collection, { filter, sort, wanted, hint });

  function* filtered(): Generator<Match> {
    for (const stored of candidates(collection, plan, tally)) {
      deadline.tick();
      tally.docsExamined += 1;
      const match = new Match(stored);
      if (matchesAll || matchesFilter(match.document)) yield match;
    }
  }

  function* sorted(): Generator<Match> {
    if (!sort || plan.sorted) {
      yield* filtered();
      return;
    }
    const rows: { key: Key; stored: StoredDocument }[] = [];
    for (const { stored, document } of filtered()) rows.push({ key: sort.keyOf(document), stored });
    rows.sort((left, right) => sort.compare(left.key, right.key));
    const first = wanted === undefined ? rows : rows.slice(0, wanted);
    for (const { stored } of first) yield new Match(stored);
  }

  function* window(): Generator<Match> {
    let position = 0;
    for (const match of sorted()) {
      position += 1;
      if (position > skip) yield match;
      if (position === wanted) return;
    }
  }

  return { plan, tally, matches: window() };
}
