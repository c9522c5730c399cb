import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Revision } from '../../event-log/event-store.js';
import { type PageCursor, pageOf, requireVersion, type WorkspacePage } from '../workspace-page.js';
import { HELD_BACK_CLIENTS, type HeldBackClients } from '../held-back.js';
import type { ClientSummary } from './client-summary.js';
import { ContactsDocuments } from './contacts.js';

export interface ListedClient extends ClientSummary {
  readonly clientId: string;
  readonly revision: Revision;
  /** When the event store recorded the last change. */
  readonly recordedAt: Date;
}

/** A page of a workspace's clients that were ever written to, by client id. Raises CursorOutdated. */
export class ListClients extends Query<WorkspacePage<ListedClient>> {
  constructor(
    readonly workspaceId: string,
    readonly limit: number,
    readonly after?: PageCursor,
  ) {
    super();
  }
}

@QueryHandler(ListClients)
export class ListClientsHandler implements IQueryHandler<ListClients> {
  constructor(
    private readonly contacts: ContactsDocuments,
    @Inject(HELD_BACK_CLIENTS) private readonly heldBackClients: HeldBackClients,
  ) {}

  execute({ workspaceId, limit, after }: ListClients): Promise<WorkspacePage<ListedClient>> {
    return this.contacts.read(async ({ documents, version, subscriber }) => {
      requireVersion(after, version);
      const heldBack = await this.heldBackClients.of(subscriber, workspaceId);
      const found = await documents
        .find({ workspaceId, ...(after && { clientId: { $gt: after.clientId } }) })
        .project<Listed>({ clientId: 1, revision: 1, recordedAt: 1, 'view.summary': 1 })
        .sort({ clientId: 1 })
        .limit(limit + 1)
        .toArray();
      const clients = found.map(({ clientId, revision, recordedAt, view }) => {
        return { clientId, revision, recordedAt, ...view.summary };
      });
      return pageOf(clients, limit, version, heldBack);
    });
  }
}

type Listed = Pick<ListedClient, 'clientId' | 'revision' | 'recordedAt'> & {
  readonly view: { readonly summary: ClientSummary };
};
