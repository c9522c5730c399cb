export interface RetryDelays {
  readonly retryDelayMs: number;
  readonly maxRetryDelayMs: number;
}

/** How long to wait after so many failures in a row, in milliseconds: twice as long each time, half of it by chance. */
export function retryDelay(formerFailures: number, { retryDelayMs, maxRetryDelayMs }: RetryDelays): number {
  return Math.min(retryDelayMs * 2 ** formerFailures, maxRetryDelayMs) * (0.5 + Math.random() / 2);
}
