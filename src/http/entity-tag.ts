import type { IncomingHttpHeaders } from 'node:http';
import { EMPTY_BOOK } from '../event-log/contact-book-log.js';
import type { Revision } from '../event-log/event-store.js';
import { Problem } from './problem.js';

/** Any entity tag, and a list of them, whose members may be empty: RFC 9110, 8.8.3 and 5.6.1. */
const TAG = '(?:W/)?"[!#-~\\u0080-\\u00ff]*"';
const TAGS = `[ \\t,]*${TAG}(?:[ \\t]*,[ \\t,]*${TAG})*[ \\t,]*`;

/** What If-Match may be. */
export const IF_MATCH_PATTERN = `^(?:[ \\t]*\\*[ \\t]*|${TAGS})$`;

/** The entity tag of a contact book is its revision. */
export function entityTag(revision: Revision): string {
  return `"${revision}"`;
}

/**
 * The revisions that a write insists on, of which the contact book must have one: those that If-Match names (a weak tag
 * counts, since proxies weaken tags; one that this service never gave names none), and that of a book nobody has
 * written to for `If-None-Match: *`. Undefined without either, and for `If-Match: *`, which any contact book matches.
 * Raises Problem `malformed_request`.
 */
export function expectedRevisionsOf({
  'if-match': ifMatch,
  'if-none-match': ifNoneMatch,
}: IncomingHttpHeaders): readonly Revision[] | undefined {
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch.trim() === '*' && ifMatch === undefined) return [EMPTY_BOOK.revision];
    throw new Problem('malformed_request', { detail: 'If-None-Match can only be *, and without If-Match' });
  }
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined;
  if (!new RegExp(IF_MATCH_PATTERN).test(ifMatch)) {
    throw new Problem('malformed_request', { detail: 'If-Match must be *, or entity tags in quotes' });
  }
  return [...ifMatch.matchAll(new RegExp(TAG, 'g'))].flatMap(([tag]) => revisionOf(tag));
}

/** The revision that a tag stands for, in the one form in which it is given; none for any other tag. */
function revisionOf(tag: string): Revision[] {
  const revision = /^(?:W\/)?"(-1|0|[1-9]\d{0,14})"$/.exec(tag)?.[1];
  return revision === undefined ? [] : [Number(revision)];
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
