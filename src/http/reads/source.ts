import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

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

/** The property that is there where the read model holds the client back, and absent where it does not. */
export function ApiIsHeldBack(): PropertyDecorator {
  return ApiPropertyOptional({
    type: Boolean,
    description:
      'Only there where one of the client’s events can not be handled yet: this answer is the current state all the same, folded from the stream (`source` is `log`), while lists show an earlier one',
  });
}
