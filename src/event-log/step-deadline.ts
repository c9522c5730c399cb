import { StreamNotFoundError } from '@eventstore/db-client';

/** A stream of the event store's client. */
export interface CancellableStream<T> extends AsyncIterable<T> {
  /** Ends what the server does for it. */
  cancel(): Promise<void>;
  /** Ends the iteration with the error. */
  destroy(error: Error): unknown;
}

/**
 * What the stream gives, for as long as each item comes within so many milliseconds of being asked for; then the
 * iteration fails. What the consumer does between two items costs no time. A stream that is left before its end is
 * cancelled; one that has ended by itself is not: a server closes a connection on which too much is cancelled in a short
 * time.
 */
export async function* withinEachStep<T>(
  stream: CancellableStream<T>,
  milliseconds: number,
): AsyncGenerator<T> {
  let isAskedFor = true;
  let hasEnded = false;
  const timer = setTimeout(() => {
    if (isAskedFor) stream.destroy(new Error(`no answer within ${milliseconds} ms`));
    else timer.refresh();
  }, milliseconds);
  try {
    for await (const item of stream) {
      isAskedFor = false;
      yield item;
      isAskedFor = true;
      // One timer for all items: a long stream would need thousands.
      timer.refresh();
    }
    hasEnded = true;
  } catch (error) {
    hasEnded = error instanceof StreamNotFoundError;
    throw error;
  } finally {
    clearTimeout(timer);
    if (!hasEnded) stream.cancel().catch(() => {});
  }
}

/** What the promise gives, if it does so within so many milliseconds; else this fails, and nobody hears of it later. */
export async function settledWithin<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds} ms`)), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
