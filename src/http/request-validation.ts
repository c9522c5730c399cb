import type { ArgumentMetadata, PipeTransform, Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validate } from 'class-validator';
import { type Fault, Problem } from './problem.js';
import { rowOf } from './rows-of.js';

type Given = Readonly<Record<string, unknown>>;
type Path = readonly (string | number)[];
type Tell = (at: Path, detail: string) => void;

/** How a fault says where it is: in a body by a JSON pointer, in a query by the parameter. */
const placeIn = {
  body: (at: Path) => ({ pointer: at.map((step) => `/${step}`).join('') }),
  query: ([parameter]: Path) => (parameter === undefined ? {} : { parameter: String(parameter) }),
};

/** A name that may be repeated: any other may be something personal that got into the wrong place. */
const FIELD_NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

/** Checks bodies and queries by their classes: unknown fields are refused. All faults are told at once, one a field. */
export class RequestValidation implements PipeTransform {
  async transform(value: unknown, { type, metatype }: ArgumentMetadata): Promise<unknown> {
    if (!metatype || (type !== 'body' && type !== 'query')) return value;
    const errors: Fault[] = [];
    const tell: Tell = (at, detail) => errors.push({ ...placeIn[type](at), detail });
    const request = await checked(value, metatype as Type<object>, [], tell);
    if (errors.length > 0) throw new Problem('validation_failed', { errors });
    return request;
  }
}

/** What was given, as an instance of the class; each fault is told. */
async function checked(given: unknown, metatype: Type<object>, at: Path, tell: Tell): Promise<object> {
  if (!isObject(given)) {
    tell(at, 'must be an object');
    return {};
  }
  const known = fieldsOf(metatype);
  const fields = Object.entries(given).filter(([name]) => known.has(name));
  const unknown = Object.keys(given).filter((name) => !known.has(name));
  for (const name of unknown.filter((each) => FIELD_NAME.test(each))) {
    tell([...at, name], 'must not be there: it is not known');
  }
  if (!unknown.every((name) => FIELD_NAME.test(name))) tell(at, 'must have no unknown fields');
  const request = plainToInstance(metatype, Object.fromEntries(fields));
  const faults = await validate(request);
  for (const { property, constraints = {} } of faults) {
    // The last is what stands first in the class, the type: what else is wrong follows from a wrong one.
    const message = Object.values(constraints).at(-1);
    if (message !== undefined) tell([...at, property], message.replace(`${property} `, ''));
  }
  for (const [name, rows] of fields) {
    const row = rowOf(metatype, name);
    if (!row || !Array.isArray(rows) || faults.some(({ property }) => property === name)) continue;
    const list = rows.map((each, index) => checked(each, row, [...at, name, index], tell));
    Object.assign(request, { [name]: await Promise.all(list) });
  }
  return request;
}

function isObject(value: unknown): value is Given {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The fields that the class validates: by own names, so that `toString` is no field of any class. */
function fieldsOf(metatype: Type): ReadonlySet<string> {
  const rules = getMetadataStorage().getTargetValidationMetadatas(metatype, '', false, false);
  return new Set(rules.map(({ propertyName }) => propertyName));
}
