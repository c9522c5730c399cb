import type { Long } from 'bson';
import { Aggregator } from 'mingo';
import { typeOf, isDocument, type Document } from '../bson/types.js';
import { CommandError, notImplemented } from '../errors.js';

/** The stages that compute, which mingo runs. */
export const computedStages: ReadonlySet<string> = new Set([
  '$addFields',
  '$bucket',
  '$group',
  '$project',
  '$replaceRoot',
  '$replaceWith',
  '$set',
  '$sortByCount',
  '$unset',
  '$unwind',
]);

const refusedOperators = new Set(['$function', '$accumulator', '$where', '$meta', '$rand', '$sampleRate']);

/**
 * Runs one stage over the documents. Its results hold plain numbers: a whole number comes back as an int or a
 * long whatever it was stored as.
 * @throws CommandError NotImplemented for numbers that JavaScript cannot hold
 */
export function runComputed(name: string, operand: unknown, documents: readonly Document[]): Document[] {
  refuseOperators(operand);
  const stage = { [name]: plain(operand) } as Document;
  const input = documents.map((document) => plain(document) as Document);
  try {
    return new Aggregator([stage]).run<Document>(input);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(
      'Location16410',
      `${name} failed: ${error instanceof Error ? error.message : 'unknown'}`,
    );
  }
}

function refuseOperators(operand: unknown): void {
  if (Array.isArray(operand)) operand.forEach(refuseOperators);
  if (!isDocument(operand)) return;
  for (const [name, value] of Object.entries(operand)) {
    if (refusedOperators.has(name)) {
      throw new CommandError('InvalidPipelineOperator', `Unrecognized expression '${name}'`);
    }
    refuseOperators(value);
  }
}

/** The value with its numbers as JavaScript's. */
function plain(value: unknown): unknown {
  switch (typeOf(value)) {
    case 'array':
      return (value as unknown[]).map(plain);
    case 'object':
      return Object.fromEntries(
        Object.entries(value as Document).map(([name, member]) => [name, plain(member)]),
      );
    case 'int':
    case 'double':
      return typeof value === 'number' ? value : (value as { value: number }).value;
    case 'long': {
      const number = (value as Long).toNumber();
      if (!Number.isSafeInteger(number)) throw notImplemented('computing with integers beyond 2^53');
      return number;
    }
    case 'decimal':
      throw notImplemented('computing with Decimal128');
    default:
      return value;
  }
}
