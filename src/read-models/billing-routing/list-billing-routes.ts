import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { BillingRoute } from '../../contact-book/billing-route.js';
import type { WarningCode } from '../../contact-book/warnings.js';
import type { Revision } from '../../event-log/event-store.js';
import { type PageCursor, pageOf, requireVersion, type WorkspacePage } from '../workspace-page.js';
import { HELD_BACK_CLIENTS, type HeldBackClients } from '../held-back.js';
import { type BillingRouting, BillingRoutingDocuments } from './billing-routing.js';

export interface ListedBillingRoute extends BillingRouting {
  readonly clientId: string;
  readonly revision: Revision;
}

/** Which routes are listed: those that fit all of it. */
export interface BillingRouteCriteria {
  /** `unroutable`: the clients whose invoices reach nobody. */
  readonly status?: BillingRoute['status'] | undefined;
  readonly warning?: WarningCode | undefined;
}

/**
 * A page of a workspace's billing routes that fit, by client id. Clients whom nobody has ever written to are not
 * listed. Raises CursorOutdated.
 */
export class ListBillingRoutes extends Query<WorkspacePage<ListedBillingRoute>> {
  constructor(
    readonly workspaceId: string,
    readonly criteria: BillingRouteCriteria,
    readonly limit: number,
    readonly after?: PageCursor,
  ) {
    super();
  }
}

@QueryHandler(ListBillingRoutes)
export class ListBillingRoutesHandler implements IQueryHandler<ListBillingRoutes> {
  constructor(
    private readonly billingRouting: BillingRoutingDocuments,
    @Inject(HELD_BACK_CLIENTS) private readonly heldBackClients: HeldBackClients,
  ) {}

  execute({
    workspaceId,
    criteria: { status, warning },
    limit,
    after,
  }: ListBillingRoutes): Promise<WorkspacePage<ListedBillingRoute>> {
    return this.billingRouting.read(async ({ documents, version, subscriber }) => {
      requireVersion(after, version);
      const heldBack = await this.heldBackClients.of(subscriber, workspaceId);
      const found = await documents
        .find({
          workspaceId,
          ...(status && { 'view.route.status': status }),
          ...(warning && { 'view.warnings': warning }),
          ...(after && { clientId: { $gt: after.clientId } }),
        })
        .project<ListedDocument>({ clientId: 1, revision: 1, view: 1 })
        .sort({ clientId: 1 })
        .limit(limit + 1)
        .toArray();
      const routes = found.map(({ clientId, revision, view }) => ({ clientId, revision, ...view }));
      return pageOf(routes, limit, version, heldBack);
    });
  }
}

type ListedDocument = Pick<ListedBillingRoute, 'clientId' | 'revision'> & { readonly view: BillingRouting };
