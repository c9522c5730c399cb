import type { IncomingHttpHeaders } from 'node:http';
import { EMPTY_BOOK } from '../event-log/contact-book-log.js';
import type { Revision } from '../event-log/event-store.js';
import { Problem } from './problem.js';

/** The entity tag of a contact book is its revision. */
export function entityTag(revision: Revision): string {
  return `"${revision}"`;
}

/**
 * The revision that a write insists on: the one that If-Match names (a weak tag counts, since proxies weaken tags), and
 * that of a book nobody has written to for `If-None-Match: *`. Undefined without either, and for `If-Match: *`, which
 * any contact book matches. Raises Problem `malformed_request`.
 */
export function expectedRevisionOf({
  'if-match': ifMatch,
  'if-none-match': ifNoneMatch,
}: IncomingHttpHeaders): Revision | undefined {
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch.trim() === '*' && ifMatch === undefined) return EMPTY_BOOK.revision;
    throw new Problem('malformed_request', { detail: 'If-None-Match can only be *, and without If-Match' });
  }
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined;
  const revision = /^(?:W\/)?"(-1|\d{1,15})"$/.exec(ifMatch.trim())?.[1];
  if (revision === undefined) {
    throw new Problem('malformed_request', {
      detail: 'If-Match must be an entity tag that this service gave',
    });
  }
  return Number(revision);
}

/**
 * Whether a reader has the book at this revision already, by `If-None-Match`: weak tags count, as RFC 9110 says, and `*`
 * stands for any book that somebody has written to. What is no tag of ours matches nothing.
 */
export function isKnownTo(
  { 'if-none-match': ifNoneMatch }: IncomingHttpHeaders,
  revision: Revision,
): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return revision > EMPTY_BOOK.revision;
  return ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === entityTag(revision));
}
