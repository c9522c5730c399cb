import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { ClientRef } from '../../event-log/contact-book-stream.js';
import { type PointOfRead, ReadModelReader, type ReadOfClient } from '../read-model-reader.js';
import type { BillingRouting } from './billing-routing.js';

/** A client's billing route at a point. */
export class GetBillingRoute extends Query<ReadOfClient<BillingRouting>> {
  constructor(
    readonly client: ClientRef,
    readonly point: PointOfRead = {},
  ) {
    super();
  }
}

/** The reader of the billing-routing read model. */
export class BillingRoutingReader extends ReadModelReader<BillingRouting> {}

@QueryHandler(GetBillingRoute)
export class GetBillingRouteHandler implements IQueryHandler<GetBillingRoute> {
  constructor(private readonly reader: BillingRoutingReader) {}

  execute({ client, point }: GetBillingRoute): Promise<ReadOfClient<BillingRouting>> {
    return this.reader.read(client, point);
  }
}
