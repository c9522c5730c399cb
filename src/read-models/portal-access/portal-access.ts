import { type PortalAccess, portalAccessOf } from '../../contact-book/portal-access.js';
import type { ReadModel } from '../read-model.js';
import { ServedDocuments } from '../served-documents.js';

/** Who of a client's contacts may sign in to the client portal. */
export interface ClientPortalAccess {
  readonly contacts: readonly PortalAccess[];
}

/** The look-up by address is a multikey index over the clients' documents: there is no document a contact. */
export const portalAccess: ReadModel<ClientPortalAccess> = {
  name: 'portal_access',
  version: 1,
  indexes: [{ key: { workspaceId: 1, 'view.contacts.email': 1, clientId: 1 } }],
  initial: { contacts: [] },
  fold: (_, appends) => ({ contacts: [...appends.at(-1)!.after.contacts.values()].map(portalAccessOf) }),
};

/** Where its documents are read. */
export class PortalAccessDocuments extends ServedDocuments<ClientPortalAccess> {}
