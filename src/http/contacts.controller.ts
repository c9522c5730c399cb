import { Body, Controller, Delete, Post, Put, Query, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ChangeContactBook } from '../commands/change-contact-book.js';
import { newContactIdOf } from '../commands/command-identity.js';
import type { ContactBookCommand } from '../contact-book/commands.js';
import { AddedContactAnswer, ContactBookAnswer, contactBookAnswer } from './contact-answers.js';
import {
  AddContactRequest,
  BillingEmailRequest,
  FlagHolderRequest,
  PortalAccessRequest,
  RemoveContactQuery,
} from './contact-requests.js';
import { entityTag } from './entity-tag.js';
import { MayRefuse } from './openapi/may-refuse.js';
import { type CommandContext, ContactId, Context } from './request-context.js';

@ApiTags('contacts')
@ApiBearerAuth()
@ApiParam({ name: 'workspaceId' })
@ApiParam({ name: 'clientId' })
@Controller('v1/workspaces/:workspaceId/clients/:clientId')
export class ContactsController {
  constructor(private readonly commands: CommandBus) {}

  @Post('contacts')
  @ApiOperation({ summary: 'Add a contact' })
  @ApiCreatedResponse({ type: AddedContactAnswer })
  @MayRefuse('duplicate_email', 'too_many_contacts')
  async addContact(
    @Context() context: CommandContext,
    @Body() { email, name, title, phone, portalEnabled, primary, billingDefault }: AddContactRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AddedContactAnswer> {
    const contactId = newContactIdOf(context.caller.commandId);
    const answer = await this.change(
      context,
      { type: 'AddContact', contactId, email, name, title, phone, portalEnabled, primary, billingDefault },
      reply,
    );
    return { contactId, ...answer };
  }

  @Delete('contacts/:contactId')
  @ApiParam({ name: 'contactId' })
  @ApiOperation({ summary: 'Remove a contact; a successor takes their flags, otherwise those become vacant' })
  @ApiOkResponse({ type: ContactBookAnswer })
  removeContact(
    @Context() context: CommandContext,
    @ContactId() contactId: string,
    @Query() { successorId }: RemoveContactQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ContactBookAnswer> {
    return this.change(context, { type: 'RemoveContact', contactId, successorId }, reply);
  }

  @Put('primary')
  @ApiOperation({ summary: 'Set the primary contact, or clear it with null' })
  @ApiOkResponse({ type: ContactBookAnswer })
  @MayRefuse('contact_not_found')
  setPrimary(
    @Context() context: CommandContext,
    @Body() { contactId }: FlagHolderRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ContactBookAnswer> {
    return this.change(context, { type: 'SetPrimaryContact', contactId }, reply);
  }

  @Put('billing-default')
  @ApiOperation({ summary: 'Set the billing default, or clear it with null' })
  @ApiOkResponse({ type: ContactBookAnswer })
  @MayRefuse('contact_not_found')
  setBillingDefault(
    @Context() context: CommandContext,
    @Body() { contactId }: FlagHolderRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ContactBookAnswer> {
    return this.change(context, { type: 'SetBillingDefault', contactId }, reply);
  }

  @Put('billing-email')
  @ApiOperation({ summary: 'Set the billing email, which wins over every contact, or clear it with null' })
  @ApiOkResponse({ type: ContactBookAnswer })
  setBillingEmail(
    @Context() context: CommandContext,
    @Body() { email }: BillingEmailRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ContactBookAnswer> {
    return this.change(context, { type: 'SetBillingEmail', email }, reply);
  }

  @Put('contacts/:contactId/portal-access')
  @ApiParam({ name: 'contactId' })
  @ApiOperation({ summary: "Turn a contact's access to the client portal on or off" })
  @ApiOkResponse({ type: ContactBookAnswer })
  togglePortalAccess(
    @Context() context: CommandContext,
    @ContactId() contactId: string,
    @Body() { enabled }: PortalAccessRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ContactBookAnswer> {
    return this.change(context, { type: 'TogglePortalAccess', contactId, enabled }, reply);
  }

  private async change(
    { client, caller, expectedRevision }: CommandContext,
    command: ContactBookCommand,
    reply: FastifyReply,
  ): Promise<ContactBookAnswer> {
    const changed = await this.commands.execute(
      new ChangeContactBook(client, command, caller, expectedRevision),
    );
    void reply.header('etag', entityTag(changed.revision));
    if (changed.isReplay) void reply.header('idempotent-replayed', 'true');
    return contactBookAnswer(changed);
  }
}
