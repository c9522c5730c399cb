/** What no retry mends by itself: someone has to look. Their messages hold ids only, so they may be logged. */
const NEEDS_SOMEONE = new Set([
  'LogDiverged',
  'MissingPositions',
  'MissingTopics',
  'RevisionGap',
  'TooManyHeldBack',
  'UnfinishedTransaction',
  'WrongMasterKey',
  'WrongPartitionCount',
]);

/** Something that the subscriber depends on is away, busy, or has someone else to serve: it is waited for. */
const PASSES = new Set([
  'CheckpointFenced',
  'EventStoreUnavailable',
  'KeyStoreUnavailable',
  'LeaseLost',
  'ProjectionContention',
  'PublicationFenced',
  'PublicationTimedOut',
  'SubscriptionEnded',
  'SubscriptionSilent',
]);
/** So do the errors of MongoDB's and Kafka's clients, but that which says that it was asked for nonsense. */
const PASSES_TOO = /^(Mongo(?!InvalidArgument|APIError)|KafkaJS|AggregateError)/;

/**
 * What a server says of what it was given, and would say of it each time: a document (MongoDB) or a record (Kafka) is
 * too large for it.
 */
const TOO_LARGE = new Set<unknown>([10334, 17419, 17420, 'MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']);

/** Ours, and with ids only: their messages may be logged. */
const TELLS_IDS_ONLY = new Set([
  ...NEEDS_SOMEONE,
  'CheckpointFenced',
  'KeyMissing',
  'LeaseLost',
  'PersonalDataUnreadable',
  'PublicationFenced',
  'RecordTooLarge',
  'UnknownEvent',
]);

/**
 * - `passes`: what it depends on is away; wait, and try again.
 * - `needs_someone`: as before, but it will hardly pass by itself.
 * - `poison`: it lies with what was to be handled; if it goes on, that is parked.
 */
export type InterruptionKind = 'passes' | 'needs_someone' | 'poison';

/** What there is to say and to do about an error that interrupted a subscriber. */
export interface Interruption {
  readonly kind: InterruptionKind;
  readonly level: 'warn' | 'error';
  /** For the log: names, codes and ids, no personal data. */
  readonly fields: { readonly cause: string; readonly reason?: string; readonly code?: string | number };
}

/** What kind of interruption the error is. The message of an error that isn't ours is not told: it may quote data. */
export function interruptionBy(error: unknown): Interruption {
  if (!(error instanceof Error)) return { kind: 'poison', level: 'error', fields: { cause: typeof error } };
  const { name: cause, message: reason } = error;
  const code = codeOf(error);
  const kind = kindOf(cause, code);
  return {
    kind,
    level: kind === 'passes' ? 'warn' : 'error',
    fields: {
      cause,
      ...(TELLS_IDS_ONLY.has(cause) && { reason }),
      ...(code !== undefined && { code }),
    },
  };
}

/** An error with a code comes from a server or from the system; one without, of no known name, from the event. */
function kindOf(cause: string, code: string | number | undefined): InterruptionKind {
  if (NEEDS_SOMEONE.has(cause)) return 'needs_someone';
  if (TOO_LARGE.has(code)) return 'poison';
  if (PASSES.has(cause) || PASSES_TOO.test(cause)) return 'passes';
  return code === undefined || String(code).startsWith('ERR_') ? 'poison' : 'passes';
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
