import { ApiExtraModels, ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { Contact, ContactBook } from '../contact-book/contact-book.js';
import type { Personal } from '../contact-book/erased.js';
import { type Warning, type WarningCode, warningsOf } from '../contact-book/warnings.js';
import type { BookAtRevision } from '../event-log/contact-book-log.js';
import type { Revision } from '../event-log/event-store.js';
import { EXAMPLE_CONTACT_ID } from './openapi/examples.js';
import { ApiPersonalProperty, ErasedAnswer } from './openapi/personal-property.js';

@ApiSchema({ name: 'Contact' })
@ApiExtraModels(ErasedAnswer)
export class ContactAnswer {
  @ApiProperty({ type: String, example: EXAMPLE_CONTACT_ID })
  readonly contactId!: string;

  @ApiPersonalProperty({ example: 'margaux@lefevre.example' })
  readonly email!: Personal;

  @ApiPersonalProperty({ nullable: true, example: 'Margaux Lefèvre' })
  readonly name!: Personal | null;

  @ApiPersonalProperty({ nullable: true, example: 'Head of finance' })
  readonly title!: Personal | null;

  @ApiPersonalProperty({ nullable: true, example: '+33 1 23 45 67 89' })
  readonly phone!: Personal | null;

  @ApiProperty({ type: Boolean, example: true, description: 'The main point of contact; at most one' })
  readonly primary!: boolean;

  @ApiProperty({ type: Boolean, example: false, description: 'Whom invoices go to by default; at most one' })
  readonly billingDefault!: boolean;

  @ApiProperty({ type: Boolean, example: true, description: 'Whether they may sign in to the portal' })
  readonly portalEnabled!: boolean;
}

export const WARNING_CODES: readonly WarningCode[] = [
  'no_primary',
  'no_billing_default',
  'unroutable',
  'billing_email_cannot_sign_in',
];

/** What is allowed but likely to be regretted. */
@ApiSchema({ name: 'Warning' })
export class WarningAnswer implements Warning {
  @ApiProperty({ enum: WARNING_CODES, example: 'no_billing_default' })
  readonly code!: WarningCode;
}

@ApiSchema({ name: 'ContactBook' })
@ApiExtraModels(ErasedAnswer)
export class ContactBookAnswer {
  @ApiProperty({ type: 'integer', minimum: -1, example: 7, description: '-1: nobody has ever written to it' })
  readonly revision!: Revision;

  @ApiProperty({ type: [ContactAnswer], description: 'In the order in which they were added' })
  readonly contacts!: readonly ContactAnswer[];

  @ApiPersonalProperty({
    nullable: true,
    example: null,
    description: 'When set, invoices go there and not to a contact',
  })
  readonly billingEmail!: Personal | null;

  @ApiProperty({ type: [WarningAnswer], description: 'What is allowed but likely to be regretted' })
  readonly warnings!: readonly WarningAnswer[];
}

/** A contact book as the API shows it, with what is likely to be regretted. */
export function contactBookAnswer({ book, revision }: BookAtRevision): ContactBookAnswer {
  return {
    revision,
    contacts: [...book.contacts.values()].map((contact) => contactAnswer(contact, book)),
    billingEmail: book.billingEmail,
    warnings: warningsOf(book),
  };
}

/** A contact as the API shows it, with the flags that it holds. */
export function contactAnswer(
  { contactId, email, name, title, phone, portalEnabled }: Contact,
  flags: Pick<ContactBook, 'primary' | 'billingDefault'>,
): ContactAnswer {
  return {
    contactId,
    email,
    name,
    title,
    phone,
    primary: flags.primary === contactId,
    billingDefault: flags.billingDefault === contactId,
    portalEnabled,
  };
}
