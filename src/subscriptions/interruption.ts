/** What no retry mends by itself: someone has to look. Their messages hold ids only, so they may be logged. */
const needsSomeone = new Set([
  'KeyMissing',
  'MissingPositions',
  'PersonalDataUnreadable',
  'RevisionGap',
  'UnknownEvent',
  'WrongPartitionCount',
]);

/** Another one does this subscriber's work: who came back at once would only interrupt it. Logged with its message. */
const displaced = new Set(['PublicationFenced']);

/** What there is to say and to do about an error that interrupted a subscriber. */
export interface Interruption {
  readonly level: 'warn' | 'error';
  /** Whether the longest wait is due, however few failures there were before. */
  readonly isToWaitLong: boolean;
  /** For the log: names, codes and ids, no personal data. */
  readonly fields: { readonly cause: string; readonly reason?: string; readonly code?: string | number };
}

/** What kind of interruption the error is. The message of an error that isn't ours is not told: it may quote data. */
export function interruptionBy(error: unknown): Interruption {
  if (!(error instanceof Error))
    return { level: 'warn', isToWaitLong: false, fields: { cause: typeof error } };
  const { name: cause, message: reason } = error;
  if (needsSomeone.has(cause)) return { level: 'error', isToWaitLong: false, fields: { cause, reason } };
  if (displaced.has(cause)) return { level: 'warn', isToWaitLong: true, fields: { cause, reason } };
  const code = codeOf(error);
  return { level: 'warn', isToWaitLong: false, fields: { cause, ...(code !== undefined && { code }) } };
}

/** The type (Kafka, event store) or code (MongoDB, gRPC, the system) of the error or of what caused it. */
function codeOf(error: unknown): string | number | undefined {
  for (let inner = error; inner instanceof Error; inner = inner.cause) {
    const { type, code } = inner as { type?: unknown; code?: unknown };
    for (const value of [type, code])
      if (typeof value === 'string' || typeof value === 'number') return value;
  }
  return undefined;
}
