import type { Type } from '@nestjs/common';

const ROWS = Symbol('rows');

/** The field is a list whose rows are checked by a class of their own, each fault told at its row. */
export function RowsOf(row: Type<object>): PropertyDecorator {
  return (target, property) => Reflect.defineMetadata(ROWS, row, target, property);
}

/** The class of the field's rows; undefined where it is no list of rows. */
export function rowOf(metatype: Type<object>, field: string): Type<object> | undefined {
  return Reflect.getMetadata(ROWS, metatype.prototype as object, field) as Type<object> | undefined;
}
