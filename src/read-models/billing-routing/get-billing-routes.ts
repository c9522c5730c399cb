import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { EMPTY_BOOK } from '../../event-log/contact-book-log.js';
import { clientKey } from '../../event-log/contact-book-stream.js';
import { billingRouting, BillingRoutingDocuments } from './billing-routing.js';
import type { ListedBillingRoute } from './list-billing-routes.js';

/** The billing routes of many clients of a workspace, in the order in which they are asked for. */
export class GetBillingRoutes extends Query<readonly ListedBillingRoute[]> {
  constructor(
    readonly workspaceId: string,
    readonly clientIds: readonly string[],
  ) {
    super();
  }
}

@QueryHandler(GetBillingRoutes)
export class GetBillingRoutesHandler implements IQueryHandler<GetBillingRoutes> {
  constructor(private readonly billingRouting: BillingRoutingDocuments) {}

  async execute({ workspaceId, clientIds }: GetBillingRoutes): Promise<readonly ListedBillingRoute[]> {
    const keys = clientIds.map((clientId) => clientKey({ workspaceId, clientId }));
    const found = await this.billingRouting.read(({ documents }) =>
      documents.find({ _id: { $in: keys } }).toArray(),
    );
    const byClient = new Map(found.map((document) => [document.clientId, document]));
    return clientIds.map((clientId) => {
      const { revision, view } = byClient.get(clientId) ?? NEVER_WRITTEN_TO;
      return { clientId, revision, ...view };
    });
  }
}

const NEVER_WRITTEN_TO = { revision: EMPTY_BOOK.revision, view: billingRouting.initial };
