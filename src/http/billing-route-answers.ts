import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import type { BillingRoute, PassedOver, RoutingRule } from '../contact-book/billing-route.js';
import { EXAMPLE_CONTACT_ID } from './openapi/examples.js';

const RULES: readonly RoutingRule[] = ['billing_email', 'billing_default', 'primary'];

@ApiSchema({ name: 'PassedOverRule' })
export class PassedOverAnswer implements PassedOver {
  @ApiProperty({ enum: RULES, example: 'billing_email' })
  readonly rule!: RoutingRule;

  @ApiPropertyOptional({ type: String, description: 'Whom the invoices would have gone to' })
  readonly contactId?: string;

  @ApiProperty({
    enum: ['not_set', 'erased', 'outranked'],
    example: 'not_set',
    description: '`outranked`: it has an address, but a rule before it fired',
  })
  readonly reason!: PassedOver['reason'];
}

/** Who receives a client's invoices, and why. */
@ApiSchema({ name: 'Route' })
export class RouteAnswer implements BillingRoute {
  @ApiProperty({ enum: ['routed', 'unroutable'], example: 'routed' })
  readonly status!: BillingRoute['status'];

  @ApiProperty({ enum: [...RULES, 'none'], example: 'primary', description: 'The rule that fired' })
  readonly rule!: BillingRoute['rule'];

  @ApiProperty({ type: String, nullable: true, example: 'margaux@lefevre.example' })
  readonly email!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: EXAMPLE_CONTACT_ID,
    description: 'The contact whose address it is, whichever rule fired; null for nobody’s',
  })
  readonly contactId!: string | null;

  @ApiProperty({
    type: [PassedOverAnswer],
    description: 'Every rule that did not fire, in order of precedence',
    example: [
      { rule: 'billing_email', reason: 'not_set' },
      { rule: 'billing_default', reason: 'not_set' },
    ],
  })
  readonly passedOver!: readonly PassedOverAnswer[];
}

export function routeAnswer({ status, rule, email, contactId, passedOver }: BillingRoute): RouteAnswer {
  return { status, rule, email, contactId, passedOver };
}
