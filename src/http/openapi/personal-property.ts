import { ApiProperty, ApiSchema, getSchemaPath } from '@nestjs/swagger';
import type { Erased } from '../../contact-book/erased.js';

/** How a value is shown whose owner asked to be forgotten. */
@ApiSchema({ name: 'Erased', description: 'In the place of a value whose owner asked to be forgotten' })
export class ErasedAnswer implements Erased {
  @ApiProperty({ type: Boolean, enum: [true] })
  readonly erased!: true;
}

/**
 * A property that holds what belongs to a person: a text, or that it was erased. A class with such properties names
 * ErasedAnswer among its `ApiExtraModels`.
 */
export function ApiPersonalProperty({
  nullable = false,
  ...more
}: {
  readonly description?: string;
  readonly example: string | null;
  readonly nullable?: boolean;
}): PropertyDecorator {
  return ApiProperty({
    oneOf: [
      { type: 'string' },
      { $ref: getSchemaPath(ErasedAnswer) },
      // OpenAPI 3.1 has the type, the types of its version 3.0 don't.
      ...(nullable ? [{ type: 'null' as 'string' }] : []),
    ],
    ...more,
  });
}
