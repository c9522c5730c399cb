import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { GetBillingRoutes } from '../../read-models/billing-routing/get-billing-routes.js';
import {
  ListBillingRoutes,
  type ListedBillingRoute,
} from '../../read-models/billing-routing/list-billing-routes.js';
import { MayRefuse } from '../openapi/may-refuse.js';
import { Workspace } from '../request-context.js';
import {
  type BillingRouteAnswer,
  billingRouteAnswer,
  BillingRoutesAnswer,
  BillingRoutesPage,
} from './billing-route-reads.js';
import { BillingRoutesQuery, BillingRoutesRequest } from './billing-route-requests.js';
import { pageCursorOf, textOfPageCursor } from './cursors.js';

@ApiTags('billing route')
@ApiBearerAuth()
@ApiParam({ name: 'workspaceId' })
@Controller('v1/workspaces/:workspaceId/billing-routes')
export class BillingRoutesController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({ summary: 'The billing routes of a workspace, such as those that reach nobody' })
  @ApiOkResponse({ type: BillingRoutesPage })
  @MayRefuse('invalid_cursor', 'cursor_outdated')
  async billingRoutes(
    @Workspace() workspaceId: string,
    @Query() { status, warning, limit, cursor }: BillingRoutesQuery,
  ): Promise<BillingRoutesPage> {
    const after = pageCursorOf('billing-routes', cursor);
    const { items, next, heldBack } = await this.queries.execute(
      new ListBillingRoutes(workspaceId, { status, warning }, limit, after),
    );
    return { routes: items.map(answerOf), nextCursor: textOfPageCursor('billing-routes', next), heldBack };
  }

  @Post('batch')
  @HttpCode(200)
  @ApiOperation({
    summary: 'The billing routes of up to 500 clients',
    description: 'A client whom nobody has ever written to is unroutable, at revision -1.',
  })
  @ApiOkResponse({ type: BillingRoutesAnswer })
  async billingRoutesOf(
    @Workspace() workspaceId: string,
    @Body() { clientIds }: BillingRoutesRequest,
  ): Promise<BillingRoutesAnswer> {
    const { routes, heldBack } = await this.queries.execute(new GetBillingRoutes(workspaceId, clientIds));
    return { routes: routes.map(answerOf), heldBack };
  }
}

function answerOf(route: ListedBillingRoute): BillingRouteAnswer {
  return billingRouteAnswer({ ...route, source: 'read_model' });
}
