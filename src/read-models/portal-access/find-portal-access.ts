import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { normaliseEmailAddress } from '../../contact-book/email-address.js';
import { COMPLETENESS, type Completeness } from '../completeness.js';
import { type ClientPortalAccess, PortalAccessDocuments } from './portal-access.js';

/** A contact with the address that was asked for. */
export interface PortalMatch {
  readonly clientId: string;
  readonly contactId: string;
  readonly maySignIn: boolean;
  /** Links and sessions that were made under a lower one are dead. */
  readonly generation: number;
}

export interface PortalMatches {
  /** By client id and contact id. */
  readonly matches: readonly PortalMatch[];
  /**
   * Whether the matches are those of everything that the log held when the question came. Where not, someone may be
   * missing, or be there who must not sign in any more: the portal must refuse.
   */
  readonly complete: boolean;
}

/** All contacts of a workspace with an address, which is a cleaned one. */
export class FindPortalAccess extends Query<PortalMatches> {
  constructor(
    readonly workspaceId: string,
    readonly email: string,
  ) {
    super();
  }
}

@QueryHandler(FindPortalAccess)
export class FindPortalAccessHandler implements IQueryHandler<FindPortalAccess> {
  constructor(
    private readonly portalAccess: PortalAccessDocuments,
    @Inject(COMPLETENESS) private readonly completeness: Completeness,
  ) {}

  execute({ workspaceId, email }: FindPortalAccess): Promise<PortalMatches> {
    const address = normaliseEmailAddress(email);
    return this.portalAccess.read(async ({ documents, subscriber }) => {
      // First: what comes in after it may be shown too, but nothing that was there before it may be missing.
      const complete = await this.completeness.isComplete(subscriber, workspaceId);
      const found = await documents
        .find({ workspaceId, 'view.contacts.email': address })
        .project<Found>({ clientId: 1, 'view.contacts': 1 })
        .sort({ clientId: 1 })
        .toArray();
      return { matches: found.flatMap((document) => matchesIn(document, address)), complete };
    });
  }
}

interface Found {
  readonly clientId: string;
  readonly view: ClientPortalAccess;
}

function matchesIn({ clientId, view }: Found, address: string): PortalMatch[] {
  return view.contacts
    .filter(({ email }) => email === address)
    .toSorted((a, b) => (a.contactId < b.contactId ? -1 : 1))
    .map(({ contactId, maySignIn, generation }) => ({ clientId, contactId, maySignIn, generation }));
}
