import type { Contact } from './contact-book.js';
import { normaliseEmailAddress } from './email-address.js';
import { isErased } from './erased.js';

/** What the client portal needs to know of a contact. */
export interface PortalAccess {
  readonly contactId: string;
  /** The normalised email, by which the portal asks; null once it is erased. */
  readonly email: string | null;
  readonly maySignIn: boolean;
  /** Links and sessions that were made under a lower one are dead. */
  readonly generation: number;
}

/** A contact may sign in when access is on and there is an address to send the magic link to. */
export function portalAccessOf({ contactId, email, portalEnabled, generation }: Contact): PortalAccess {
  const address = isErased(email) ? null : normaliseEmailAddress(email);
  return { contactId, email: address, maySignIn: portalEnabled && address !== null, generation };
}
