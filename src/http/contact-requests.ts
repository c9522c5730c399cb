import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsBoolean, IsOptional, IsString, ValidateIf } from 'class-validator';
import { MAX_TEXT_LENGTH } from '../contact-book/contact-text.js';
import { MAX_EMAIL_LENGTH } from '../contact-book/email-address.js';
import { ID_PATTERN } from '../event-log/contact-book-stream.js';
import { IsId } from './is-id.js';
import { MayBeAbsent } from './may-be-absent.js';
import { MaxLength } from './max-length.js';
import { EXAMPLE_CONTACT_ID } from './openapi/examples.js';
import { RowsOf } from './rows-of.js';

/** What a list of contacts may weigh; any other body is far smaller. */
export const MAX_LIST_BYTES = 256 * 1024;

/** More than a client may have, so that it is the contact book which says that there are too many. */
const MAX_ROWS = 1000;

/** Whether a write is only tried. */
export class WriteQuery {
  @ApiPropertyOptional({
    type: Boolean,
    default: false,
    description:
      'Answer what the write would lead to, with its events, and store nothing. The ETag is that of the contact book it was tried on.',
  })
  @MayBeAbsent()
  @Transform(({ value }) => (value === 'true' ? true : value === 'false' ? false : value) as unknown)
  @IsBoolean()
  readonly dryRun: boolean = false;
}

class ContactTextsRequest {
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    maxLength: MAX_TEXT_LENGTH.name,
    example: 'Margaux Lefèvre',
  })
  @IsOptional()
  @IsString()
  @MaxLength(MAX_TEXT_LENGTH.name)
  readonly name?: string | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    maxLength: MAX_TEXT_LENGTH.title,
    example: 'Head of finance',
  })
  @IsOptional()
  @IsString()
  @MaxLength(MAX_TEXT_LENGTH.title)
  readonly title?: string | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    maxLength: MAX_TEXT_LENGTH.phone,
    example: '+33 1 23 45 67 89',
  })
  @IsOptional()
  @IsString()
  @MaxLength(MAX_TEXT_LENGTH.phone)
  readonly phone?: string | null;
}

/** What is absent stays; null and an empty text clear name, title and phone. */
export class ChangeDetailsRequest extends ContactTextsRequest {
  @ApiPropertyOptional({ maxLength: MAX_EMAIL_LENGTH, example: 'margaux@lefevre.example' })
  @MayBeAbsent()
  @IsString()
  @MaxLength(MAX_EMAIL_LENGTH)
  readonly email?: string;
}

class WholeContactRequest extends ContactTextsRequest {
  @ApiProperty({ maxLength: MAX_EMAIL_LENGTH, example: 'margaux@lefevre.example' })
  @IsString()
  @MaxLength(MAX_EMAIL_LENGTH)
  readonly email!: string;

  @ApiPropertyOptional({ type: Boolean, default: false })
  @MayBeAbsent()
  @IsBoolean()
  readonly primary?: boolean;

  @ApiPropertyOptional({ type: Boolean, default: false })
  @MayBeAbsent()
  @IsBoolean()
  readonly billingDefault?: boolean;
}

export class AddContactRequest extends WholeContactRequest {
  @ApiPropertyOptional({
    type: Boolean,
    default: true,
    description: 'Whether the contact may sign in to the portal',
  })
  @MayBeAbsent()
  @IsBoolean()
  readonly portalEnabled?: boolean;
}

/** The whole contact: an absent text is no text, an absent flag is no flag. */
export class ContactRowRequest extends WholeContactRequest {
  @ApiPropertyOptional({
    type: String,
    pattern: ID_PATTERN.source,
    example: EXAMPLE_CONTACT_ID,
    description:
      'A contact of this client. A row without one is the contact with its email, unless another row names that contact; else a new one.',
  })
  @MayBeAbsent()
  @IsId()
  readonly contactId?: string;

  @ApiPropertyOptional({
    type: Boolean,
    description: 'Absent keeps what a contact has; a new one may sign in',
  })
  @MayBeAbsent()
  @IsBoolean()
  readonly portalEnabled?: boolean;
}

/** The contacts as they shall be: whoever is in no row is removed. */
export class ReplaceContactsRequest {
  @ApiProperty({ type: [ContactRowRequest], maxItems: MAX_ROWS })
  @IsArray()
  @ArrayMaxSize(MAX_ROWS)
  @RowsOf(ContactRowRequest)
  readonly contacts!: readonly ContactRowRequest[];

  @ApiPropertyOptional({
    type: Boolean,
    default: false,
    description: 'An empty list, which removes everyone, is refused without it',
  })
  @MayBeAbsent()
  @IsBoolean()
  readonly allowEmpty?: boolean;
}

/** The contact who gets the flag; null leaves the slot vacant. */
export class FlagHolderRequest {
  @ApiProperty({ type: String, nullable: true, pattern: ID_PATTERN.source })
  @MayBeNull()
  @IsId()
  readonly contactId!: string | null;
}

/** The address that invoices go to before every contact; null takes it away. */
export class BillingEmailRequest {
  @ApiProperty({
    type: String,
    nullable: true,
    maxLength: MAX_EMAIL_LENGTH,
    example: 'invoices@lefevre.example',
  })
  @MayBeNull()
  @IsString()
  @MaxLength(MAX_EMAIL_LENGTH)
  readonly email!: string | null;
}

export class PortalAccessRequest {
  @ApiProperty({ type: Boolean, example: false })
  @IsBoolean()
  readonly enabled!: boolean;
}

export class RemoveContactQuery extends WriteQuery {
  @ApiPropertyOptional({
    type: String,
    pattern: ID_PATTERN.source,
    description: 'Who takes the flags of the one removed',
  })
  @IsOptional()
  @IsId()
  readonly successorId?: string;
}

/** Must be there, but may be null. */
function MayBeNull(): PropertyDecorator {
  return ValidateIf((_, value) => value !== null);
}
