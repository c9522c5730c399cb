import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsDefined, IsOptional, IsString, Matches, ValidateIf } from 'class-validator';
import { ID_PATTERN } from '../event-log/contact-book-stream.js';
import { MayBeAbsent } from './may-be-absent.js';
import { MaxLength } from './max-length.js';

const MAX_EMAIL_LENGTH = 254;
const unlessNull = (_: object, value: unknown) => value !== null;

export class AddContactRequest {
  @ApiProperty({ maxLength: MAX_EMAIL_LENGTH, example: 'margaux@lefevre.example' })
  @IsString()
  @MaxLength(MAX_EMAIL_LENGTH)
  readonly email!: string;

  @ApiPropertyOptional({ type: String, nullable: true, maxLength: 200, example: 'Margaux Lefèvre' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  readonly name?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, maxLength: 100, example: 'Head of finance' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  readonly title?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, maxLength: 40, example: '+33 1 23 45 67 89' })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  readonly phone?: string | null;

  @ApiPropertyOptional({
    type: Boolean,
    default: true,
    description: 'Whether the contact may sign in to the portal',
  })
  @MayBeAbsent()
  @IsBoolean()
  readonly portalEnabled?: boolean;

  @ApiPropertyOptional({ type: Boolean, default: false })
  @MayBeAbsent()
  @IsBoolean()
  readonly primary?: boolean;

  @ApiPropertyOptional({ type: Boolean, default: false })
  @MayBeAbsent()
  @IsBoolean()
  readonly billingDefault?: boolean;
}

/** The contact who gets the flag; null leaves the slot vacant. */
export class FlagHolderRequest {
  @ApiProperty({ type: String, nullable: true, pattern: ID_PATTERN.source })
  @IsDefinedOrNull()
  @Matches(ID_PATTERN)
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
  @IsDefinedOrNull()
  @IsString()
  @MaxLength(MAX_EMAIL_LENGTH)
  readonly email!: string | null;
}

export class PortalAccessRequest {
  @ApiProperty({ type: Boolean, example: false })
  @IsBoolean()
  readonly enabled!: boolean;
}

export class RemoveContactQuery {
  @ApiPropertyOptional({
    type: String,
    pattern: ID_PATTERN.source,
    description: 'Who takes the flags of the one removed',
  })
  @IsOptional()
  @Matches(ID_PATTERN)
  readonly successorId?: string;
}

/** Must be there, but may be null. */
function IsDefinedOrNull(): PropertyDecorator {
  const validateUnlessNull = ValidateIf(unlessNull);
  const isDefined = IsDefined();
  return (target, property) => {
    validateUnlessNull(target, property);
    isDefined(target, property);
  };
}
