import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { ClientRef } from '../../event-log/contact-book-stream.js';
import type { Revision } from '../../event-log/event-store.js';
import { ReadModelReader, type ReadOfClient } from '../read-model-reader.js';
import type { BillingRouting } from './billing-routing.js';

/** A client's billing route, at `minRevision` or later. */
export class GetBillingRoute extends Query<ReadOfClient<BillingRouting>> {
  constructor(
    readonly client: ClientRef,
    readonly minRevision?: Revision,
  ) {
    super();
  }
}

/** The reader of the billing-routing read model. */
export class BillingRoutingReader extends ReadModelReader<BillingRouting> {}

@QueryHandler(GetBillingRoute)
export class GetBillingRouteHandler implements IQueryHandler<GetBillingRoute> {
  constructor(private readonly reader: BillingRoutingReader) {}

  execute({ client, minRevision }: GetBillingRoute): Promise<ReadOfClient<BillingRouting>> {
    return this.reader.read(client, minRevision);
  }
}
