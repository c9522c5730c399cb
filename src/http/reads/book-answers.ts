import { ApiExtraModels, ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { Revision } from '../../event-log/event-store.js';
import type { BillingRouting } from '../../read-models/billing-routing/billing-routing.js';
import type { ReadOfClient } from '../../read-models/read-model-reader.js';
import { RouteAnswer, routeAnswer } from '../billing-route-answers.js';
import { ContactBookAnswer, contactBookAnswer } from '../contact-answers.js';
import { ErasedAnswer } from '../openapi/personal-property.js';
import { ApiSource, type Source } from './source.js';

@ApiSchema({ name: 'ContactBookRead' })
@ApiExtraModels(ErasedAnswer)
export class ContactBookRead extends ContactBookAnswer {
  @ApiSource()
  readonly source!: Source;
}

@ApiSchema({ name: 'BillingRoute' })
export class BillingRouteAnswer extends RouteAnswer {
  @ApiProperty({ type: 'integer', minimum: -1, example: 7 })
  readonly revision!: Revision;

  @ApiSource()
  readonly source!: Source;
}

export function contactBookRead(read: ReadOfClient<object>): ContactBookRead {
  return { ...contactBookAnswer(read), source: read.source };
}

export function billingRouteAnswer({
  view,
  revision,
  source,
}: ReadOfClient<BillingRouting>): BillingRouteAnswer {
  return { ...routeAnswer(view.route), revision, source };
}
