import { Int32 } from 'bson';
import { isDocument, isNumeric, typeOf, type Document } from '../bson/types.js';
import { decode } from '../bson/codec.js';
import { toInteger } from '../bson/numbers.js';
import { CommandError, notImplemented } from '../errors.js';
import type { Deadline } from '../deadline.js';
import { execute, type Query } from '../query/execute.js';
import { compileFilter } from '../query/filter.js';
import { compileSort } from '../query/sort.js';
import type { Collection } from '../storage/collection.js';
import { groupStage, sortByCountStage, unwindStage } from './grouping.js';
import { reshapingStages } from './reshaping.js';

/** A stage's name and what it is given. */
type Stage = [name: string, operand: unknown];

interface LeadingQuery {
  query: Query;
  rest: Stage[];
}

/** Splits a pipeline into the query that its first stages make up, which can use an index, and the other stages. */
export function leadingQuery(pipeline: readonly unknown[], hint?: unknown): LeadingQuery {
  const stages = pipeline.map(parseStage);
  const filters: Document[] = [];
  while (stages[0]?.[0] === '$match') filters.push(filterOf(stages.shift()!));
  const sort = stages[0]?.[0] === '$sort' ? stages.shift()![1] : undefined;
  const skip = stages[0]?.[0] === '$skip' ? countOf(stages.shift()!) : 0;
  const limit = stages[0]?.[0] === '$limit' ? countOf(stages.shift()!) : undefined;
  const [first = {}, ...others] = filters;
  const filter = others.length > 0 ? { $and: filters } : first;
  return { query: { filter, sort, skip, limit, hint }, rest: stages };
}

/**
 * Runs a pipeline over a collection. Documents that are only selected come as the bytes that are stored.
 * @throws CommandError for a stage that MongoDB or this server refuses
 */
export function aggregate(
  collection: Collection | undefined,
  pipeline: readonly unknown[],
  hint: unknown,
  deadline: Deadline,
): Iterable<Document> | Iterable<Uint8Array> {
  const { query, rest } = leadingQuery(pipeline, hint);
  compileFilter(query.filter);
  const run = compileStages(rest);
  if (!collection) return run([], deadline);
  const { matches } = execute(collection, query, deadline);
  const count = rest[0] && countingStage(rest[0]);
  if (count) {
    let n = 0;
    for (const _match of matches) n += 1;
    return compileStages(rest.slice(1))(n > 0 ? [count(n)] : [], deadline);
  }
  const found = Array.from(matches, ({ stored }) => stored.bytes);
  return rest.length === 0 ? found : run(found.map(decode), deadline);
}

function parseStage(stage: unknown): Stage {
  const entries = isDocument(stage) ? Object.entries(stage) : [];
  const [only] = entries;
  if (!only || entries.length > 1) {
    throw new CommandError(
      'Location40323',
      'A pipeline stage specification object must contain exactly one field.',
    );
  }
  return only;
}

type RunStage = (documents: Document[], deadline: Deadline) => Document[];

/** Compiles the stages, and refuses what must be refused, before any of them is run. */
function compileStages(stages: readonly Stage[]): RunStage {
  const runs = stages.map(compileStage);
  return (documents, deadline) =>
    runs.reduce((input, run) => {
      deadline.check();
      return run(input, deadline);
    }, documents);
}

function compileStage(stage: Stage): RunStage {
  const [name, operand] = stage;
  const reshape = Object.hasOwn(reshapingStages, name) ? reshapingStages[name]!(operand) : undefined;
  if (reshape) return (documents) => documents.map(reshape);
  switch (name) {
    case '$match': {
      const matches = compileFilter(filterOf(stage));
      return (documents) => documents.filter(matches);
    }
    case '$sort':
      return sortStage(operand);
    case '$skip': {
      const skipped = countOf(stage);
      return (documents) => documents.slice(skipped);
    }
    case '$limit': {
      const limit = countOf(stage);
      return (documents) => documents.slice(0, limit);
    }
    case '$count': {
      const count = countingStage(stage)!;
      return (documents) => (documents.length > 0 ? [count(documents.length)] : []);
    }
    case '$group':
      return groupStage(operand);
    case '$sortByCount':
      return sortByCountStage(operand);
    case '$unwind':
      return unwindStage(operand);
    case '$facet':
      return facetStage(operand);
    case '$changeStream':
      throw new CommandError(
        'Location40573',
        'The $changeStream stage is not supported by the embedded server',
      );
    default:
      if (mongodbOnly.has(name)) throw notImplemented(`the stage ${name}`);
      throw new CommandError('Location40324', `Unrecognized pipeline stage name: '${name}'`);
  }
}

const mongodbOnly = new Set(
  (
    '$bucket $bucketAuto $collStats $currentOp $densify $documents $fill $geoNear $graphLookup $indexStats ' +
    '$listLocalSessions $listSessions $lookup $merge $out $planCacheStats $redact $sample $search ' +
    '$setWindowFields $unionWith'
  ).split(' '),
);

function filterOf([, operand]: Stage): Document {
  if (!isDocument(operand))
    throw new CommandError('Location15959', 'the match filter must be an expression in an object');
  return operand;
}

function countOf([name, operand]: Stage): number {
  const number = isNumeric(typeOf(operand)) ? toInteger(operand) : undefined;
  const least = name === '$limit' ? 1 : 0;
  if (number !== undefined && number >= least) return number;
  const [code, rule] =
    name === '$limit'
      ? (['Location15958', 'positive'] as const)
      : (['Location15956', 'nonnegative'] as const);
  throw new CommandError(code, `the ${name.slice(1)} must be a ${rule} number`);
}

function sortStage(operand: unknown): RunStage {
  const sort = compileSort(operand);
  if (!sort) throw new CommandError('Location15976', '$sort stage must have at least one sort key');
  return (documents) => {
    const rows = documents.map((document) => ({ key: sort.keyOf(document), document }));
    return rows.toSorted((left, right) => sort.compare(left.key, right.key)).map(({ document }) => document);
  };
}

function facetStage(operand: unknown): RunStage {
  if (!isDocument(operand)) {
    throw new CommandError('Location40169', 'the $facet specification must be a non-empty object');
  }
  const pipelines = Object.entries(operand).map(([name, pipeline]) => {
    if (!Array.isArray(pipeline)) {
      throw new CommandError('Location40170', `arguments to $facet must be arrays, ${name} is not`);
    }
    return { name, run: compileStages(pipeline.map(parseStage)) };
  });
  return (documents, deadline) => [
    Object.fromEntries(pipelines.map(({ name, run }) => [name, run(documents, deadline)])),
  ];
}

/** What a stage that only counts makes of the count: `$count`, or a `$group` of everything that adds up ones. */
function countingStage([name, operand]: Stage): ((n: number) => Document) | undefined {
  if (name === '$count') {
    if (typeof operand !== 'string' || operand === '' || operand.startsWith('$') || operand.includes('.')) {
      throw new CommandError('Location40156', 'the count field must be a non-empty string');
    }
    return (n) => ({ [operand]: new Int32(n) });
  }
  if (name !== '$group' || !isDocument(operand)) return undefined;
  const { _id: id, ...fields } = operand;
  const [field, ...others] = Object.entries(fields);
  if (!field || others.length > 0 || !(id === null || isNumeric(typeOf(id)))) return undefined;
  const [as, sum] = field;
  if (
    !isDocument(sum) ||
    Object.keys(sum).length !== 1 ||
    typeOf(sum.$sum) !== 'int' ||
    toInteger(sum.$sum) !== 1
  ) {
    return undefined;
  }
  return (n) => ({ _id: id, [as]: new Int32(n) });
}
