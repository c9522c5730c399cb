/** What a process plays beside serving HTTP: work that goes on by itself from its start to its stop. */
export interface RunningRole {
  start(): void;
  /** Resolves once what is in hand is done, or has taken too long to wait for. */
  stop(): Promise<void>;
}

export const SUBSCRIBER_DEFAULTS = {
  batchSize: 200,
  readAhead: 1000,
  retryDelayMs: 100,
  maxRetryDelayMs: 5_000,
} as const;
