import { toInteger } from '../bson/numbers.js';
import { isDocument, isNumeric, typeOf, type Document } from '../bson/types.js';
import { CommandError } from '../errors.js';

const levels = new Set(['local', 'available', 'majority', 'linearizable']);

/** @throws CommandError for a read concern that cannot be honoured */
export function refuseReadConcern({ readConcern }: Document): void {
  if (readConcern === undefined) return;
  if (!isDocument(readConcern)) throw new CommandError('TypeMismatch', 'readConcern must be a document');
  const { level = 'local', provenance: _provenance, ...others } = readConcern;
  if (level === 'snapshot') {
    throw new CommandError('InvalidOptions', 'read concern level snapshot is only valid in a transaction');
  }
  if (typeof level !== 'string' || !levels.has(level)) {
    throw new CommandError('FailedToParse', `unrecognized read concern level: ${String(level)}`);
  }
  const [odd] = Object.keys(others);
  if (odd)
    throw new CommandError(
      'InvalidOptions',
      `the read concern field ${odd} is not supported by the embedded server`,
    );
}

/** What a write's reply says when more members were to confirm it than the set's only one. */
export function writeConcernError({ writeConcern }: Document): Document {
  if (!isDocument(writeConcern)) return {};
  const { w = 1 } = writeConcern;
  if (w === 'majority') return {};
  const members = isNumeric(typeOf(w)) ? toInteger(w) : undefined;
  if (members !== undefined && members <= 1) return {};
  const error =
    typeof w === 'string'
      ? new CommandError(
          'UnknownReplWriteConcern',
          `No write concern mode named '${w}' found in replica set configuration`,
        )
      : new CommandError('UnsatisfiableWriteConcern', 'Not enough data-bearing nodes');
  return { writeConcernError: { code: error.code, codeName: error.codeName, errmsg: error.message } };
}
