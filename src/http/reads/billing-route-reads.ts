import { ApiExtraModels, ApiProperty, ApiSchema, getSchemaPath } from '@nestjs/swagger';
import type { Revision } from '../../event-log/event-store.js';
import type { BillingRouting } from '../../read-models/billing-routing/billing-routing.js';
import { RouteAnswer, routeAnswer } from '../billing-route-answers.js';
import { WarningAnswer } from '../contact-answers.js';
import { ApiHeldBack, ApiNextCursor } from './page.js';
import { ApiIsHeldBack, ApiSource, type Source } from './source.js';

@ApiSchema({ name: 'Since' })
class SinceAnswer {
  @ApiProperty({ type: 'integer', minimum: 0, example: 4 })
  readonly revision!: Revision;

  @ApiProperty({ type: String, format: 'date-time', example: '2026-11-03T09:14:27.310Z' })
  readonly at!: string;
}

@ApiSchema({ name: 'BillingRoute' })
@ApiExtraModels(SinceAnswer)
export class BillingRouteAnswer extends RouteAnswer {
  @ApiProperty({ type: String, example: 'brasserie-lefevre' })
  readonly clientId!: string;

  @ApiProperty({ type: 'integer', minimum: -1, example: 7, description: 'Of the client’s contact book' })
  readonly revision!: Revision;

  @ApiProperty({
    // OpenAPI 3.1 has the type `null`, the types of its version 3.0 don't.
    oneOf: [{ $ref: getSchemaPath(SinceAnswer) }, { type: 'null' as 'string' }],
    description:
      'The change that made the rule, the contact or the address what they are; null for none ever',
  })
  readonly since!: SinceAnswer | null;

  @ApiProperty({ type: [WarningAnswer] })
  readonly warnings!: readonly WarningAnswer[];

  @ApiSource()
  readonly source!: Source;

  @ApiIsHeldBack()
  readonly heldBack?: true;
}

@ApiSchema({ name: 'BillingRoutesPage' })
export class BillingRoutesPage {
  @ApiProperty({ type: [BillingRouteAnswer], description: 'By client id' })
  readonly routes!: readonly BillingRouteAnswer[];

  @ApiNextCursor()
  readonly nextCursor!: string | null;

  @ApiHeldBack()
  readonly heldBack!: readonly string[];
}

@ApiSchema({ name: 'BillingRoutes' })
export class BillingRoutesAnswer {
  @ApiProperty({
    type: [BillingRouteAnswer],
    description: 'In the order of the client ids that were asked for',
  })
  readonly routes!: readonly BillingRouteAnswer[];

  @ApiHeldBack()
  readonly heldBack!: readonly string[];
}

interface ReadRoute extends BillingRouting {
  readonly clientId: string;
  readonly revision: Revision;
  readonly source: Source;
  readonly heldBack?: true | undefined;
}

export function billingRouteAnswer({
  clientId,
  route,
  revision,
  since,
  warnings,
  source,
  heldBack,
}: ReadRoute): BillingRouteAnswer {
  return {
    clientId,
    ...routeAnswer(route),
    since: since && { revision: since.revision, at: since.at.toISOString() },
    warnings: warnings.map((code) => ({ code })),
    revision,
    source,
    ...(heldBack && { heldBack }),
  };
}
