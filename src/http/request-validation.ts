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
  body: (at: Path) => ({ pointer: at.map((step) => `/${escaped(String(step))}`).join('') }),
  query: (at: Path) => ({ parameter: String(at[0]) }),
};

/** Checks bodies and queries by their classes: unknown fields are refused, and all faults are told at once. */
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
  for (const name of Object.keys(given)) {
    if (!known.has(name)) tell([...at, name], 'is not known here');
  }
  const request = plainToInstance(metatype, Object.fromEntries(fields));
  const faults = await validate(request);
  for (const { property, constraints = {} } of faults) {
    for (const detail of Object.values(constraints)) tell([...at, property], detail);
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

/** A name as a step of a JSON pointer. */
function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
