/** What a caller must know before the first request; everything else stands at its operation. */
export const DESCRIPTION = `The contacts of a client: whom a workspace talks to, who receives the client's invoices, and who may
sign in to the client portal.

**Revisions.** Each contact book has a revision. Every answer about one carries it, in the body and as \`ETag\`. A write with
\`If-Match\` happens only at that revision; a read with \`minRevision\` waits until it can see that revision.

**Retries.** A write that was sent with an \`Idempotency-Key\` can be sent again: it happens once, and the retry gets the first
answer, with \`Idempotent-Replayed: true\`.

**Problems.** Whatever is not done is answered with a problem document (RFC 9457); its \`code\` tells programs what it is. 503 means:
try again after \`Retry-After\` seconds.`;

/** The groups that operations belong to. */
export const TAGS: readonly (readonly [name: string, description: string])[] = [
  ['contacts', 'The contact book of one client'],
  ['billing route', "Who receives a client's invoices, and why"],
  ['portal access', 'Who may sign in to the client portal'],
  ['workspace', 'The clients and contacts of a whole workspace'],
];
