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
  Location15956: 15956,
  Location15958: 15958,
  Location15959: 15959,
  Location15976: 15976,
  Location16410: 16410,
  Location17419: 17419,
  Location28667: 28667,
  Location31249: 31249,
  Location31253: 31253,
  Location31254: 31254,
  Location40156: 40156,
  Location40169: 40169,
  Location40170: 40170,
  Location40323: 40323,
  Location40324: 40324,
  Location40352: 40352,
  Location40353: 40353,
  Location40414: 40414,
  Location40415: 40415,
  Location40573: 40573,
  Location51091: 51091,
} as const;

export type ErrorName = keyof typeof codes;

/** An error as a client sees it: a code, its name, a message, and what more the code carries. */
export class CommandError extends Error {
  readonly code: number;

  constructor(
    readonly codeName: ErrorName,
    message: string,
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
    this.code = codes[codeName];
  }
}

/** What MongoDB has and this server has not: refused, whatever the client hoped for. */
export function notImplemented(what: string): CommandError {
  return new CommandError('NotImplemented', `the embedded server does not support ${what}`);
}
