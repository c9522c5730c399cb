import type { ArgumentMetadata, PipeTransform, Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validate } from 'class-validator';
import { type Fault, Problem } from './problem.js';

/** How a fault says where it is: in a body by a JSON pointer, in a query by the parameter. */
const placeIn = {
  body: (name: string) => ({ pointer: `/${escaped(name)}` }),
  query: (name: string) => ({ parameter: name }),
};

/** Checks bodies and queries by their classes: unknown fields are refused, and all faults are told at once. */
export class RequestValidation implements PipeTransform {
  async transform(value: unknown, { type, metatype }: ArgumentMetadata): Promise<unknown> {
    if (!metatype || (type !== 'body' && type !== 'query')) return value;
    const given = Object.entries(objectOf(value));
    const known = fieldsOf(metatype);
    const request = plainToInstance(
      metatype as Type<object>,
      Object.fromEntries(given.filter(([name]) => known.has(name))),
    );
    const at = placeIn[type];
    const errors: Fault[] = [
      ...given
        .filter(([name]) => !known.has(name))
        .map(([name]) => ({
          ...at(name),
          detail: `there is no such ${type === 'query' ? 'parameter' : 'field'}`,
        })),
      ...(await validate(request)).flatMap(({ property, constraints = {} }) =>
        Object.values(constraints).map((detail) => ({ ...at(property), detail })),
      ),
    ];
    if (errors.length > 0) throw new Problem('validation_failed', { errors });
    return request;
  }
}

function objectOf(value: unknown): object {
  if (value === undefined) return {};
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new Problem('validation_failed', { errors: [{ pointer: '', detail: 'must be an object' }] });
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
