import type { Revision } from '../event-log/event-store.js';
import { Problem } from './problem.js';

/** The entity tag of a contact book is its revision. */
export function entityTag(revision: Revision): string {
  return `"${revision}"`;
}

/**
 * The revision that an If-Match header insists on; a weak tag counts, since proxies weaken tags. Undefined
 * without the header and for `*`, which any contact book matches. Raises Problem `malformed_request`.
 */
export function expectedRevisionOf(ifMatch: string | undefined): Revision | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined;
  const revision = /^(?:W\/)?"(-1|\d{1,15})"$/.exec(ifMatch.trim())?.[1];
  if (revision === undefined) {
    throw new Problem('malformed_request', {
      detail: 'If-Match must be an entity tag that this service gave',
    });
  }
  return Number(revision);
}
