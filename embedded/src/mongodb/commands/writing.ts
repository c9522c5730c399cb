import { ObjectId } from 'bson';
import { decode, own, withIdFirst } from '../bson/codec.js';
import { toInteger } from '../bson/numbers.js';
import { isDocument, isNumeric, typeOf, type Document } from '../bson/types.js';
import { CommandError } from '../errors.js';
import { execute } from '../query/execute.js';
import { compileFilter } from '../query/filter.js';
import type { Collection } from '../storage/collection.js';
import { compileUpdate, updated, upserted } from '../update/update.js';
import { flag, namespaceOf, refuseUnknown, refuseUnsupported, requiredArray } from './arguments.js';
import type { Command, Engine, Request } from './command.js';

const MOST_STATEMENTS = 100_000;
const MOST_BYTES = 16 * 1024 * 1024;

const insert: Command = {
  fields: ['documents', 'ordered', 'bypassDocumentValidation', 'bypassEmptyTsReplacement'],
  retryable: true,
  run(request, { store }) {
    const namespace = namespaceOf(request);
    let n = 0;
    const writeErrors = eachStatement(request, 'documents', (bytes) => {
      const { document, stored } = insertable(bytes);
      store.insert(store.findOrCreate(namespace), stored, document);
      n += 1;
    });
    return { n, ...writeErrors };
  },
};

function insertable(statement: unknown): { document: Document; stored: Uint8Array } {
  if (!(statement instanceof Uint8Array))
    throw new CommandError('TypeMismatch', 'documents must be an array of documents');
  if (statement.length > MOST_BYTES) {
    throw new CommandError(
      'BadValue',
      `object to insert too large. size in bytes: ${statement.length}, max size: ${MOST_BYTES}`,
    );
  }
  const stored = own(withIdFirst(statement, () => new ObjectId()));
  const document = decode(stored);
  const dollar = Object.keys(document).find((name) => name.startsWith('$'));
  if (dollar) throw new CommandError('BadValue', `Document can't have $ prefixed field names: ${dollar}`);
  const type = typeOf(document._id);
  if (type === 'array' || type === 'regex' || type === 'undefined') {
    throw new CommandError('BadValue', `can't use a ${type} for _id`);
  }
  return { document, stored };
}

const updateFields = new Set(['q', 'u', 'upsert', 'multi', 'hint', 'collation', 'arrayFilters', 'c', 'sort']);

const update: Command = {
  fields: ['updates', 'ordered', 'bypassDocumentValidation', 'bypassEmptyTsReplacement'],
  unsupported: ['let'],
  retryable: true,
  run(request, engine) {
    const namespace = namespaceOf(request);
    const totals = { n: 0, nModified: 0 };
    const upsertedIds: { index: number; _id: unknown }[] = [];
    const writeErrors = eachStatement(request, 'updates', (statement, index) => {
      const result = runUpdate(request, engine, namespace, statementOf('updates', statement, updateFields));
      totals.n += result.n;
      totals.nModified += result.nModified;
      if ('upsertedId' in result) upsertedIds.push({ index, _id: result.upsertedId });
    });
    return { ...totals, ...(upsertedIds.length > 0 && { upserted: upsertedIds }), ...writeErrors };
  },
};

interface UpdateResult {
  n: number;
  nModified: number;
  upsertedId?: unknown;
}

function runUpdate(
  request: Request,
  { store }: Engine,
  namespace: string,
  statement: Document,
): UpdateResult {
  refuseUnsupported(statement, ['collation', 'c', 'sort']);
  refuseArrayFilters(statement);
  const filter = filterOf(statement);
  const change = compileUpdate(statement.u);
  const multi = statement.multi === true;
  if (multi && change.isReplacement) {
    throw new CommandError('FailedToParse', 'multi update is not supported for replacement-style update');
  }
  const collection = statement.upsert === true ? store.findOrCreate(namespace) : store.find(namespace);
  if (!collection) {
    compileFilter(filter);
    return { n: 0, nModified: 0 };
  }
  const query = { filter, hint: statement.hint, limit: multi ? 0 : 1 };
  const matches = [...execute(collection, query, request.deadline).matches];
  if (matches.length === 0 && statement.upsert === true) {
    const { document, bytes } = upserted(filter, change);
    store.insert(collection, bytes, document);
    return { n: 1, nModified: 0, upsertedId: document._id };
  }
  let nModified = 0;
  for (const { stored, document } of matches) {
    const { document: next, bytes } = updated(document, change);
    if (Buffer.compare(bytes, stored.bytes) === 0) continue;
    store.replace(collection, stored, bytes, next);
    nModified += 1;
  }
  return { n: matches.length, nModified };
}

const deleteFields = new Set(['q', 'limit', 'hint', 'collation']);

const remove: Command = {
  fields: ['deletes', 'ordered'],
  unsupported: ['let'],
  retryable: true,
  run(request, { store }) {
    const collection: Collection | undefined = store.find(namespaceOf(request));
    let n = 0;
    const writeErrors = eachStatement(request, 'deletes', (entry) => {
      const statement = statementOf('deletes', entry, deleteFields);
      refuseUnsupported(statement, ['collation']);
      const limit = isNumeric(typeOf(statement.limit)) ? toInteger(statement.limit) : undefined;
      if (limit !== 0 && limit !== 1) {
        throw new CommandError('FailedToParse', 'The limit field in delete objects must be 0 or 1.');
      }
      const filter = filterOf(statement);
      compileFilter(filter);
      if (!collection) return;
      const matches = [
        ...execute(collection, { filter, hint: statement.hint, limit }, request.deadline).matches,
      ];
      for (const { stored } of matches) store.remove(collection, stored);
      n += matches.length;
    });
    return { n, ...writeErrors };
  },
};

/** Runs each statement of a write command; an ordered one stops at the first error. */
function eachStatement(
  request: Request,
  field: string,
  run: (statement: unknown, index: number) => void,
): { writeErrors?: Document[] } {
  const statements = requiredArray(request, field);
  if (statements.length === 0 || statements.length > MOST_STATEMENTS) {
    throw new CommandError(
      'InvalidLength',
      `Write batch sizes must be between 1 and ${MOST_STATEMENTS}. Got ${statements.length} operations.`,
    );
  }
  const ordered = flag(request, 'ordered', true);
  const writeErrors: Document[] = [];
  for (const [index, statement] of statements.entries()) {
    try {
      request.deadline.check();
      run(statement, index);
    } catch (error) {
      if (!(error instanceof CommandError) || error.codeName === 'MaxTimeMSExpired') throw error;
      writeErrors.push({ index, code: error.code, ...error.details, errmsg: error.message });
      if (ordered) break;
    }
  }
  return writeErrors.length > 0 ? { writeErrors } : {};
}

function statementOf(field: string, statement: unknown, known: ReadonlySet<string>): Document {
  const document = statement instanceof Uint8Array ? decode(statement) : statement;
  if (!isDocument(document)) throw new CommandError('TypeMismatch', `${field} must be an array of documents`);
  refuseUnknown(field, document, known);
  return document;
}

function filterOf({ q: filter }: Document): Document {
  if (!isDocument(filter)) throw new CommandError('TypeMismatch', 'a write needs a filter, q');
  return filter;
}

/** Refuses array filters, which only positional operators have a use for. */
export function refuseArrayFilters({ arrayFilters }: Document): void {
  if (Array.isArray(arrayFilters) && arrayFilters.length === 0) return;
  refuseUnsupported({ arrayFilters }, ['arrayFilters']);
}

export const writingCommands: Record<string, Command> = { insert, update, delete: remove };
