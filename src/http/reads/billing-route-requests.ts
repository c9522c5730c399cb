import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsOptional } from 'class-validator';
import type { WarningCode } from '../../contact-book/warnings.js';
import { ID_PATTERN } from '../../event-log/contact-book-stream.js';
import { WARNING_CODES } from '../contact-answers.js';
import { IsId } from '../is-id.js';
import { PageQuery } from './page.js';

const STATUSES = ['routed', 'unroutable'] as const;
/** What an invoice run asks at a time. */
const MAX_CLIENTS = 500;

export class BillingRoutesQuery extends PageQuery {
  @ApiPropertyOptional({ enum: STATUSES, description: '`unroutable`: those whose invoices reach nobody' })
  @IsOptional()
  @IsIn(STATUSES)
  readonly status?: (typeof STATUSES)[number];

  @ApiPropertyOptional({ enum: WARNING_CODES, description: 'Only those with this warning' })
  @IsOptional()
  @IsIn(WARNING_CODES)
  readonly warning?: WarningCode;
}

export class BillingRoutesRequest {
  @ApiProperty({
    type: [String],
    minItems: 1,
    maxItems: MAX_CLIENTS,
    items: { type: 'string', pattern: ID_PATTERN.source },
    example: ['brasserie-lefevre', 'saimaa'],
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_CLIENTS)
  @IsId({ each: true })
  readonly clientIds!: readonly string[];
}
