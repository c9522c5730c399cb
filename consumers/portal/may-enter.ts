import { heldBackOf } from '../topic/held-back-clients.js';
import { type Freshness, freshnessOfStates, type PartitionProgress } from '../topic/reading-progress.js';
import type { StoredAccess } from './contact-access.js';
import type { Session } from './sessions.js';

/** Why someone is refused who can only sign in anew. */
export type EndedBecause = 'no_session' | 'session_ended' | 'contact_gone' | 'older_generation';
/** Why someone is refused for now: the same session may enter again later. */
export type RefusedFor = 'unknown_contact' | 'access_off' | 'held_back' | Exclude<Freshness, 'current'>;

export type Entry =
  | { readonly mayEnter: true }
  | { readonly mayEnter: false; readonly because: EndedBecause; readonly isOver: true }
  | { readonly mayEnter: false; readonly because: RefusedFor; readonly isOver: false };

/**
 * Whether a session opens the door. Only what is known for certain does: whoever is not known, or of whom something
 * may have happened that is not known, is refused.
 *
 * @param partitions how far each partition was read, as it was before session and contact were looked up
 */
export function entry(
  session: Session | undefined,
  contact: StoredAccess | undefined,
  partitions: readonly PartitionProgress[],
  now: Date,
): Entry {
  if (!session) return over('no_session');
  if (contact?.status === 'gone') return over('contact_gone');
  if (contact && session.generation < contact.generation) return over('older_generation');
  if (session.endedAt) return over('session_ended');
  if (!contact) return forNow('unknown_contact');
  if (!contact.enabled) return forNow('access_off');
  const own = partitions.filter(({ partition }) => partition === contact.partition);
  const state = freshnessOfStates(own[0], now);
  if (state !== 'current') return forNow(state);
  return heldBackOf(clientOf(contact._id), own) ? forNow('held_back') : { mayEnter: true };
}

/** `<workspace>/<client>` of `<workspace>/<client>/<contact>`. */
function clientOf(contact: string): string {
  return contact.slice(0, contact.lastIndexOf('/'));
}

function over(because: EndedBecause): Entry {
  return { mayEnter: false, because, isOver: true };
}

function forNow(because: RefusedFor): Entry {
  return { mayEnter: false, because, isOver: false };
}
