import { ApiExtraModels, ApiProperty, ApiPropertyOptional, ApiSchema, getSchemaPath } from '@nestjs/swagger';
import type { ChangedBook } from '../commands/change-contact-book.js';
import { type Effects, effectsBetween, replacementBy } from '../contact-book/effects.js';
import type { ContactBookEvent } from '../contact-book/events.js';
import type { PortalAccess } from '../contact-book/portal-access.js';
import { RouteAnswer, routeAnswer } from './billing-route-answers.js';
import { ContactBookAnswer, contactBookAnswer } from './contact-answers.js';
import { EXAMPLE_CONTACT_ID } from './openapi/examples.js';
import { ErasedAnswer } from './openapi/personal-property.js';

// OpenAPI 3.1 has the type `null`, the types of its version 3.0 don't.
const NULL = { type: 'null' as 'string' };

@ApiSchema({ name: 'ChangedRoute' })
class ChangedRouteAnswer {
  @ApiProperty({
    type: RouteAnswer,
    example: { status: 'unroutable', rule: 'none', email: null, contactId: null, passedOver: [] },
  })
  readonly before!: RouteAnswer;

  @ApiProperty({ type: RouteAnswer })
  readonly after!: RouteAnswer;
}

@ApiSchema({ name: 'Access' })
class AccessAnswer {
  @ApiProperty({ type: Boolean, example: true })
  readonly maySignIn!: boolean;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'margaux@lefevre.example',
    description: 'The address, as addresses are compared; null for someone who is gone, or erased since',
  })
  readonly email!: string | null;

  @ApiProperty({
    type: 'integer',
    minimum: 1,
    example: 1,
    description: 'Links and sessions that were made under a lower one are dead',
  })
  readonly generation!: number;
}

@ApiSchema({ name: 'ChangedAccess' })
@ApiExtraModels(AccessAnswer)
class ChangedAccessAnswer {
  @ApiProperty({ type: String, example: EXAMPLE_CONTACT_ID })
  readonly contactId!: string;

  @ApiProperty({
    oneOf: [{ $ref: getSchemaPath(AccessAnswer) }, NULL],
    example: null,
    description: 'Null for someone who was not in the book',
  })
  readonly before!: AccessAnswer | null;

  @ApiProperty({ type: AccessAnswer })
  readonly after!: AccessAnswer;
}

@ApiSchema({ name: 'Effects' })
class EffectsAnswer {
  @ApiProperty({ type: ChangedRouteAnswer, description: 'Who receives invoices, before and after' })
  readonly billingRoute!: ChangedRouteAnswer;

  @ApiProperty({
    type: [ChangedAccessAnswer],
    description: 'Of each contact whose access to the portal is not what it was',
  })
  readonly portalAccess!: readonly ChangedAccessAnswer[];
}

@ApiSchema({ name: 'Event' })
class EventAnswer {
  @ApiProperty({ type: String, example: 'BillingDefaultChanged' })
  readonly type!: ContactBookEvent['type'];

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: { from: null, to: EXAMPLE_CONTACT_ID },
  })
  readonly data!: object;
}

/** What a write led to. */
@ApiSchema({ name: 'ChangedContactBook' })
@ApiExtraModels(ErasedAnswer)
export class ChangedBookAnswer extends ContactBookAnswer {
  @ApiProperty({ type: EffectsAnswer, description: 'What it did to whom money and access hang on' })
  readonly effects!: EffectsAnswer;

  @ApiPropertyOptional({
    type: [EventAnswer],
    description: 'In the answer to a dry run: what would be stored, in one append',
  })
  readonly events?: readonly EventAnswer[];
}

@ApiSchema({ name: 'AddedContact' })
@ApiExtraModels(ErasedAnswer)
export class AddedContactAnswer extends ChangedBookAnswer {
  @ApiProperty({
    type: String,
    example: EXAMPLE_CONTACT_ID,
    description: 'The contact who was added. It follows from the Idempotency-Key',
  })
  readonly contactId!: string;
}

@ApiSchema({ name: 'ReplacedContacts' })
@ApiExtraModels(ErasedAnswer)
export class ReplacedContactsAnswer extends ChangedBookAnswer {
  @ApiProperty({ type: [String], example: [EXAMPLE_CONTACT_ID] })
  readonly added!: readonly string[];

  @ApiProperty({ type: [String], example: [], description: 'In their fields, flags or portal access' })
  readonly changed!: readonly string[];

  @ApiProperty({ type: [String], example: [] })
  readonly removed!: readonly string[];

  @ApiProperty({ type: [String], example: [] })
  readonly unchanged!: readonly string[];
}

/** The answer to a write, or to a dry run of one. */
export function changedBookAnswer(changed: ChangedBook, isDryRun: boolean): ChangedBookAnswer {
  return {
    ...contactBookAnswer(changed),
    effects: effectsAnswer(effectsBetween(changed.before.book, changed.book)),
    ...(isDryRun && { events: changed.events }),
  };
}

/** The answer to a change of the whole list. */
export function replacedContactsAnswer(changed: ChangedBook, isDryRun: boolean): ReplacedContactsAnswer {
  return {
    ...changedBookAnswer(changed, isDryRun),
    ...replacementBy(changed.events, changed.before.book),
  };
}

function effectsAnswer({ billingRoute, portalAccess }: Effects): EffectsAnswer {
  return {
    billingRoute: { before: routeAnswer(billingRoute.before), after: routeAnswer(billingRoute.after) },
    portalAccess: portalAccess.map(({ contactId, before, after }) => ({
      contactId,
      before: before && accessAnswer(before),
      after: accessAnswer(after),
    })),
  };
}

function accessAnswer({ maySignIn, email, generation }: PortalAccess): AccessAnswer {
  return { maySignIn, email, generation };
}
