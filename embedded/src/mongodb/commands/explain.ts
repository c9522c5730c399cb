import { isDocument, type Document } from '../bson/types.js';
import { CommandError, notImplemented } from '../errors.js';
import { execute, type Query } from '../query/execute.js';
import type { Plan } from '../query/plan.js';
import { leadingQuery } from '../aggregation/pipeline.js';
import { namespaceOf, optionalDocument, requiredArray } from './arguments.js';
import type { Command, Request } from './command.js';
import { findAndModifyQuery } from './find-and-modify.js';
import { countQuery, findQuery } from './reading.js';

/** Which query each command begins with; what a write would change is not explained, and nothing is changed. */
const queries: Record<string, (request: Request) => Query> = {
  find: findQuery,
  count: countQuery,
  distinct: (request) => ({ filter: optionalDocument(request, 'query') ?? {}, hint: request.body.hint }),
  findAndModify: findAndModifyQuery,
  aggregate: (request) => leadingQuery(requiredArray(request, 'pipeline'), request.body.hint).query,
  update: (request) => firstStatement(request, 'updates'),
  delete: (request) => firstStatement(request, 'deletes'),
};

/** How a command finds its documents, and how many index keys and documents it looked at. */
export const explain: Command = {
  fields: ['verbosity'],
  run(request, { store }) {
    const { explain: explained } = request.body;
    if (!isDocument(explained)) throw new CommandError('TypeMismatch', 'explain needs a command document');
    const [name = ''] = Object.keys(explained);
    const queryOf = Object.hasOwn(queries, name) ? queries[name] : undefined;
    if (!queryOf) throw notImplemented(`explain of '${name}'`);
    const inner: Request = { ...request, name, body: explained };
    const namespace = namespaceOf(inner);
    const collection = store.find(namespace);
    const query = queryOf(inner);
    if (!collection)
      return reply(namespace, query, { stage: 'EOF' }, { nReturned: 0, keysExamined: 0, docsExamined: 0 });
    const { plan, tally, matches } = execute(collection, query, request.deadline);
    let nReturned = 0;
    for (const _match of matches) nReturned += 1;
    return reply(namespace, query, stageOf(plan), { nReturned, ...tally });
  },
};

function firstStatement(request: Request, field: string): Query {
  const [statement] = requiredArray(request, field);
  if (!isDocument(statement) || !isDocument(statement.q))
    throw new CommandError('TypeMismatch', 'a write needs a filter, q');
  return { filter: statement.q, hint: statement.hint, limit: statement.multi === true ? 0 : 1 };
}

function reply(
  namespace: string,
  query: Query,
  winningPlan: Document,
  counts: { nReturned: number; keysExamined: number; docsExamined: number },
): Document {
  return {
    queryPlanner: { plannerVersion: 1, namespace, parsedQuery: query.filter, winningPlan, rejectedPlans: [] },
    executionStats: {
      executionSuccess: true,
      nReturned: counts.nReturned,
      totalKeysExamined: counts.keysExamined,
      totalDocsExamined: counts.docsExamined,
    },
  };
}

function stageOf(plan: Plan): Document {
  const found = findingStage(plan);
  return plan.sorted ? found : { stage: 'SORT', inputStage: found };
}

function findingStage(plan: Plan): Document {
  switch (plan.kind) {
    case 'collection':
      return { stage: 'COLLSCAN' };
    case 'union':
      return { stage: 'FETCH', inputStage: { stage: 'OR', inputStages: plan.plans.map(findingStage) } };
    case 'index': {
      const { name, specification, multikey } = plan.scan.index;
      const direction = plan.reverse ? 'backward' : 'forward';
      const scan = {
        stage: 'IXSCAN',
        keyPattern: specification.key,
        indexName: name,
        isMultiKey: multikey.size > 0,
        direction,
      };
      return { stage: 'FETCH', inputStage: scan };
    }
  }
}
