import { hasField, splitPath, withValue } from '../bson/paths.js';
import { isDocument, typeOf, type Document } from '../bson/types.js';
import { CommandError } from '../errors.js';
import { compileProjection } from '../query/projection.js';
import { compileExpression, evaluate } from './expressions.js';

/** Makes one document of another. */
export type Reshape = (document: Document) => Document;

/** The stages that make one document of each, and that an update by a pipeline may use. */
export const reshapingStages: Record<string, (operand: unknown) => Reshape> = {
  $project: (operand) => {
    if (!isDocument(operand) || Object.keys(operand).length === 0) {
      throw new CommandError(
        'Location51272',
        'Invalid $project: projection specification must have at least one field',
      );
    }
    return compileProjection(operand, 'pipeline')!;
  },
  $addFields: addFields,
  $set: addFields,
  $unset: unset,
  $replaceRoot: (operand) => {
    if (!isDocument(operand) || !hasField(operand, 'newRoot')) {
      throw new CommandError('Location40231', 'no newRoot specified for the $replaceRoot stage');
    }
    return replaceRoot(operand.newRoot);
  },
  $replaceWith: replaceRoot,
};

function addFields(operand: unknown): Reshape {
  if (!isDocument(operand) || Object.keys(operand).length === 0) {
    throw new CommandError('Location40272', '$addFields specification stage must be a non-empty object');
  }
  const fields = [...flatten(operand, [])].map(({ path, value }) => ({
    path,
    value: compileExpression(value),
  }));
  return (document) => {
    const values = fields.map(({ path, value }) => ({ path, value: evaluate(value, document) }));
    return values.reduce<unknown>(
      (result, { path, value }) => withValue(result, path, value),
      document,
    ) as Document;
  };
}

function* flatten(specification: Document, prefix: string[]): Generator<{ path: string[]; value: unknown }> {
  for (const [name, value] of Object.entries(specification)) {
    const path = [...prefix, ...splitPath(name)];
    const isNested =
      isDocument(value) && Object.keys(value).length > 0 && !Object.keys(value)[0]!.startsWith('$');
    if (isNested) yield* flatten(value, path);
    else yield { path, value };
  }
}

function unset(operand: unknown): Reshape {
  const paths = Array.isArray(operand) ? (operand as unknown[]) : [operand];
  if (
    paths.length === 0 ||
    !paths.every((path) => typeof path === 'string' && path !== '' && !path.startsWith('$'))
  ) {
    throw new CommandError('Location31002', '$unset specification must be a string or an array of strings');
  }
  return compileProjection(Object.fromEntries(paths.map((path) => [path as string, false])), 'pipeline')!;
}

function replaceRoot(operand: unknown): Reshape {
  const newRoot = compileExpression(operand);
  return (document) => {
    const root = evaluate(newRoot, document);
    if (isDocument(root)) return root;
    throw new CommandError(
      'Location40228',
      `'newRoot' expression must evaluate to an object, but resulting value was of type ${typeOf(root)}`,
    );
  };
}
