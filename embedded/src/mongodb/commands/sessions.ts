import type { Binary, Long } from 'bson';
import { isDocument, typeOf, type Document } from '../bson/types.js';
import { CommandError } from '../errors.js';
import type { RememberedResults } from '../storage/remembered-results.js';

/** A write that the client may send again, and must not be applied twice. */
export interface RetryableWrite {
  session: string;
  transaction: bigint;
}

/** One key for a logical session id. */
export function sessionKey({ id }: Document): string {
  if (typeOf(id) !== 'binData') throw new CommandError('TypeMismatch', 'a session id must be a UUID');
  return Buffer.from((id as Binary).value()).toString('base64');
}

/**
 * Which write the client may repeat with this command, if any.
 * @throws CommandError OperationNotSupportedInTransaction for a transaction, NoSuchTransaction for one to go on with
 */
export function retryableWrite({
  lsid,
  txnNumber,
  startTransaction,
  autocommit,
}: Document): RetryableWrite | undefined {
  if (startTransaction !== undefined) {
    throw new CommandError(
      'OperationNotSupportedInTransaction',
      'the embedded server does not support transactions',
    );
  }
  if (autocommit !== undefined) {
    throw new CommandError('NoSuchTransaction', 'there is no such transaction: the embedded server has none');
  }
  if (txnNumber === undefined) return undefined;
  if (!isDocument(lsid))
    throw new CommandError('InvalidOptions', 'Transaction number requires a session ID to also be specified');
  if (typeOf(txnNumber) !== 'long') throw new CommandError('TypeMismatch', 'txnNumber must be a long');
  return { session: sessionKey(lsid), transaction: (txnNumber as Long).toBigInt() };
}

/**
 * The reply that was given to the same write before, if it was applied already.
 * @throws CommandError TransactionTooOld for a write older than the last one of its session
 */
export function earlierReply(remembered: RememberedResults, write: RetryableWrite): Uint8Array | undefined {
  const last = remembered.find(write.session);
  if (!last || last.transaction < write.transaction) return undefined;
  if (last.transaction === write.transaction) return last.reply;
  throw new CommandError(
    'TransactionTooOld',
    `Retryable write with txnNumber ${write.transaction} is prohibited: a newer one, ${last.transaction}, has started.`,
  );
}
