import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsString, Max, Min } from 'class-validator';
import { MayBeAbsent } from '../may-be-absent.js';
import { ToInteger } from './point-query.js';

/** Enough for a screen. */
const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

/** Which part of a list is asked for. */
export class PageQuery {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: MAX_LIMIT,
    default: DEFAULT_LIMIT,
    description: 'How many at most',
  })
  @MayBeAbsent()
  @ToInteger()
  @IsInt({ message: 'must be a whole number' })
  @Min(1)
  @Max(MAX_LIMIT)
  readonly limit: number = DEFAULT_LIMIT;

  @ApiPropertyOptional({ type: String, description: 'The `nextCursor` of the page before' })
  @MayBeAbsent()
  @IsString()
  readonly cursor?: string;
}

/** The property that names the clients of whom no current state can be shown. */
export function ApiHeldBack(): PropertyDecorator {
  return ApiProperty({
    type: [String],
    example: [],
    description:
      'The clients of whom an earlier state is shown, or none: their latest events can not be handled yet.',
  });
}

/** The property that says where the next page begins. */
export function ApiNextCursor(): PropertyDecorator {
  return ApiProperty({
    type: String,
    nullable: true,
    example: null,
    description: 'The `cursor` of the next page; null on the last one',
  });
}
