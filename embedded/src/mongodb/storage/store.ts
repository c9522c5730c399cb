import { randomBytes } from 'node:crypto';
import { decode } from '../bson/codec.js';
import type { Document } from '../bson/types.js';
import { decodeChanges, encodeChanges, type Change } from './changes.js';
import { Collection } from './collection.js';
import type { StoredDocument } from './stored-document.js';
import type { IndexSpecification } from './collection-index.js';
import { Journal } from './journal.js';
import { RememberedResults } from './remembered-results.js';

const COMPACT_FROM_BYTES = 32 * 1024 * 1024;
const SNAPSHOT_RECORD_DOCUMENTS = 1000;

/**
 * All collections. A write changes memory at once and is complete for readers; `commit` stores everything
 * that was changed since the last commit as one record, so that a command is on disk as a whole or not at all.
 */
export class Store {
  readonly remembered = new RememberedResults();
  private readonly collections = new Map<string, Collection>();
  private changes: Change[] = [];
  private journal!: Journal;

  private constructor(private readonly log: (line: string) => void) {}

  static async open(directory: string, log: (line: string) => void): Promise<Store> {
    const store = new Store(log);
    store.journal = await Journal.open({ directory, log, onRecord: (record) => store.replay(record) });
    return store;
  }

  close(): Promise<void> {
    return this.journal.close();
  }

  /** Whether anything was changed since the last commit. */
  get hasChanges(): boolean {
    return this.changes.length > 0;
  }

  find(namespace: string): Collection | undefined {
    return this.collections.get(namespace);
  }

  ofDatabase(database: string): Collection[] {
    return [...this.collections.values()].filter(({ namespace }) => namespace.startsWith(`${database}.`));
  }

  databases(): string[] {
    const names = [...this.collections.keys()].map((namespace) => namespace.slice(0, namespace.indexOf('.')));
    return [...new Set(names)].toSorted();
  }

  /** The collection, created where it is not there. */
  findOrCreate(namespace: string): Collection {
    return this.find(namespace) ?? this.create(namespace);
  }

  create(namespace: string): Collection {
    return this.apply({ change: 'createCollection', namespace, uuid: newUuid() }) as Collection;
  }

  drop({ namespace }: Collection): void {
    this.apply({ change: 'dropCollection', namespace });
  }

  createIndex(collection: Collection, index: IndexSpecification): void {
    collection.addIndex(index);
    this.changes.push({ change: 'createIndex', namespace: collection.namespace, index });
  }

  dropIndex({ namespace }: Collection, name: string): void {
    this.apply({ change: 'dropIndex', namespace, name });
  }

  /** @throws CommandError DuplicateKey */
  insert(collection: Collection, bytes: Uint8Array, document: Document): void {
    collection.insert(bytes, document);
    this.put(collection, bytes);
  }

  /** @throws CommandError DuplicateKey */
  replace(collection: Collection, stored: StoredDocument, bytes: Uint8Array, document: Document): void {
    collection.replace(stored, bytes, document);
    this.put(collection, bytes);
  }

  remove(collection: Collection, stored: StoredDocument): void {
    const { _id: id } = decode(stored.bytes);
    collection.remove(stored);
    this.changes.push({ change: 'remove', namespace: collection.namespace, id });
  }

  /** Keeps the answer to a retryable write, together with what it wrote. */
  remember(session: string, transaction: bigint, reply: Uint8Array): void {
    this.apply({ change: 'remember', session, transaction: String(transaction), documents: [reply] });
  }

  /**
   * Stores all changes since the last commit. Resolves once they are safe, and with them every earlier one.
   * @throws Error when the journal cannot be written; memory is then ahead of it, and the server must stop
   */
  async commit(): Promise<void> {
    const { changes } = this;
    if (changes.length === 0) return;
    this.changes = [];
    const stored = this.journal.append(encodeChanges(changes));
    const live = [...this.collections.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    if (this.journal.size > COMPACT_FROM_BYTES && this.journal.size > 2 * live) {
      this.compact().catch((error: Error) => this.log(`the journal was not compacted: ${error.message}`));
    }
    await stored;
  }

  /** Resolves once everything that was committed so far is safe. */
  settled(): Promise<void> {
    return this.journal.append(Buffer.alloc(0));
  }

  compact(): Promise<void> {
    return this.journal.compact(() => this.snapshot());
  }

  private put({ namespace }: Collection, bytes: Uint8Array): void {
    this.changes.push({ change: 'put', namespace, documents: [bytes] });
  }

  private apply(change: Change): Collection | undefined {
    this.changes.push(change);
    return this.enact(change);
  }

  private replay(record: Buffer): void {
    for (const change of decodeChanges(record)) this.enact(change);
  }

  private enact(change: Change): Collection | undefined {
    if (change.change === 'createCollection') {
      const collection = new Collection(change.namespace, change.uuid);
      this.collections.set(change.namespace, collection);
      return collection;
    }
    if (change.change === 'remember') {
      this.remembered.add(change.session, BigInt(change.transaction), change.documents[0]!);
      return undefined;
    }
    const collection = this.find(change.namespace);
    if (!collection) throw new Error(`the journal names ${change.namespace} before it is there`);
    switch (change.change) {
      case 'dropCollection':
        this.collections.delete(change.namespace);
        break;
      case 'createIndex':
        collection.addIndex(change.index);
        break;
      case 'dropIndex':
        collection.dropIndex(change.name);
        break;
      case 'put':
        for (const bytes of change.documents) upsert(collection, bytes);
        break;
      case 'remove': {
        const stored = collection.byId(change.id);
        if (stored) collection.remove(stored);
      }
    }
    return collection;
  }

  /** The records that make up the present state. What they hold is fixed now; they are encoded when they are taken. */
  private snapshot(): Iterable<Buffer> {
    const collections = [...this.collections.values()].map(({ namespace, uuid, indexes, documents }) => ({
      namespace,
      uuid,
      indexes: indexes.slice(1).map(({ specification }) => specification),
      documents: Array.from(documents, ({ bytes }) => bytes),
    }));
    const remembered = [...this.remembered.entries()];
    return (function* () {
      for (const { namespace, uuid, indexes, documents } of collections) {
        yield encodeChanges([
          { change: 'createCollection', namespace, uuid },
          ...indexes.map((index): Change => ({ change: 'createIndex', namespace, index })),
        ]);
        for (let i = 0; i < documents.length; i += SNAPSHOT_RECORD_DOCUMENTS) {
          const part = documents.slice(i, i + SNAPSHOT_RECORD_DOCUMENTS);
          yield encodeChanges([{ change: 'put', namespace, documents: part }]);
        }
      }
      for (const { session, transaction, reply } of remembered) {
        const change = { session, transaction: String(transaction), documents: [reply] };
        yield encodeChanges([{ change: 'remember', ...change }]);
      }
    })();
  }
}

function upsert(collection: Collection, bytes: Uint8Array): void {
  const document = decode(bytes);
  const stored = collection.byId(document._id);
  if (stored) collection.replace(stored, bytes, document);
  else collection.insert(bytes, document);
}

function newUuid(): Uint8Array {
  const bytes = randomBytes(16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes;
}
