import { ApiExtension } from '@nestjs/swagger';
import type { ProblemCode } from '../problem.js';

/** Where a route notes what it refuses; the document turns it into responses. */
export const REFUSALS = 'x-refusals';

/** Documents what a route refuses for reasons of its own, beside what every route of its kind may answer. */
export function MayRefuse(...codes: ProblemCode[]): MethodDecorator {
  return ApiExtension(REFUSALS, codes);
}
