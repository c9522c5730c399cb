import { encode } from '../bson/codec.js';
import { isDocument } from '../bson/types.js';
import { aggregate as runPipeline } from '../aggregation/pipeline.js';
import { CommandError, notImplemented } from '../errors.js';
import { flag, namespaceOf, requiredArray } from './arguments.js';
import { cursorBatchSize } from './catalog.js';
import type { Command } from './command.js';
import { explain } from './explain.js';

export const aggregate: Command = {
  fields: ['pipeline', 'cursor', 'explain', 'allowDiskUse', 'hint', 'bypassDocumentValidation'],
  unsupported: ['collation', 'let'],
  run(request, engine) {
    const { body, deadline } = request;
    const pipeline = requiredArray(request, 'pipeline');
    if (typeof body.aggregate !== 'string') {
      const [first] = pipeline;
      if (isDocument(first) && '$changeStream' in first) {
        throw new CommandError(
          'Location40573',
          'The $changeStream stage is not supported by the embedded server',
        );
      }
      throw notImplemented('an aggregation over a whole database');
    }
    const namespace = namespaceOf(request);
    if (flag(request, 'explain')) {
      return explain.run({ ...request, name: 'explain', body: { explain: body } }, engine);
    }
    if (body.cursor === undefined) {
      throw new CommandError(
        'FailedToParse',
        "The 'cursor' option is required, except for aggregate with the explain argument",
      );
    }
    const results = runPipeline(engine.store.find(namespace), pipeline, body.hint, deadline);
    return engine.cursors.start(namespace, encoded(results), cursorBatchSize(body));
  },
};

function* encoded(results: Iterable<unknown>): Generator<Uint8Array> {
  for (const result of results)
    yield result instanceof Uint8Array ? result : encode(result as Record<string, unknown>);
}
