import { decode } from '../bson/codec.js';
import { compareValues } from '../bson/order.js';
import { typeOf, type Document } from '../bson/types.js';
import { CommandError } from '../errors.js';
import { CollectionIndex, type IndexSpecification } from './collection-index.js';
import type { DocumentKeys, Key } from './index-keys.js';
import type { StoredDocument } from './stored-document.js';

/** The documents of one collection in the order in which they came, and its indexes. */
export class Collection {
  readonly documents = new Set<StoredDocument>();
  readonly indexes: CollectionIndex[] = [new CollectionIndex({ v: 2, key: { _id: 1 }, name: '_id_' })];
  /** The bytes of all documents together. */
  bytes = 0;
  private nextSequence = 0;

  constructor(
    readonly namespace: string,
    readonly uuid: Uint8Array,
  ) {}

  get idIndex(): CollectionIndex {
    return this.indexes[0]!;
  }

  get name(): string {
    return this.namespace.slice(this.namespace.indexOf('.') + 1);
  }

  byId(id: unknown): StoredDocument | undefined {
    for (const { stored } of this.idIndex.withKey([id])) return stored;
    return undefined;
  }

  /** @throws CommandError DuplicateKey; then nothing is changed */
  insert(bytes: Uint8Array, document: Document): StoredDocument {
    const keys = this.admit(document);
    const stored = { sequence: this.nextSequence++, bytes };
    this.indexes.forEach((index, position) => index.add(keys[position]!, stored));
    this.documents.add(stored);
    this.bytes += bytes.length;
    return stored;
  }

  /** @throws CommandError DuplicateKey; then nothing is changed */
  replace(stored: StoredDocument, bytes: Uint8Array, document: Document): void {
    const former = decode(stored.bytes);
    const keys = this.admit(document, stored);
    this.indexes.forEach((index, position) => {
      const before = index.keysOf(former);
      const after = keys[position]!;
      if (sameKeys(before.keys, after.keys)) return;
      index.remove(before, stored);
      index.add(after, stored);
    });
    this.bytes += bytes.length - stored.bytes.length;
    stored.bytes = bytes;
  }

  remove(stored: StoredDocument): void {
    const document = decode(stored.bytes);
    for (const index of this.indexes) index.remove(index.keysOf(document), stored);
    this.documents.delete(stored);
    this.bytes -= stored.bytes.length;
  }

  /** @throws CommandError DuplicateKey where the documents that are there do not allow the index */
  addIndex(specification: IndexSpecification): void {
    const index = new CollectionIndex(specification);
    for (const stored of this.documents) {
      const keys = index.keysOf(decode(stored.bytes));
      const conflict = index.conflictOf(keys.keys);
      if (conflict) throw this.duplicate(index, conflict);
      index.add(keys, stored);
    }
    this.indexes.push(index);
  }

  dropIndex(name: string): void {
    this.indexes.splice(
      this.indexes.findIndex((index) => index.name === name),
      1,
    );
  }

  private admit(document: Document, own?: StoredDocument): DocumentKeys[] {
    return this.indexes.map((index) => {
      const keys = index.keysOf(document);
      const conflict = index.conflictOf(keys.keys, own);
      if (conflict) throw this.duplicate(index, conflict);
      return keys;
    });
  }

  private duplicate(index: CollectionIndex, key: Key): CommandError {
    const keyValue = Object.fromEntries(index.fields.map((field, position) => [field, key[position]]));
    const shown = Object.entries(keyValue).map(([field, value]) => `${field}: ${show(value)}`);
    return new CommandError(
      'DuplicateKey',
      `E11000 duplicate key error collection: ${this.namespace} index: ${index.name} dup key: { ${shown.join(', ')} }`,
      { keyPattern: index.specification.key, keyValue },
    );
  }
}

function sameKeys(left: readonly Key[], right: readonly Key[]): boolean {
  if (left.length !== right.length) return false;
  return left.every((key, position) =>
    key.every((value, field) => compareValues(value, right[position]![field]) === 0),
  );
}

function show(value: unknown): string {
  const type = typeOf(value);
  if (type === 'objectId') return `ObjectId('${String(value)}')`;
  if (type === 'date') return `new Date(${(value as Date).getTime()})`;
  return ['string', 'object', 'array'].includes(type) ? JSON.stringify(value) : String(value);
}
