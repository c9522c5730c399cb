import { Binary, Long } from 'bson';
import { encode } from '../bson/codec.js';
import type { Document } from '../bson/types.js';
import { CommandError } from '../errors.js';
import { compileFilter } from '../query/filter.js';
import type { Collection } from '../storage/collection.js';
import { flag, namespaceOf, optionalDocument } from './arguments.js';
import type { Command, Engine } from './command.js';
import { toInteger } from '../bson/numbers.js';

const create: Command = {
  fields: ['idIndex', 'autoIndexId'],
  unsupported: [
    'collation',
    'validator',
    'validationLevel',
    'validationAction',
    'viewOn',
    'pipeline',
    'storageEngine',
    'indexOptionDefaults',
    'timeseries',
    'expireAfterSeconds',
    'clusteredIndex',
    'changeStreamPreAndPostImages',
    'encryptedFields',
    'capped',
    'size',
    'max',
    'flags',
  ],
  run(request, { store }) {
    const namespace = namespaceOf(request);
    if (store.find(namespace)) {
      throw new CommandError('NamespaceExists', `Collection already exists. NS: ${namespace}`);
    }
    store.create(namespace);
    return {};
  },
};

const drop: Command = {
  fields: [],
  run(request, { store }) {
    const namespace = namespaceOf(request);
    const collection = store.find(namespace);
    if (!collection) throw new CommandError('NamespaceNotFound', 'ns not found');
    store.drop(collection);
    return { nIndexesWas: collection.indexes.length, ns: namespace };
  },
};

const dropDatabase: Command = {
  fields: [],
  run({ database }, { store }) {
    const collections = store.ofDatabase(database);
    for (const collection of collections) store.drop(collection);
    return collections.length > 0 ? { dropped: database } : {};
  },
};

const listCollections: Command = {
  fields: ['filter', 'nameOnly', 'authorizedCollections', 'cursor'],
  run(request, { store, cursors }) {
    const matches = compileFilter(optionalDocument(request, 'filter') ?? {});
    const nameOnly = flag(request, 'nameOnly');
    const entries = store
      .ofDatabase(request.database)
      .map(collectionEntry)
      .filter(matches)
      .map(({ name, type, ...more }) => encode(nameOnly ? { name, type } : { name, type, ...more }));
    return cursors.start(`${request.database}.$cmd.listCollections`, entries, cursorBatchSize(request.body));
  },
};

function collectionEntry({ name, uuid, idIndex }: Collection): Document {
  return {
    name,
    type: 'collection',
    options: {},
    info: { readOnly: false, uuid: new Binary(uuid, Binary.SUBTYPE_UUID) },
    idIndex: { v: 2, key: idIndex.specification.key, name: '_id_' },
  };
}

const listDatabases: Command = {
  fields: ['filter', 'nameOnly', 'authorizedDatabases'],
  run(request, { store }) {
    if (request.database !== 'admin') {
      throw new CommandError('Unauthorized', 'listDatabases may only be run against the admin database.');
    }
    const matches = compileFilter(optionalDocument(request, 'filter') ?? {});
    const databases = store
      .databases()
      .map((name) => databaseEntry(name, store))
      .filter(matches);
    if (flag(request, 'nameOnly')) return { databases: databases.map(({ name }) => ({ name })) };
    const totalSize = databases.reduce((sum, { sizeOnDisk }) => sum + Number(sizeOnDisk), 0);
    return { databases, totalSize: Long.fromNumber(totalSize) };
  },
};

function databaseEntry(name: string, store: Engine['store']): Document {
  const bytes = store.ofDatabase(name).reduce((sum, collection) => sum + collection.bytes, 0);
  return { name, sizeOnDisk: Long.fromNumber(bytes), empty: false };
}

/** The batch size in a command's `cursor` field. */
export function cursorBatchSize({ cursor }: Document): number | undefined {
  const size = (cursor as Document | undefined)?.batchSize;
  return size === undefined ? undefined : toInteger(size);
}

export const catalogCommands: Record<string, Command> = {
  create,
  drop,
  dropDatabase,
  listCollections,
  listDatabases,
};
