import { encode, RawDocument } from '../bson/codec.js';
import type { Document } from '../bson/types.js';
import { CommandError } from '../errors.js';
import { execute, type Query } from '../query/execute.js';
import { compileFilter } from '../query/filter.js';
import { compileProjection, type Projection } from '../query/projection.js';
import { compileUpdate, updated, upserted } from '../update/update.js';
import { flag, namespaceOf, optionalDocument } from './arguments.js';
import type { Command, Request } from './command.js';
import { refuseArrayFilters } from './writing.js';

/** The query of a `findAndModify`. */
export function findAndModifyQuery(request: Request): Query {
  const { sort, hint } = request.body;
  return { filter: optionalDocument(request, 'query') ?? {}, sort, hint, limit: 1 };
}

export const findAndModify: Command = {
  fields: [
    'query',
    'sort',
    'remove',
    'update',
    'new',
    'fields',
    'upsert',
    'bypassDocumentValidation',
    'arrayFilters',
    'hint',
  ],
  unsupported: ['collation', 'let'],
  retryable: true,
  run(request, { store }) {
    const namespace = namespaceOf(request);
    const [wantsNew, upsert, remove] = ['new', 'upsert', 'remove'].map((field) => flag(request, field));
    const { update } = request.body;
    if (remove === (update !== undefined)) {
      throw new CommandError(
        'FailedToParse',
        'Either an update or remove=true must be specified, and not both',
      );
    }
    if (remove && (upsert || wantsNew)) {
      throw new CommandError('FailedToParse', "Cannot specify both 'new' or 'upsert' and remove=true");
    }
    refuseArrayFilters(request.body);
    const project = compileProjection(request.body.fields);
    const change = remove ? undefined : compileUpdate(update);
    const query = findAndModifyQuery(request);
    compileFilter(query.filter);
    const collection = upsert ? store.findOrCreate(namespace) : store.find(namespace);
    const [match] = collection ? [...execute(collection, query, request.deadline).matches] : [];
    if (!collection || (!match && !upsert)) {
      return { lastErrorObject: { n: 0, ...(!remove && { updatedExisting: false }) }, value: null };
    }
    if (!change) {
      const before = match!.stored.bytes;
      store.remove(collection, match!.stored);
      return { lastErrorObject: { n: 1 }, value: shown(before, match!.document, project) };
    }
    if (!match) {
      const { document, bytes } = upserted(query.filter, change);
      store.insert(collection, bytes, document);
      return {
        lastErrorObject: { n: 1, updatedExisting: false, upserted: document._id },
        value: wantsNew ? shown(bytes, document, project) : null,
      };
    }
    const { stored } = match;
    const before = stored.bytes;
    // Decided before the update, which changes the decoded document.
    const valueBefore = wantsNew ? undefined : shown(before, match.document, project);
    const { document, bytes } = updated(match.document, change);
    if (Buffer.compare(bytes, before) !== 0) store.replace(collection, stored, bytes, document);
    return {
      lastErrorObject: { n: 1, updatedExisting: true },
      value: valueBefore ?? shown(bytes, document, project),
    };
  },
};

function shown(bytes: Uint8Array, document: Document, project: Projection | undefined): RawDocument {
  return new RawDocument(project ? encode(project(document)) : bytes);
}
