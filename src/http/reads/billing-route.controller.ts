import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { ClientRef } from '../../event-log/contact-book-stream.js';
import { GetBillingRoute } from '../../read-models/billing-routing/get-billing-route.js';
import { MayRefuse } from '../openapi/may-refuse.js';
import { Client } from '../request-context.js';
import { BillingRouteAnswer, billingRouteAnswer } from './billing-route-reads.js';
import { EntityTagged } from './entity-tagged.js';
import { pointOf, PointQuery, requireReached } from './point-query.js';

@ApiTags('billing route')
@ApiBearerAuth()
@ApiParam({ name: 'workspaceId' })
@ApiParam({ name: 'clientId' })
@Controller('v1/workspaces/:workspaceId/clients/:clientId/billing-route')
export class BillingRouteController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({
    summary: "Who receives this client's invoices, by which rule, since when, and what was passed over",
  })
  @ApiOkResponse({ type: BillingRouteAnswer })
  @EntityTagged()
  @MayRefuse('revision_not_reached')
  async billingRoute(@Client() client: ClientRef, @Query() query: PointQuery): Promise<BillingRouteAnswer> {
    const { view, revision, source, heldBack } = await this.queries.execute(
      new GetBillingRoute(client, pointOf(query)),
    );
    requireReached(revision, query);
    return billingRouteAnswer({ clientId: client.clientId, ...view, revision, source, heldBack });
  }
}
