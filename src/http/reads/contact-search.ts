import { ApiExtraModels, ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { IsBoolean, IsString } from 'class-validator';
import { MAX_TEXT_LENGTH } from '../../contact-book/contact-text.js';
import { MAX_EMAIL_LENGTH } from '../../contact-book/email-address.js';
import type { Revision } from '../../event-log/event-store.js';
import type { ContactCriteria, FoundContact } from '../../read-models/contacts/search-contacts.js';
import { ContactAnswer, contactAnswer } from '../contact-answers.js';
import { ErasedAnswer } from '../openapi/personal-property.js';
import { MayBeAbsent } from '../may-be-absent.js';
import { MaxLength } from '../max-length.js';
import { ApiHeldBack, ApiNextCursor, PageQuery } from './page.js';

/** What a contact must fit, all of it; nothing fits everyone. */
export class ContactSearchRequest extends PageQuery implements ContactCriteria {
  @ApiPropertyOptional({
    type: String,
    maxLength: MAX_EMAIL_LENGTH,
    example: 'margaux@lefevre',
    description: 'How the address begins, or its domain; in any case',
  })
  @MayBeAbsent()
  @IsString()
  @MaxLength(MAX_EMAIL_LENGTH)
  readonly email?: string;

  @ApiPropertyOptional({
    type: String,
    maxLength: MAX_TEXT_LENGTH.name,
    example: 'marg lef',
    description: 'How words of the name begin, in any order and case',
  })
  @MayBeAbsent()
  @IsString()
  @MaxLength(MAX_TEXT_LENGTH.name)
  readonly name?: string;

  @ApiPropertyOptional({
    type: String,
    maxLength: MAX_TEXT_LENGTH.title,
    example: 'finance',
    description: 'As `name` is searched',
  })
  @MayBeAbsent()
  @IsString()
  @MaxLength(MAX_TEXT_LENGTH.title)
  readonly title?: string;

  @ApiPropertyOptional({ type: Boolean, example: true })
  @MayBeAbsent()
  @IsBoolean()
  readonly primary?: boolean;

  @ApiPropertyOptional({ type: Boolean })
  @MayBeAbsent()
  @IsBoolean()
  readonly billingDefault?: boolean;

  @ApiPropertyOptional({ type: Boolean })
  @MayBeAbsent()
  @IsBoolean()
  readonly portalEnabled?: boolean;
}

@ApiSchema({ name: 'FoundContact' })
@ApiExtraModels(ErasedAnswer)
export class FoundContactAnswer extends ContactAnswer {
  @ApiProperty({ type: String, example: 'brasserie-lefevre' })
  readonly clientId!: string;

  @ApiProperty({ type: 'integer', minimum: 0, example: 7, description: 'Of the client’s contact book' })
  readonly revision!: Revision;
}

@ApiSchema({ name: 'ContactsPage' })
export class ContactsPage {
  @ApiProperty({ type: [FoundContactAnswer], description: 'By client id and contact id' })
  readonly contacts!: readonly FoundContactAnswer[];

  @ApiNextCursor()
  readonly nextCursor!: string | null;

  @ApiHeldBack()
  readonly heldBack!: readonly string[];
}

export function foundContactAnswer({
  clientId,
  revision,
  contact,
  primary,
  billingDefault,
}: FoundContact): FoundContactAnswer {
  const { contactId } = contact;
  const flags = { primary: primary ? contactId : null, billingDefault: billingDefault ? contactId : null };
  return { clientId, revision, ...contactAnswer(contact, flags) };
}
