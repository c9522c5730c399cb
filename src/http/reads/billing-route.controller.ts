import { Controller, Get, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { ClientRef } from '../../event-log/contact-book-stream.js';
import { GetBillingRoute } from '../../read-models/billing-routing/get-billing-route.js';
import { ReadQuery } from '../contact-requests.js';
import { entityTag } from '../entity-tag.js';
import { Client } from '../request-context.js';
import { BillingRouteAnswer, billingRouteAnswer } from './book-answers.js';

@ApiTags('billing route')
@ApiBearerAuth()
@ApiParam({ name: 'workspaceId' })
@ApiParam({ name: 'clientId' })
@Controller('v1/workspaces/:workspaceId/clients/:clientId/billing-route')
export class BillingRouteController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({ summary: "Who receives this client's invoices, by which rule, and what was passed over" })
  @ApiOkResponse({ type: BillingRouteAnswer })
  async billingRoute(
    @Client() client: ClientRef,
    @Query() { minRevision }: ReadQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BillingRouteAnswer> {
    const read = await this.queries.execute(new GetBillingRoute(client, minRevision));
    void reply.header('etag', entityTag(read.revision));
    return billingRouteAnswer(read);
  }
}
