/** Tells whether documents stand for all that the log holds. */
export interface Completeness {
  /**
   * Whether what this subscriber keeps shows everything that was in the log when the question came, and no client is
   * held back; it may wait a little for that.
   */
  isComplete(subscriber: string): Promise<boolean>;
}

/** The injection token of the Completeness. */
export const COMPLETENESS = Symbol('Completeness');
