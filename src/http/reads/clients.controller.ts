import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ListClients } from '../../read-models/contacts/list-clients.js';
import { MayRefuse } from '../openapi/may-refuse.js';
import { Workspace } from '../request-context.js';
import { clientAnswer, ClientsPage } from './client-reads.js';
import { pageCursorOf, textOfPageCursor } from './cursors.js';
import { PageQuery } from './page.js';

@ApiTags('workspace')
@ApiBearerAuth()
@ApiParam({ name: 'workspaceId' })
@Controller('v1/workspaces/:workspaceId/clients')
export class ClientsController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({ summary: 'The clients of a workspace at a glance' })
  @ApiOkResponse({ type: ClientsPage })
  @MayRefuse('invalid_cursor', 'cursor_outdated')
  async clients(
    @Workspace() workspaceId: string,
    @Query() { limit, cursor }: PageQuery,
  ): Promise<ClientsPage> {
    const after = pageCursorOf('clients', cursor);
    const { items, next, heldBack } = await this.queries.execute(new ListClients(workspaceId, limit, after));
    return { clients: items.map(clientAnswer), nextCursor: textOfPageCursor('clients', next), heldBack };
  }
}
