import { splitPath } from '../bson/paths.js';
import { toDouble } from '../bson/numbers.js';
import type { Document } from '../bson/types.js';
import { compileFilter, type Predicate } from '../query/filter.js';
import { compareInDirections, documentKeys, type DocumentKeys, type Key } from './index-keys.js';
import { SortedList } from './sorted-list.js';
import type { StoredDocument } from './stored-document.js';

/** An index as `listIndexes` tells it. */
export interface IndexSpecification {
  v: 2;
  key: Document;
  name: string;
  unique?: boolean;
  sparse?: boolean;
  partialFilterExpression?: Document;
}

export interface IndexEntry {
  key: Key;
  stored: StoredDocument;
}

/** An ordered index over a collection, on one field or several. */
export class CollectionIndex {
  readonly fields: readonly string[];
  readonly directions: readonly (1 | -1)[];
  readonly entries: SortedList<IndexEntry>;
  /** The positions of the fields for which some document, now or earlier, has an array. */
  readonly multikey = new Set<number>();
  private readonly paths: readonly string[][];
  private readonly covers: Predicate | undefined;

  constructor(readonly specification: IndexSpecification) {
    const pattern = Object.entries(specification.key);
    this.fields = pattern.map(([field]) => field);
    this.directions = pattern.map(([, direction]) => (toDouble(direction) < 0 ? -1 : 1));
    this.paths = this.fields.map(splitPath);
    this.entries = new SortedList(
      (left, right) =>
        compareInDirections(left.key, right.key, this.directions) ||
        left.stored.sequence - right.stored.sequence,
    );
    const { partialFilterExpression: partial } = specification;
    this.covers = partial && compileFilter(partial);
  }

  get name(): string {
    return this.specification.name;
  }

  get isUnique(): boolean {
    return this.specification.unique === true || this.name === '_id_';
  }

  /** The keys that the index holds for the document: none where it is sparse or partial and leaves it out. */
  keysOf(document: Document): DocumentKeys {
    const none = { keys: [], multikey: new Set<number>() };
    if (this.covers && !this.covers(document)) return none;
    const found = documentKeys(document, this.paths);
    if (this.specification.sparse && !this.hasAnyField(document)) return none;
    return found;
  }

  /** The first of the keys that another document has already, where the index forbids that. */
  conflictOf(keys: readonly Key[], own?: StoredDocument): Key | undefined {
    if (!this.isUnique) return undefined;
    return keys.find((key) => {
      for (const { stored } of this.withKey(key)) if (stored !== own) return true;
      return false;
    });
  }

  add({ keys, multikey }: DocumentKeys, stored: StoredDocument): void {
    for (const key of keys) this.entries.add({ key, stored });
    for (const field of multikey) this.multikey.add(field);
  }

  remove({ keys }: DocumentKeys, stored: StoredDocument): void {
    for (const key of keys) this.entries.remove({ key, stored });
  }

  /** The entries with exactly this key, or with a key that begins with it. */
  withKey(key: Key): Generator<IndexEntry> {
    const directions = this.directions.slice(0, key.length);
    return this.entries.between(
      (entry) => compareInDirections(entry.key, key, directions) < 0,
      (entry) => compareInDirections(entry.key, key, directions) > 0,
    );
  }

  private hasAnyField(document: Document): boolean {
    return this.fields.some((field) => hasValue(document, field));
  }
}

function hasValue(document: Document, field: string): boolean {
  return compileFilter({ [field]: { $exists: true } })(document);
}
