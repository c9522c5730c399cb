import { Body, Controller, Delete, Patch, Post, Put, Query, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { RouteConfig } from '@nestjs/platform-fastify';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ChangeContactBook, type ChangedBook } from '../commands/change-contact-book.js';
import { newContactIdOf } from '../commands/command-identity.js';
import type { ContactBookCommand } from '../contact-book/commands.js';
import {
  AddedContactAnswer,
  ChangedBookAnswer,
  changedBookAnswer,
  ReplacedContactsAnswer,
  replacedContactsAnswer,
} from './change-answers.js';
import {
  AddContactRequest,
  BillingEmailRequest,
  ChangeDetailsRequest,
  FlagHolderRequest,
  MAX_LIST_BYTES,
  PortalAccessRequest,
  RemoveContactQuery,
  ReplaceContactsRequest,
  WriteQuery,
} from './contact-requests.js';
import { entityTag } from './entity-tag.js';
import { MayRefuse } from './openapi/may-refuse.js';
import { Problem } from './problem.js';
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
  @ApiOkResponse({ type: AddedContactAnswer, description: 'What a dry run would have led to' })
  @MayRefuse('duplicate_email', 'too_many_contacts', 'idempotency_key_required', 'idempotency_key_spent')
  async addContact(
    @Context() context: CommandContext,
    @Body() { email, name, title, phone, portalEnabled, primary, billingDefault }: AddContactRequest,
    @Query() { dryRun }: WriteQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AddedContactAnswer> {
    const contactId = newContactIdOf(context.caller.commandId);
    const fields = { email, name, title, phone, portalEnabled, primary, billingDefault };
    const changed = await this.change(context, { type: 'AddContact', contactId, ...fields }, dryRun, reply);
    if (dryRun) void reply.status(200);
    return { contactId, ...changedBookAnswer(changed, dryRun) };
  }

  @Put('contacts')
  @RouteConfig({ maxBodyBytes: MAX_LIST_BYTES })
  @ApiOperation({
    summary: 'Replace the whole list of contacts, at the revision that the caller has seen',
    description:
      'Everyone who is in no row is removed. Only the outcome must be valid, so two contacts may swap their emails; all of it is done, or nothing.',
  })
  @ApiOkResponse({ type: ReplacedContactsAnswer })
  @MayRefuse('too_many_contacts', 'conflicting_rows', 'precondition_required', 'idempotency_key_spent')
  async replaceContacts(
    @Context() context: CommandContext,
    @Body() { contacts, allowEmpty }: ReplaceContactsRequest,
    @Query() { dryRun }: WriteQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReplacedContactsAnswer> {
    if (context.expectedRevisions === undefined) throw new Problem('precondition_required');
    const newContactIds = contacts.map((_, index) => newContactIdOf(context.caller.commandId, index));
    const command: ContactBookCommand = { type: 'ReplaceContacts', contacts, newContactIds, allowEmpty };
    return replacedContactsAnswer(await this.change(context, command, dryRun, reply), dryRun);
  }

  @Patch('contacts/:contactId')
  @ApiParam({ name: 'contactId' })
  @ApiOperation({ summary: "Change a contact's details; what is absent stays" })
  @ApiOkResponse({ type: ChangedBookAnswer })
  @MayRefuse('duplicate_email')
  async changeDetails(
    @Context() context: CommandContext,
    @ContactId() contactId: string,
    @Body() { email, name, title, phone }: ChangeDetailsRequest,
    @Query() { dryRun }: WriteQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChangedBookAnswer> {
    const command = { type: 'ChangeContactDetails', contactId, email, name, title, phone } as const;
    return changedBookAnswer(await this.change(context, command, dryRun, reply), dryRun);
  }

  @Delete('contacts/:contactId')
  @ApiParam({ name: 'contactId' })
  @ApiOperation({ summary: 'Remove a contact; a successor takes their flags, otherwise those become vacant' })
  @ApiOkResponse({ type: ChangedBookAnswer })
  async removeContact(
    @Context() context: CommandContext,
    @ContactId() contactId: string,
    @Query() { successorId, dryRun }: RemoveContactQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChangedBookAnswer> {
    const command = { type: 'RemoveContact', contactId, successorId } as const;
    return changedBookAnswer(await this.change(context, command, dryRun, reply), dryRun);
  }

  @Put('primary')
  @ApiOperation({ summary: 'Set the primary contact, or clear it with null' })
  @ApiOkResponse({ type: ChangedBookAnswer })
  @MayRefuse('contact_not_found')
  async setPrimary(
    @Context() context: CommandContext,
    @Body() { contactId }: FlagHolderRequest,
    @Query() { dryRun }: WriteQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChangedBookAnswer> {
    const command = { type: 'SetPrimaryContact', contactId } as const;
    return changedBookAnswer(await this.change(context, command, dryRun, reply), dryRun);
  }

  @Put('billing-default')
  @ApiOperation({ summary: 'Set the billing default, or clear it with null' })
  @ApiOkResponse({ type: ChangedBookAnswer })
  @MayRefuse('contact_not_found')
  async setBillingDefault(
    @Context() context: CommandContext,
    @Body() { contactId }: FlagHolderRequest,
    @Query() { dryRun }: WriteQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChangedBookAnswer> {
    const command = { type: 'SetBillingDefault', contactId } as const;
    return changedBookAnswer(await this.change(context, command, dryRun, reply), dryRun);
  }

  @Put('billing-email')
  @ApiOperation({ summary: 'Set the billing email, which wins over every contact, or clear it with null' })
  @ApiOkResponse({ type: ChangedBookAnswer })
  async setBillingEmail(
    @Context() context: CommandContext,
    @Body() { email }: BillingEmailRequest,
    @Query() { dryRun }: WriteQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChangedBookAnswer> {
    const command = { type: 'SetBillingEmail', email } as const;
    return changedBookAnswer(await this.change(context, command, dryRun, reply), dryRun);
  }

  @Put('contacts/:contactId/portal-access')
  @ApiParam({ name: 'contactId' })
  @ApiOperation({ summary: "Turn a contact's access to the client portal on or off" })
  @ApiOkResponse({ type: ChangedBookAnswer })
  async togglePortalAccess(
    @Context() context: CommandContext,
    @ContactId() contactId: string,
    @Body() { enabled }: PortalAccessRequest,
    @Query() { dryRun }: WriteQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChangedBookAnswer> {
    const command = { type: 'TogglePortalAccess', contactId, enabled } as const;
    return changedBookAnswer(await this.change(context, command, dryRun, reply), dryRun);
  }

  /** A dry run has the tag of the book that it was tried on: with it as If-Match, the write is what was shown, or nothing. */
  private async change(
    { client, caller, expectedRevisions }: CommandContext,
    command: ContactBookCommand,
    isDryRun: boolean,
    reply: FastifyReply,
  ): Promise<ChangedBook> {
    const changed = await this.commands.execute(
      new ChangeContactBook(client, command, caller, expectedRevisions, isDryRun),
    );
    const isTried = isDryRun && !changed.isReplay;
    void reply.header('etag', entityTag(isTried ? changed.before.revision : changed.revision));
    if (changed.isReplay) void reply.header('idempotent-replayed', 'true');
    return changed;
  }
}
