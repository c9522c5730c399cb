import { ApiExtraModels, ApiProperty, ApiPropertyOptional, ApiSchema, getSchemaPath } from '@nestjs/swagger';
import type { Contact } from '../../contact-book/contact-book.js';
import type { Personal } from '../../contact-book/erased.js';
import type { BookChanges, ChangedContact, HistoryEntry } from '../../event-log/contact-book-history.js';
import type { Revision } from '../../event-log/event-store.js';
import type { Actor } from '../../event-log/stored-form.js';
import { EXAMPLE_CONTACT_ID } from '../openapi/examples.js';
import { ApiPersonalProperty, ErasedAnswer } from '../openapi/personal-property.js';
import { ApiNextCursor } from './page.js';

/** What of a contact an append may change. */
@ApiSchema({ name: 'ContactFields' })
@ApiExtraModels(ErasedAnswer)
class ContactFieldsAnswer {
  @ApiPersonalProperty({ example: 'margaux@lefevre.example' })
  readonly email!: Personal;

  @ApiPersonalProperty({ nullable: true, example: 'Margaux Lefèvre' })
  readonly name!: Personal | null;

  @ApiPersonalProperty({ nullable: true, example: 'Head of finance' })
  readonly title!: Personal | null;

  @ApiPersonalProperty({ nullable: true, example: null })
  readonly phone!: Personal | null;

  @ApiProperty({ type: Boolean, example: true })
  readonly portalEnabled!: boolean;
}

// OpenAPI 3.1 has the type `null`, the types of its version 3.0 don't.
const NULL = { type: 'null' as 'string' };

@ApiSchema({ name: 'ChangedContact' })
@ApiExtraModels(ContactFieldsAnswer)
class ChangedContactAnswer {
  @ApiProperty({ type: String, example: EXAMPLE_CONTACT_ID })
  readonly contactId!: string;

  @ApiProperty({ enum: ['added', 'changed', 'removed', 'erased'], example: 'added' })
  readonly change!: ChangedContact['change'];

  @ApiProperty({
    oneOf: [{ $ref: getSchemaPath(ContactFieldsAnswer) }, NULL],
    example: null,
    description: 'Null for someone who was not in the book',
  })
  readonly before!: ContactFieldsAnswer | null;

  @ApiProperty({
    oneOf: [{ $ref: getSchemaPath(ContactFieldsAnswer) }, NULL],
    description: 'Null for someone who no longer is',
  })
  readonly after!: ContactFieldsAnswer | null;
}

@ApiSchema({ name: 'ChangedHolder' })
class ChangedHolderAnswer {
  @ApiProperty({ type: String, nullable: true, example: null })
  readonly before!: string | null;

  @ApiProperty({ type: String, nullable: true, example: EXAMPLE_CONTACT_ID })
  readonly after!: string | null;
}

@ApiSchema({ name: 'ChangedBillingEmail' })
@ApiExtraModels(ErasedAnswer)
class ChangedBillingEmailAnswer {
  @ApiPersonalProperty({ nullable: true, example: null })
  readonly before!: Personal | null;

  @ApiPersonalProperty({ nullable: true, example: 'invoices@lefevre.example' })
  readonly after!: Personal | null;
}

/** What an append changed, as a whole: from the book before it to the book after it. */
@ApiSchema({ name: 'BookChanges' })
class BookChangesAnswer {
  @ApiProperty({ type: [ChangedContactAnswer] })
  readonly contacts!: readonly ChangedContactAnswer[];

  @ApiPropertyOptional({ type: ChangedHolderAnswer, description: 'There when it moved' })
  readonly primary?: ChangedHolderAnswer;

  @ApiPropertyOptional({ type: ChangedHolderAnswer, description: 'There when it moved' })
  readonly billingDefault?: ChangedHolderAnswer;

  @ApiPropertyOptional({ type: ChangedBillingEmailAnswer, description: 'There when it changed' })
  readonly billingEmail?: ChangedBillingEmailAnswer;
}

@ApiSchema({ name: 'Actor' })
class ActorAnswer implements Actor {
  @ApiProperty({ enum: ['user', 'service'], example: 'user' })
  readonly kind!: Actor['kind'];

  @ApiProperty({ type: String, example: 'user-31' })
  readonly id!: string;

  @ApiPropertyOptional({ type: String, example: 'admin', description: 'A person’s role, as it was then' })
  readonly role?: string;
}

@ApiSchema({ name: 'HistoryEntry' })
@ApiExtraModels(ErasedAnswer)
class HistoryEntryAnswer {
  @ApiProperty({ type: 'integer', minimum: 0, example: 6, description: 'Of its first event' })
  readonly firstRevision!: Revision;

  @ApiProperty({ type: 'integer', minimum: 0, example: 7, description: 'That the book has after it' })
  readonly revision!: Revision;

  @ApiProperty({
    type: String,
    format: 'date-time',
    example: '2026-11-03T09:14:27.310Z',
    description: 'When the event store recorded it, by its clock',
  })
  readonly at!: string;

  @ApiProperty({ type: ActorAnswer, description: 'Who did it' })
  readonly actor!: ActorAnswer;

  @ApiPersonalProperty({
    nullable: true,
    example: 'She took over from Paul',
    description: 'Why, if it was said',
  })
  readonly reason!: Personal | null;

  @ApiProperty({ type: String, example: '3e5b0c1e-8f43-8b0a-9d3c-6f0f2c7f1a55' })
  readonly commandId!: string;

  @ApiProperty({ type: String, example: 'import-2026-11-24.7' })
  readonly correlationId!: string;

  @ApiProperty({ type: BookChangesAnswer })
  readonly changes!: BookChangesAnswer;
}

/** A part of what happened to a client: one entry for each command that changed something. */
@ApiSchema({ name: 'HistoryPage' })
export class HistoryPageAnswer {
  @ApiProperty({ type: 'integer', minimum: -1, example: 7, description: 'Of the newest entry' })
  readonly revision!: Revision;

  @ApiProperty({ type: [HistoryEntryAnswer], description: 'The newest first' })
  readonly entries!: readonly HistoryEntryAnswer[];

  @ApiNextCursor()
  readonly nextCursor!: string | null;
}

export function historyEntryAnswer({
  firstRevision,
  revision,
  recordedAt,
  actor,
  reason,
  commandId,
  correlationId,
  changes,
}: HistoryEntry): HistoryEntryAnswer {
  return {
    firstRevision,
    revision,
    at: recordedAt.toISOString(),
    actor,
    reason: reason ?? null,
    commandId,
    correlationId,
    changes: changesAnswer(changes),
  };
}

function changesAnswer({ contacts, ...more }: BookChanges): BookChangesAnswer {
  return {
    contacts: contacts.map(({ contactId, change, before, after }) => ({
      contactId,
      change,
      before: before && fieldsAnswer(before),
      after: after && fieldsAnswer(after),
    })),
    ...more,
  };
}

function fieldsAnswer({ email, name, title, phone, portalEnabled }: Contact): ContactFieldsAnswer {
  return { email, name, title, phone, portalEnabled };
}
