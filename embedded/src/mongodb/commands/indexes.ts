import { Int32 } from 'bson';
import { encode } from '../bson/codec.js';
import { toDouble } from '../bson/numbers.js';
import { equalValues } from '../bson/order.js';
import { isDocument, isNumeric, typeOf } from '../bson/types.js';
import { CommandError } from '../errors.js';
import { compileFilter } from '../query/filter.js';
import { samePattern } from '../query/plan.js';
import type { Collection } from '../storage/collection.js';
import type { IndexSpecification } from '../storage/collection-index.js';
import { namespaceOf, refuseUnsupported, requiredArray } from './arguments.js';
import { cursorBatchSize } from './catalog.js';
import type { Command } from './command.js';

const known = new Set([
  'key',
  'name',
  'unique',
  'sparse',
  'partialFilterExpression',
  'background',
  'v',
  'ns',
]);
const unsupported = [
  'expireAfterSeconds',
  'collation',
  'hidden',
  'weights',
  'default_language',
  'language_override',
  'textIndexVersion',
  '2dsphereIndexVersion',
  'bits',
  'min',
  'max',
  'bucketSize',
  'wildcardProjection',
  'storageEngine',
  'clustered',
  'prepareUnique',
];

const createIndexes: Command = {
  fields: ['indexes'],
  unsupported: ['commitQuorum'],
  run(request, { store }) {
    const namespace = namespaceOf(request);
    const wanted = requiredArray(request, 'indexes').map(specificationOf);
    if (wanted.length === 0) throw new CommandError('BadValue', 'Must specify at least one index to create');
    const createdCollectionAutomatically = store.find(namespace) === undefined;
    const collection = store.findOrCreate(namespace);
    const numIndexesBefore = collection.indexes.length;
    const created: string[] = [];
    try {
      for (const specification of wanted) {
        if (isThere(collection, specification)) continue;
        store.createIndex(collection, specification);
        created.push(specification.name);
      }
    } catch (error) {
      for (const name of created) store.dropIndex(collection, name);
      throw error;
    }
    const numIndexesAfter = collection.indexes.length;
    const note = numIndexesAfter === numIndexesBefore && { note: 'all indexes already exist' };
    return { numIndexesBefore, numIndexesAfter, createdCollectionAutomatically, ...note };
  },
};

function specificationOf(specification: unknown): IndexSpecification {
  if (!isDocument(specification))
    throw new CommandError('TypeMismatch', 'indexes must be an array of documents');
  const { key, name, unique, sparse, partialFilterExpression: partial } = specification;
  const odd = Object.keys(specification).find((field) => !known.has(field) && !unsupported.includes(field));
  if (odd) {
    throw new CommandError(
      'InvalidIndexSpecificationOption',
      `The field '${odd}' is not valid for an index specification.`,
    );
  }
  refuseUnsupported(specification, unsupported);
  if (!isDocument(key) || Object.keys(key).length === 0) {
    throw new CommandError('CannotCreateIndex', 'Index keys must be a document that is not empty');
  }
  if (typeof name !== 'string' || name === '') {
    throw new CommandError(
      'FailedToParse',
      "The 'name' field is a required property of an index specification",
    );
  }
  for (const [field, kind] of Object.entries(key)) refuseOddKey(field, kind);
  if (partial !== undefined) {
    if (!isDocument(partial))
      throw new CommandError('TypeMismatch', 'partialFilterExpression must be a document');
    if (sparse === true) {
      throw new CommandError(
        'CannotCreateIndex',
        'cannot mix "partialFilterExpression" and "sparse" options',
      );
    }
    compileFilter(partial);
  }
  return {
    v: 2,
    key,
    name,
    ...(isTrue(unique) && { unique: true }),
    ...(isTrue(sparse) && { sparse: true }),
    ...(isDocument(partial) && { partialFilterExpression: partial }),
  };
}

function refuseOddKey(field: string, kind: unknown): void {
  if (typeof kind === 'string') throw new CommandError('CannotCreateIndex', `Unknown index plugin '${kind}'`);
  if (!isNumeric(typeOf(kind)) || toDouble(kind) === 0 || Number.isNaN(toDouble(kind))) {
    throw new CommandError(
      'CannotCreateIndex',
      `Values in the index key pattern must be numbers that are not 0`,
    );
  }
  if (field.includes('$**'))
    throw new CommandError('CannotCreateIndex', 'wildcard indexes are not supported here');
  if (
    field
      .split('.')
      .some((part) => part === '' || (part.startsWith('$') && !['$id', '$ref', '$db'].includes(part)))
  ) {
    throw new CommandError('CannotCreateIndex', `Index key contains an illegal field name: '${field}'`);
  }
}

function isTrue(value: unknown): boolean {
  return value === true || (isNumeric(typeOf(value)) && toDouble(value) !== 0);
}

/** Whether the very same index exists. @throws CommandError where another one has its name or its key */
function isThere(collection: Collection, wanted: IndexSpecification): boolean {
  if (samePattern(wanted.key, { _id: new Int32(1) })) return true;
  for (const { specification: present } of collection.indexes) {
    const sameKey = samePattern(present.key, wanted.key);
    const sameName = present.name === wanted.name;
    if (!sameKey && !sameName) continue;
    const sameOptions =
      present.unique === wanted.unique &&
      present.sparse === wanted.sparse &&
      equalValues(present.partialFilterExpression, wanted.partialFilterExpression);
    if (sameKey && sameName && sameOptions) return true;
    if (sameName) {
      throw new CommandError(
        'IndexKeySpecsConflict',
        `An existing index has the same name as the requested index. Requested: ${wanted.name}`,
      );
    }
    if (sameOptions || !wanted.partialFilterExpression === !present.partialFilterExpression) {
      throw new CommandError(
        'IndexOptionsConflict',
        `Index already exists with a different name: ${present.name}`,
      );
    }
  }
  return false;
}

const listIndexes: Command = {
  fields: ['cursor'],
  run(request, { store, cursors }) {
    const namespace = namespaceOf(request);
    const collection = store.find(namespace);
    if (!collection) throw new CommandError('NamespaceNotFound', `ns does not exist: ${namespace}`);
    const entries = collection.indexes.map(({ specification }) => encode({ ...specification }));
    return cursors.start(namespace, entries, cursorBatchSize(request.body));
  },
};

const dropIndexes: Command = {
  fields: ['index'],
  run(request, { store }) {
    const namespace = namespaceOf(request);
    const collection = store.find(namespace);
    if (!collection) throw new CommandError('NamespaceNotFound', `ns not found ${namespace}`);
    const nIndexesWas = collection.indexes.length;
    for (const name of namesToDrop(collection, request.body.index)) store.dropIndex(collection, name);
    return { nIndexesWas };
  },
};

function namesToDrop(collection: Collection, wanted: unknown): string[] {
  if (wanted === '*') return collection.indexes.slice(1).map(({ name }) => name);
  if (Array.isArray(wanted)) return wanted.flatMap((name: unknown) => namesToDrop(collection, name));
  if (typeof wanted !== 'string' && !isDocument(wanted)) {
    throw new CommandError(
      'TypeMismatch',
      'the index to drop must be a name, a key pattern or a list of names',
    );
  }
  const index = collection.indexes.find(({ name, specification }) =>
    typeof wanted === 'string' ? name === wanted : samePattern(specification.key, wanted),
  );
  if (!index) {
    const shown = typeof wanted === 'string' ? `name [${wanted}]` : 'that key';
    throw new CommandError('IndexNotFound', `index not found with ${shown}`);
  }
  if (index === collection.idIndex) throw new CommandError('InvalidOptions', 'cannot drop _id index');
  return [index.name];
}

export const indexCommands: Record<string, Command> = { createIndexes, listIndexes, dropIndexes };
