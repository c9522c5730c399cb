import { ApiExtraModels, ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { Revision } from '../../event-log/event-store.js';
import type { ReadOfClient } from '../../read-models/read-model-reader.js';
import { ContactAnswer, contactAnswer, ContactBookAnswer, contactBookAnswer } from '../contact-answers.js';
import { ErasedAnswer } from '../openapi/personal-property.js';
import { Problem } from '../problem.js';
import { ApiIsHeldBack, ApiSource, type Source } from './source.js';

@ApiSchema({ name: 'ContactBookRead' })
@ApiExtraModels(ErasedAnswer)
export class ContactBookRead extends ContactBookAnswer {
  @ApiSource()
  readonly source!: Source;

  @ApiIsHeldBack()
  readonly heldBack?: true;
}

@ApiSchema({ name: 'ContactRead' })
@ApiExtraModels(ErasedAnswer)
export class ContactRead extends ContactAnswer {
  @ApiProperty({ type: 'integer', minimum: 0, example: 7, description: 'Of the contact book' })
  readonly revision!: Revision;

  @ApiSource()
  readonly source!: Source;

  @ApiIsHeldBack()
  readonly heldBack?: true;
}

export function contactBookRead(read: ReadOfClient<object>): ContactBookRead {
  return { ...contactBookAnswer(read), source: read.source, ...(read.heldBack && { heldBack: true }) };
}

/** Raises Problem `contact_not_found`. */
export function contactRead(
  { book, revision, source, heldBack }: ReadOfClient<object>,
  contactId: string,
): ContactRead {
  const contact = book.contacts.get(contactId);
  if (!contact) throw new Problem('contact_not_found', { contactId });
  return { ...contactAnswer(contact, book), revision, source, ...(heldBack && { heldBack }) };
}
