import { ApiExtraModels, ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import type { Personal } from '../../contact-book/erased.js';
import type { BookChanges, Changed, ChangedContact, ChangedFields } from '../../contact-book/book-changes.js';
import type { HistoryEntry } from '../../event-log/contact-book-history.js';
import type { Revision } from '../../event-log/event-store.js';
import type { Actor } from '../../event-log/stored-form.js';
import { EXAMPLE_CONTACT_ID } from '../openapi/examples.js';
import { ApiPersonalProperty, ErasedAnswer } from '../openapi/personal-property.js';
import { ApiNextCursor } from './page.js';

@ApiSchema({ name: 'ChangedText' })
@ApiExtraModels(ErasedAnswer)
class ChangedTextAnswer implements Changed<Personal | null> {
  @ApiPersonalProperty({ nullable: true, example: null })
  readonly before!: Personal | null;

  @ApiPersonalProperty({ nullable: true, example: 'Margaux Lefèvre' })
  readonly after!: Personal | null;
}

@ApiSchema({ name: 'ChangedSwitch' })
class ChangedSwitchAnswer implements Changed<boolean | null> {
  @ApiProperty({ type: Boolean, nullable: true, example: null })
  readonly before!: boolean | null;

  @ApiProperty({ type: Boolean, nullable: true, example: true })
  readonly after!: boolean | null;
}

/** Those that changed. */
@ApiSchema({ name: 'ChangedFields' })
class ChangedFieldsAnswer implements ChangedFields {
  @ApiPropertyOptional({
    type: ChangedTextAnswer,
    example: { before: 'margaux@lefevre.example', after: 'm.lefevre@lefevre.example' },
  })
  readonly email?: ChangedTextAnswer;

  @ApiPropertyOptional({ type: ChangedTextAnswer })
  readonly name?: ChangedTextAnswer;

  @ApiPropertyOptional({ type: ChangedTextAnswer, example: { before: 'Buyer', after: 'Head of finance' } })
  readonly title?: ChangedTextAnswer;

  @ApiPropertyOptional({ type: ChangedTextAnswer, example: { before: null, after: '+33 1 23 45 67 89' } })
  readonly phone?: ChangedTextAnswer;

  @ApiPropertyOptional({ type: ChangedSwitchAnswer, example: { before: true, after: false } })
  readonly portalEnabled?: ChangedSwitchAnswer;
}

@ApiSchema({ name: 'ChangedContact' })
class ChangedContactAnswer implements ChangedContact {
  @ApiProperty({ type: String, example: EXAMPLE_CONTACT_ID })
  readonly contactId!: string;

  @ApiProperty({
    enum: ['added', 'changed', 'removed', 'erased'],
    example: 'changed',
    description: 'Of someone who was erased nothing is told but the id',
  })
  readonly change!: ChangedContact['change'];

  @ApiProperty({
    type: ChangedFieldsAnswer,
    description:
      'Those that changed; `before` is null for someone who was added, `after` for someone who was removed',
  })
  readonly fields!: ChangedFieldsAnswer;
}

@ApiSchema({ name: 'ChangedHolder' })
class ChangedHolderAnswer {
  @ApiProperty({ type: String, nullable: true, example: null })
  readonly before!: string | null;

  @ApiProperty({ type: String, nullable: true, example: EXAMPLE_CONTACT_ID })
  readonly after!: string | null;
}

/** What an append changed, as a whole: from the book before it to the book after it. */
@ApiSchema({ name: 'BookChanges' })
class BookChangesAnswer implements BookChanges {
  @ApiProperty({ type: [ChangedContactAnswer] })
  readonly contacts!: readonly ChangedContactAnswer[];

  @ApiPropertyOptional({ type: ChangedHolderAnswer, description: 'There when it moved' })
  readonly primary?: ChangedHolderAnswer;

  @ApiPropertyOptional({ type: ChangedHolderAnswer, description: 'There when it moved' })
  readonly billingDefault?: ChangedHolderAnswer;

  @ApiPropertyOptional({
    type: ChangedTextAnswer,
    description: 'There when it changed',
    example: { before: null, after: 'invoices@lefevre.example' },
  })
  readonly billingEmail?: ChangedTextAnswer;
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
    changes,
  };
}
