import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { ClientRef } from '../../event-log/contact-book-stream.js';
import { GetContactBook } from '../../read-models/contacts/get-contact-book.js';
import type { ReadOfClient } from '../../read-models/read-model-reader.js';
import { MayRefuse } from '../openapi/may-refuse.js';
import { Client, ContactId } from '../request-context.js';
import { ContactBookRead, contactBookRead, ContactRead, contactRead } from './book-answers.js';
import { EntityTagged } from './entity-tagged.js';
import { pointOf, PointQuery, requireReached } from './point-query.js';

@ApiTags('contacts')
@ApiBearerAuth()
@ApiParam({ name: 'workspaceId' })
@ApiParam({ name: 'clientId' })
@Controller('v1/workspaces/:workspaceId/clients/:clientId/contacts')
export class ContactBookController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({ summary: 'The contact book of a client' })
  @ApiOkResponse({ type: ContactBookRead })
  @EntityTagged()
  @MayRefuse('revision_not_reached')
  async contacts(@Client() client: ClientRef, @Query() query: PointQuery): Promise<ContactBookRead> {
    return contactBookRead(await this.book(client, query));
  }

  @Get(':contactId')
  @ApiParam({ name: 'contactId' })
  @ApiOperation({ summary: 'One contact of a client' })
  @ApiOkResponse({ type: ContactRead })
  @EntityTagged()
  @MayRefuse('revision_not_reached')
  async contact(
    @Client() client: ClientRef,
    @ContactId() contactId: string,
    @Query() query: PointQuery,
  ): Promise<ContactRead> {
    return contactRead(await this.book(client, query), contactId);
  }

  private async book(client: ClientRef, query: PointQuery): Promise<ReadOfClient<object>> {
    const read = await this.queries.execute(new GetContactBook(client, pointOf(query)));
    requireReached(read.revision, query);
    return read;
  }
}
