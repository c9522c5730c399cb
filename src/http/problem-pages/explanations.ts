import type { ProblemCode } from '../problem.js';

/** What stands on the page of a problem, beside its status and title. */
export interface Explanation {
  /** When it is answered. */
  readonly when: string;
  /** What the caller does about it. */
  readonly remedy: string;
  /** Whether the very same request may be sent again: never, after `Retry-After`, or after reading the book. */
  readonly retry: 'no' | 'after Retry-After' | 'at once' | 'after reading the contact book';
  /** Members that this problem adds to its document, as they may look. */
  readonly example?: Readonly<Record<string, unknown>>;
}

const CONTACT = 'f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e';

/** One explanation a problem of the catalogue; the pages under /problems and the OpenAPI document show them. */
export const explanations: Readonly<Record<ProblemCode, Explanation>> = {
  malformed_request: {
    when: 'The body is no JSON or no UTF-8, is nested too deep, a header came twice that may come once or has not the form it must have, or the address can not be decoded.',
    remedy: 'Mend the request; `detail` says where it is known what is wrong.',
    retry: 'no',
    example: { detail: 'The body is no JSON' },
  },
  invalid_id: {
    when: 'An id in the path is not 1 to 64 letters, digits, hyphens or underscores.',
    remedy: 'Look at the `parameter` that is named: often a name or an address stands where an id belongs.',
    retry: 'no',
    example: { parameter: 'contactId' },
  },
  unauthenticated: {
    when: 'There is no bearer token, it has expired, or its signature, issuer or audience is not the one asked for.',
    remedy: 'Get a new token from the identity provider.',
    retry: 'no',
  },
  forbidden: {
    when: "The token is good, but a person's role in this workspace, or a service's scope, does not allow this. It is answered whether what is asked for exists or not.",
    remedy: 'Ask an owner of the workspace for the role, or the operator for the scope.',
    retry: 'no',
  },
  portal_access_denied: {
    when: 'The installation leaves portal access to owners and admins, and a manager or a service tried to change it.',
    remedy: 'Ask an owner or an admin.',
    retry: 'no',
  },
  not_found: {
    when: 'No route has this address.',
    remedy: 'Compare the address with the documentation at /docs.',
    retry: 'no',
  },
  contact_not_found: {
    when: "The client has no contact with this id: it was removed, or it is another client's.",
    remedy: 'Read the contact book and take the id from there.',
    retry: 'no',
    example: { contactId: CONTACT },
  },
  revision_not_reached: {
    when: 'The contact book is asked for as of a `revision`, or at a `minRevision` or later, and has not come to it. After a restore from a backup the revisions that came behind it are gone.',
    remedy:
      'Ask for a revision up to the one that `revision` names. Who got the other one from a write reads the contact book: the write is lost.',
    retry: 'no',
    example: { revision: 7 },
  },
  method_not_allowed: {
    when: 'The address is served, but not with this method.',
    remedy: 'Take one of the methods in the header `Allow`.',
    retry: 'no',
  },
  request_timeout: {
    when: 'The head or the body of the request came too slowly, or a connection was opened and nothing sent.',
    remedy: 'Send it again on a new connection, without pauses. Nothing of it was done.',
    retry: 'at once',
  },
  duplicate_email: {
    when: 'Another contact of the same client has this email. Letter case, surrounding spaces and the form of an international domain make no difference.',
    remedy: 'Change the contact that `contactId` names, or remove it first.',
    retry: 'no',
    example: { contactId: CONTACT },
  },
  concurrent_changes: {
    when: 'Others kept changing this contact book for so long that the command found no gap.',
    remedy: 'Send it again, with the same Idempotency-Key.',
    retry: 'at once',
  },
  idempotency_key_reused: {
    when: 'The same caller sent another request for this client with this Idempotency-Key before, and it is among the last 500 commands of the client.',
    remedy: 'Take a new key for a new request; the same key only for the same request.',
    retry: 'no',
  },
  idempotency_key_spent: {
    when: 'The same caller added the contact that `contactId` names with this Idempotency-Key, more commands of this client ago than it remembers (the last 500). Nothing was changed. Where another rule forbids the command too, such as an email that is still in use, that may be told instead.',
    remedy:
      'Read the contact book to see whether what the first request did still holds. Take a new key for whatever is to be added now.',
    retry: 'no',
    example: { contactId: CONTACT },
  },
  cursor_outdated: {
    when: 'Another version of the read model serves than gave the page that the cursor came with; the list may differ in it.',
    remedy: 'Begin again without a cursor.',
    retry: 'no',
  },
  revision_mismatch: {
    when: 'The request insists on a revision by `If-Match` or `If-None-Match`, and the contact book has another: somebody changed it.',
    remedy: 'Read the contact book, decide again, and send the command with the new entity tag.',
    retry: 'after reading the contact book',
    example: { revision: 7 },
  },
  payload_too_large: {
    when: 'The body is larger than the route takes.',
    remedy: 'Send less at once.',
    retry: 'no',
  },
  uri_too_long: {
    when: 'The address, with its query, is longer than 4,096 characters.',
    remedy: 'Send less in the query.',
    retry: 'no',
  },
  unsupported_media_type: {
    when: 'The body is not JSON, has another charset than UTF-8, or is compressed.',
    remedy: 'Send `Content-Type: application/json` and the body as it is.',
    retry: 'no',
  },
  validation_failed: {
    when: 'Fields of the body or parameters of the query are missing, unknown, of another type, or out of their bounds. Nothing was changed.',
    remedy: '`errors` lists every fault that was found: where it is, and why it is one.',
    retry: 'no',
    example: { errors: [{ pointer: '/email', detail: 'invalid_email' }] },
  },
  idempotency_key_required: {
    when: 'A POST that writes came without an `Idempotency-Key`. Nothing was changed.',
    remedy:
      'Send the header with a value of your own, such as a UUID, and the same value when you send this request again: then it happens once. A dry run needs none.',
    retry: 'no',
  },
  invalid_cursor: {
    when: 'The cursor is not one that this list gave: it was changed on its way, or came with another list.',
    remedy:
      'Send the cursor as it came, to the list that it came with; or begin again without one. What else is asked for is not held against it: send the same, or the pages do not fit together.',
    retry: 'no',
  },
  too_many_contacts: {
    when: 'The client has as many contacts as it may have.',
    remedy: 'Remove contacts that are no longer needed.',
    retry: 'no',
    example: { max: 200 },
  },
  conflicting_rows: {
    when: 'Rows of one list claim what only one may have: a contact id, an email, the primary flag, or the billing default. Nothing was changed.',
    remedy:
      'Change the rows until one has the `field`; `rows` names them, and counts from 0 as a JSON pointer does.',
    retry: 'no',
    example: { field: 'primary', rows: [0, 2] },
  },
  precondition_required: {
    when: 'The whole list of contacts is to be replaced, and the request does not say which revision its sender has seen. Others may have added contacts since, whom it would remove.',
    remedy:
      'Read the contacts, make the list from them, and send their `ETag` as `If-Match` (`*` does not count); for a client nobody has written to, `If-None-Match: *`.',
    retry: 'no',
  },
  rate_limited: {
    when: 'A caller made more requests in a window than one may, or one address made too many without being let in. It is counted by process.',
    remedy: 'Wait for `Retry-After`, then send less often. Nothing of it was done.',
    retry: 'after Retry-After',
  },
  headers_too_large: {
    when: 'The head of the request is larger than 16 KiB, or has more headers than may be (100, unless the operator says otherwise).',
    remedy: 'Send fewer or shorter headers; cookies are of no use here.',
    retry: 'no',
  },
  internal_error: {
    when: 'Something happened that nobody foresaw. Whether a command was carried out is not known.',
    remedy:
      'Report the correlation id; the log has the place in the code under it. A command may be sent again with the same Idempotency-Key.',
    retry: 'no',
  },
  personal_data_unreadable: {
    when: 'A key that personal data of this client is encrypted with is missing or wrong: the key store and the event store do not fit together.',
    remedy:
      'The operator compares the backups that both were restored from. The answer stays the same until then.',
    retry: 'no',
  },
  dependency_unavailable: {
    when: 'The event store, the database, the key store or the identity provider can not be reached, or no read model serves yet. A command was not carried out.',
    remedy: 'Send it again after `Retry-After`.',
    retry: 'after Retry-After',
  },
  outcome_unknown: {
    when: 'The event store did not answer an append, and could not be asked whether it has it: the command may have been carried out.',
    remedy:
      'Send it again with the same Idempotency-Key, which does it once; without a key, read the contact book first.',
    retry: 'after Retry-After',
  },
  too_busy: {
    when: 'As many requests or commands are under way in this process as it takes. This one was not begun.',
    remedy: 'Send it again after `Retry-After`.',
    retry: 'after Retry-After',
  },
  unknown_event: {
    when: 'The contact book holds an event of a newer build, as happens while a new version is rolled out.',
    remedy: 'Send it again after `Retry-After`: a replica of the newer build answers.',
    retry: 'after Retry-After',
  },
};
