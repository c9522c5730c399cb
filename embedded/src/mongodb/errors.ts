/** MongoDB's error codes, as far as this server answers with them. */
const codes = {
  InternalError: 1,
  BadValue: 2,
  NoSuchKey: 4,
  FailedToParse: 9,
  TypeMismatch: 14,
  InvalidLength: 16,
  Unauthorized: 13,
  IllegalOperation: 20,
  NamespaceNotFound: 26,
  IndexNotFound: 27,
  PathNotViable: 28,
  ConflictingUpdateOperators: 40,
  CursorNotFound: 43,
  NamespaceExists: 48,
  MaxTimeMSExpired: 50,
  DollarPrefixedFieldName: 52,
  InvalidIdField: 53,
  CommandNotFound: 59,
  ImmutableField: 66,
  CannotCreateIndex: 67,
  InvalidOptions: 72,
  InvalidNamespace: 73,
  IndexOptionsConflict: 85,
  IndexKeySpecsConflict: 86,
  UnsatisfiableWriteConcern: 100,
  OperationFailed: 96,
  CommandNotSupportedOnView: 166,
  InvalidPipelineOperator: 168,
  CannotIndexParallelArrays: 171,
  InvalidIndexSpecificationOption: 197,
  TransactionTooOld: 225,
  NotImplemented: 238,
  UnknownReplWriteConcern: 79,
  NoSuchTransaction: 251,
  UnsupportedOpQueryCommand: 352,
  OperationNotSupportedInTransaction: 263,
  DuplicateKey: 11000,
} as const;

/** A code with a name of its own, or one that MongoDB only numbers. */
export type ErrorName = keyof typeof codes | `Location${number}`;

/** An error as a client sees it: a code, its name, a message, and what more the code carries. */
export class CommandError extends Error {
  readonly code: number;

  constructor(
    readonly codeName: ErrorName,
    message: string,
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
    this.code = isNamed(codeName) ? codes[codeName] : Number(codeName.slice('Location'.length));
  }
}

function isNamed(name: ErrorName): name is keyof typeof codes {
  return Object.hasOwn(codes, name);
}

/** What MongoDB has and this server has not: refused, whatever the client hoped for. */
export function notImplemented(what: string): CommandError {
  return new CommandError('NotImplemented', `the embedded server does not support ${what}`);
}
