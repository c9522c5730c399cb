export interface SubscriberSettings {
  /** How many events one batch may have. */
  readonly batchSize: number;
  /** How many events may wait for the handler. */
  readonly readAhead: number;
  /** The wait after a first failure, in milliseconds; doubled with each further one, up to the maximum. */
  readonly retryDelayMs: number;
  readonly maxRetryDelayMs: number;
  /** How often an append may fail for a reason of its own before its client is held back. */
  readonly attempts: number;
  /** How many clients may be held back. One more, and the subscriber waits: the fault is hardly theirs. */
  readonly maxHeldBack: number;
  /** How long, in milliseconds, a checkpoint that is about nothing but foreign events is not stored after another one. */
  readonly quietCheckpointMs: number;
  /** How often the log's end is looked at, in milliseconds. */
  readonly watchMs: number;
  /** How long, in milliseconds, nothing may come of what the log holds, before the subscription is made anew. */
  readonly stallMs: number;
  /** How often requests about held-back clients are looked for, in milliseconds. */
  readonly requestsMs: number;
  /** How long a stop waits for the batch in hand, in milliseconds. */
  readonly stopLimitMs: number;
}

export const SUBSCRIBER_DEFAULTS: SubscriberSettings = {
  batchSize: 200,
  readAhead: 1000,
  retryDelayMs: 100,
  maxRetryDelayMs: 5_000,
  attempts: 5,
  maxHeldBack: 1000,
  quietCheckpointMs: 10_000,
  watchMs: 5_000,
  stallMs: 15_000,
  requestsMs: 1_000,
  stopLimitMs: 5_000,
};
