import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { type FieldError, Problem } from './problem.js';

/** Checks bodies and queries by their classes: unknown fields are refused, and all faults are told at once. */
export function requestValidation(): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    validationError: { target: false, value: false },
    exceptionFactory: (errors) =>
      new Problem('validation_failed', { errors: errors.flatMap((error) => faults(error)) }),
  });
}

function faults({ property, constraints = {}, children = [] }: ValidationError, parent = ''): FieldError[] {
  const pointer = `${parent}/${property.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  return [
    ...Object.values(constraints).map((detail) => ({ pointer, detail })),
    ...children.flatMap((child) => faults(child, pointer)),
  ];
}
