import { ApiProperty, ApiSchema, PickType } from '@nestjs/swagger';
import type { Revision } from '../../event-log/event-store.js';
import type { ListedClient } from '../../read-models/contacts/list-clients.js';
import { RouteAnswer } from '../billing-route-answers.js';
import { WarningAnswer } from '../contact-answers.js';
import { EXAMPLE_CONTACT_ID } from '../openapi/examples.js';
import { ApiHeldBack, ApiNextCursor } from './page.js';

@ApiSchema({ name: 'RouteSummary' })
class RouteSummary extends PickType(RouteAnswer, ['status', 'rule'] as const) {}

/** A client at a glance: no personal data. */
@ApiSchema({ name: 'ClientSummary' })
export class ClientAnswer {
  @ApiProperty({ type: String, example: 'brasserie-lefevre' })
  readonly clientId!: string;

  @ApiProperty({ type: 'integer', minimum: 0, example: 7, description: 'Of the client’s contact book' })
  readonly revision!: Revision;

  @ApiProperty({ type: String, format: 'date-time', example: '2026-11-03T09:14:27.310Z' })
  readonly changedAt!: string;

  @ApiProperty({ type: 'integer', minimum: 0, example: 3, description: 'How many there are' })
  readonly contacts!: number;

  @ApiProperty({ type: 'integer', minimum: 0, example: 2, description: 'How many of them may sign in' })
  readonly portalEnabled!: number;

  @ApiProperty({
    type: String,
    nullable: true,
    example: EXAMPLE_CONTACT_ID,
    description: 'Who holds the flag',
  })
  readonly primary!: string | null;

  @ApiProperty({ type: String, nullable: true, example: null, description: 'Who holds the flag' })
  readonly billingDefault!: string | null;

  @ApiProperty({ type: Boolean, example: false })
  readonly hasBillingEmail!: boolean;

  @ApiProperty({ type: RouteSummary })
  readonly billingRoute!: RouteSummary;

  @ApiProperty({ type: [WarningAnswer] })
  readonly warnings!: readonly WarningAnswer[];
}

@ApiSchema({ name: 'ClientsPage' })
export class ClientsPage {
  @ApiProperty({ type: [ClientAnswer], description: 'Those that were ever written to, by client id' })
  readonly clients!: readonly ClientAnswer[];

  @ApiNextCursor()
  readonly nextCursor!: string | null;

  @ApiHeldBack()
  readonly heldBack!: readonly string[];
}

export function clientAnswer({ recordedAt, warnings, ...summary }: ListedClient): ClientAnswer {
  return {
    ...summary,
    changedAt: recordedAt.toISOString(),
    warnings: warnings.map((code) => ({ code })),
  };
}
