import { Controller, Get, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { ClientRef } from '../../event-log/contact-book-stream.js';
import { GetContactBook } from '../../read-models/contacts/get-contact-book.js';
import { ReadQuery } from '../contact-requests.js';
import { entityTag } from '../entity-tag.js';
import { Client } from '../request-context.js';
import { ContactBookRead, contactBookRead } from './book-answers.js';

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
  async contacts(
    @Client() client: ClientRef,
    @Query() { minRevision }: ReadQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ContactBookRead> {
    const read = await this.queries.execute(new GetContactBook(client, minRevision));
    void reply.header('etag', entityTag(read.revision));
    return contactBookRead(read);
  }
}
