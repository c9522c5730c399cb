import type { Portal } from './portal.js';

/** A contact with the address that was asked for. */
export interface PortalMatch {
  readonly clientId: string;
  readonly contactId: string;
  readonly maySignIn: boolean;
  readonly generation: number;
}

/** The service's answer to who has an address: all contacts of the workspace, and whether that is certain. */
export interface PortalMatches {
  readonly matches: readonly PortalMatch[];
  readonly complete: boolean;
}

/** Asks the service over REST. Raises where no answer comes. */
export type PortalLookUp = (workspaceId: string, email: string) => Promise<PortalMatches>;

export type SignedIn =
  | {
      readonly status: 'signed_in';
      readonly sessions: readonly { clientId: string; contactId: string; token: string }[];
    }
  | { readonly status: 'refused'; readonly because: 'not_complete' | 'nobody_may' | 'held_back' };

/**
 * Opens a session for each contact that an address may sign in as: one person may be a contact of several clients. To
 * be called by whoever has shown that the address is theirs, by a link that was mailed there. None of a client of whom
 * something is held back on Kafka: what would end the session might not come.
 */
export async function signIn(
  lookUp: PortalLookUp,
  portal: Pick<Portal, 'sessions' | 'holdsBack'>,
  { workspaceId, email }: { readonly workspaceId: string; readonly email: string },
): Promise<SignedIn> {
  const { matches, complete } = await lookUp(workspaceId, email);
  if (!complete) return { status: 'refused', because: 'not_complete' };
  const allowed = matches.filter(({ maySignIn }) => maySignIn);
  if (allowed.length === 0) return { status: 'refused', because: 'nobody_may' };
  const isHeldBack = await Promise.all(
    allowed.map(({ clientId }) => portal.holdsBack(`${workspaceId}/${clientId}`)),
  );
  const known = allowed.filter((_match, index) => !isHeldBack[index]);
  if (known.length === 0) return { status: 'refused', because: 'held_back' };
  const opened = known.map(async ({ clientId, contactId, generation }) => {
    const token = await portal.sessions.open(`${workspaceId}/${clientId}/${contactId}`, generation);
    return { clientId, contactId, token };
  });
  return { status: 'signed_in', sessions: await Promise.all(opened) };
}
