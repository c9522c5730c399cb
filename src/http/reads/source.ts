import { ApiProperty } from '@nestjs/swagger';

const SOURCES = ['read_model', 'log'] as const;

/** Where an answer comes from. */
export type Source = (typeof SOURCES)[number];

/** The property that says where an answer comes from. */
export function ApiSource(): PropertyDecorator {
  return ApiProperty({
    enum: SOURCES,
    example: 'read_model',
    description: '`log`: folded from the stream itself, since the read model could not show it',
  });
}
