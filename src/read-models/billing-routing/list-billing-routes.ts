import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { WarningCode } from '../../contact-book/warnings.js';
import type { Revision } from '../../event-log/event-store.js';
import { type PageCursor, pageOf, requireVersion, type WorkspacePage } from '../workspace-page.js';
import { type BillingRouting, BillingRoutingDocuments } from './billing-routing.js';

export interface ListedBillingRoute extends BillingRouting {
  readonly clientId: string;
  readonly revision: Revision;
}

/**
 * A page of a workspace's billing routes with a warning, by client id: `unroutable` gives the clients whose invoices
 * reach nobody, `billing_email_cannot_sign_in` those whose route is an address that can't sign in. Clients whom nobody
 * has ever written to are not listed. Raises CursorOutdated.
 */
export class ListBillingRoutes extends Query<WorkspacePage<ListedBillingRoute>> {
  constructor(
    readonly workspaceId: string,
    readonly warning: WarningCode,
    readonly limit: number,
    readonly after?: PageCursor,
  ) {
    super();
  }
}

@QueryHandler(ListBillingRoutes)
export class ListBillingRoutesHandler implements IQueryHandler<ListBillingRoutes> {
  constructor(private readonly billingRouting: BillingRoutingDocuments) {}

  execute({
    workspaceId,
    warning,
    limit,
    after,
  }: ListBillingRoutes): Promise<WorkspacePage<ListedBillingRoute>> {
    return this.billingRouting.read(async ({ documents, version }) => {
      requireVersion(after, version);
      const found = await documents
        .find({
          workspaceId,
          'view.warnings': warning,
          ...(after && { clientId: { $gt: after.clientId } }),
        })
        .project<ListedDocument>({ clientId: 1, revision: 1, view: 1 })
        .sort({ clientId: 1 })
        .limit(limit + 1)
        .toArray();
      const routes = found.map(({ clientId, revision, view }) => ({ clientId, revision, ...view }));
      return pageOf(routes, limit, version);
    });
  }
}

type ListedDocument = Pick<ListedBillingRoute, 'clientId' | 'revision'> & { readonly view: BillingRouting };
