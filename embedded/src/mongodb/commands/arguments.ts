import { toInteger } from '../bson/numbers.js';
import { isDocument, isNumeric, typeOf, type Document } from '../bson/types.js';
import { CommandError, notImplemented } from '../errors.js';
import type { Request } from './command.js';

function mismatch(
  request: Pick<Request, 'name'>,
  field: string,
  value: unknown,
  expected: string,
): CommandError {
  return new CommandError(
    'TypeMismatch',
    `BSON field '${request.name}.${field}' is the wrong type '${typeOf(value)}', expected type '${expected}'`,
  );
}

/** The full name of the collection that the command names: `database.collection`. */
export function namespaceOf(request: Request, field = request.name): string {
  const { [field]: collection } = request.body;
  if (typeof collection !== 'string') {
    throw new CommandError('InvalidNamespace', `collection name has invalid type ${typeOf(collection)}`);
  }
  const { database } = request;
  if (collection === '' || /[\0$]/.test(collection) || !/^[^\0 ."$*<>:|?/\\]{1,63}$/.test(database)) {
    throw new CommandError('InvalidNamespace', `Invalid namespace specified '${database}.${collection}'`);
  }
  return `${database}.${collection}`;
}

export function optionalDocument(request: Request, field: string): Document | undefined {
  const { [field]: value } = request.body;
  if (value === undefined || value === null) return undefined;
  if (!isDocument(value)) throw mismatch(request, field, value, 'object');
  return value;
}

/** A whole number that is not negative. */
export function optionalCount(request: Pick<Request, 'name' | 'body'>, field: string): number | undefined {
  const { [field]: value } = request.body;
  if (value === undefined || value === null) return undefined;
  const number = isNumeric(typeOf(value)) ? toInteger(value) : undefined;
  if (number === undefined) throw mismatch(request, field, value, 'long');
  if (number < 0) {
    throw new CommandError('BadValue', `BSON field '${field}' value must be >= 0, actual value '${number}'`);
  }
  return number;
}

export function flag(request: Request, field: string, otherwise = false): boolean {
  const { [field]: value } = request.body;
  if (value === undefined || value === null) return otherwise;
  if (typeof value === 'boolean') return value;
  const number = isNumeric(typeOf(value)) ? toInteger(value) : undefined;
  if (number === undefined) throw mismatch(request, field, value, 'bool');
  return number !== 0;
}

export function requiredString(request: Request, field: string): string {
  const { [field]: value } = request.body;
  if (typeof value !== 'string') throw mismatch(request, field, value, 'string');
  return value;
}

export function requiredArray(request: Request, field: string): unknown[] {
  const { [field]: value } = request.body;
  if (value === undefined) {
    throw new CommandError(
      'Location40414',
      `BSON field '${request.name}.${field}' is missing but a required field`,
    );
  }
  if (!Array.isArray(value)) throw mismatch(request, field, value, 'array');
  return value;
}

/** Refuses the fields that this server does not support, unless their value asks for nothing. */
export function refuseUnsupported(document: Document, fields: readonly string[]): void {
  for (const field of fields) {
    const { [field]: value } = document;
    const asksNothing =
      value === undefined ||
      value === null ||
      value === false ||
      (isDocument(value) && Object.keys(value).length === 0);
    const isSimple = field === 'collation' && isDocument(value) && value.locale === 'simple';
    if (!asksNothing && !isSimple) throw notImplemented(field);
  }
}

/** Refuses what is not known: a field that is not understood must not be ignored. */
export function refuseUnknown(name: string, document: Document, known: ReadonlySet<string>): void {
  const unknown = Object.keys(document).find((field) => !known.has(field));
  if (unknown !== undefined) {
    throw new CommandError('Location40415', `BSON field '${name}.${unknown}' is an unknown field.`);
  }
}
