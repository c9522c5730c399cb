import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { SearchContacts } from '../../read-models/contacts/search-contacts.js';
import { MayRefuse } from '../openapi/may-refuse.js';
import { Workspace } from '../request-context.js';
import { ContactSearchRequest, ContactsPage, foundContactAnswer } from './contact-search.js';
import { pageCursorOf, textOfPageCursor } from './cursors.js';

@ApiTags('workspace')
@ApiBearerAuth()
@ApiParam({ name: 'workspaceId' })
@Controller('v1/workspaces/:workspaceId/contacts')
export class ContactSearchController {
  constructor(private readonly queries: QueryBus) {}

  /** What is searched for may be someone's name or address: it comes in a body, since URLs are logged on their way. */
  @Post('search')
  @HttpCode(200)
  @ApiOperation({ summary: 'Search the contacts of a workspace' })
  @ApiOkResponse({ type: ContactsPage })
  @MayRefuse('invalid_cursor', 'cursor_outdated')
  async searchContacts(
    @Workspace() workspaceId: string,
    @Body() { limit, cursor, ...criteria }: ContactSearchRequest,
  ): Promise<ContactsPage> {
    const after = pageCursorOf('contacts', cursor, { pointer: '/cursor' });
    const { items, next, heldBack } = await this.queries.execute(
      new SearchContacts(workspaceId, criteria, limit, after),
    );
    return {
      contacts: items.map(foundContactAnswer),
      nextCursor: textOfPageCursor('contacts', next),
      heldBack,
    };
  }
}
