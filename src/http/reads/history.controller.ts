import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import {
  ApiBearerAuth,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
  IntersectionType,
} from '@nestjs/swagger';
import { EMPTY_BOOK } from '../../event-log/contact-book-log.js';
import type { ClientRef } from '../../event-log/contact-book-stream.js';
import { GetHistory } from '../../read-models/history/get-history.js';
import { MayRefuse } from '../openapi/may-refuse.js';
import { Client } from '../request-context.js';
import { historyCursorOf, textOfHistoryCursor } from './cursors.js';
import { EntityTagged } from './entity-tagged.js';
import { historyEntryAnswer, HistoryPageAnswer } from './history-answers.js';
import { PageQuery } from './page.js';
import { pastPointOf, PointQuery, requireReached } from './point-query.js';

class HistoryQuery extends IntersectionType(PointQuery, PageQuery) {}

@ApiTags('contacts')
@ApiBearerAuth()
@ApiParam({ name: 'workspaceId' })
@ApiParam({ name: 'clientId' })
@Controller('v1/workspaces/:workspaceId/clients/:clientId/history')
export class HistoryController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({
    summary: 'What happened to a client: who did what, when and why, the newest first',
    description: 'It is read from the log itself. Who was erased since is shown as erased.',
  })
  @ApiOkResponse({ type: HistoryPageAnswer })
  @EntityTagged()
  @MayRefuse('revision_not_reached', 'invalid_cursor')
  async history(@Client() client: ClientRef, @Query() query: HistoryQuery): Promise<HistoryPageAnswer> {
    const before = historyCursorOf(query.cursor);
    const asOf = before === undefined ? pastPointOf(query) : { revision: before - 1 };
    const { entries, hasMore } = await this.queries.execute(new GetHistory(client, query.limit, asOf));
    const revision = entries[0]?.revision ?? EMPTY_BOOK.revision;
    requireReached(revision, query);
    return {
      revision,
      entries: entries.map(historyEntryAnswer),
      nextCursor: textOfHistoryCursor(hasMore ? entries.at(-1)!.firstRevision : null),
    };
  }
}
