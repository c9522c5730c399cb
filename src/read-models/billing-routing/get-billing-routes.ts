import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { EMPTY_BOOK } from '../../event-log/contact-book-log.js';
import { clientKey } from '../../event-log/contact-book-stream.js';
import { HELD_BACK_CLIENTS, type HeldBackClients } from '../held-back.js';
import { billingRouting, BillingRoutingDocuments } from './billing-routing.js';
import type { ListedBillingRoute } from './list-billing-routes.js';

export interface BillingRoutes {
  /** In the order in which the clients are asked for. */
  readonly routes: readonly ListedBillingRoute[];
  /** Those of them whose route is of an earlier revision: see `HeldBackClients`. */
  readonly heldBack: readonly string[];
}

/** The billing routes of many clients of a workspace. */
export class GetBillingRoutes extends Query<BillingRoutes> {
  constructor(
    readonly workspaceId: string,
    readonly clientIds: readonly string[],
  ) {
    super();
  }
}

@QueryHandler(GetBillingRoutes)
export class GetBillingRoutesHandler implements IQueryHandler<GetBillingRoutes> {
  constructor(
    private readonly billingRouting: BillingRoutingDocuments,
    @Inject(HELD_BACK_CLIENTS) private readonly heldBackClients: HeldBackClients,
  ) {}

  execute({ workspaceId, clientIds }: GetBillingRoutes): Promise<BillingRoutes> {
    const keys = clientIds.map((clientId) => clientKey({ workspaceId, clientId }));
    return this.billingRouting.read(async ({ documents, subscriber }) => {
      const heldBack = await this.heldBackClients.of(subscriber, workspaceId);
      const found = await documents.find({ _id: { $in: keys } }).toArray();
      const byClient = new Map(found.map((document) => [document.clientId, document]));
      const routes = clientIds.map((clientId) => {
        const { revision, view } = byClient.get(clientId) ?? NEVER_WRITTEN_TO;
        return { clientId, revision, ...view };
      });
      return { routes, heldBack: heldBack.filter((clientId) => clientIds.includes(clientId)) };
    });
  }
}

const NEVER_WRITTEN_TO = { revision: EMPTY_BOOK.revision, view: billingRouting.initial };
