/** Every problem that the service answers with: its status and what it means. One catalogue, RFC 9457. */
export const problemCatalogue = {
  malformed_request: { status: 400, title: 'The request could not be read' },
  invalid_id: { status: 400, title: 'An id must be 1 to 64 letters, digits, hyphens or underscores' },
  unauthenticated: { status: 401, title: 'A valid bearer token is required' },
  forbidden: { status: 403, title: 'The caller may not do this in this workspace' },
  portal_access_denied: { status: 403, title: 'Portal access is left to owners and admins' },
  not_found: { status: 404, title: 'There is nothing at this address' },
  contact_not_found: { status: 404, title: 'The client has no such contact' },
  revision_not_reached: { status: 404, title: 'The contact book has not come to this revision' },
  method_not_allowed: { status: 405, title: 'This address does not take this method' },
  request_timeout: { status: 408, title: 'The request did not come in time' },
  duplicate_email: { status: 409, title: 'Another contact of the client has this email' },
  concurrent_changes: { status: 409, title: 'Others kept changing this contact book: try again' },
  idempotency_key_reused: { status: 409, title: 'This Idempotency-Key came with another request before' },
  idempotency_key_spent: {
    status: 409,
    title: 'This Idempotency-Key added a contact before, and is no longer remembered: use a new one',
  },
  cursor_outdated: {
    status: 410,
    title: 'The list was built anew since this page: begin again without a cursor',
  },
  revision_mismatch: {
    status: 412,
    title: 'The contact book has another revision than the request insists on',
  },
  payload_too_large: { status: 413, title: 'The body is too large' },
  uri_too_long: { status: 414, title: 'The address is too long' },
  unsupported_media_type: {
    status: 415,
    title: 'The body must be application/json in UTF-8, not compressed',
  },
  validation_failed: { status: 422, title: 'Fields of the body, or parameters of the query, are not valid' },
  idempotency_key_required: {
    status: 422,
    title:
      'A POST that writes needs an Idempotency-Key: a value of your own, the same when you send it again',
  },
  invalid_cursor: { status: 422, title: 'The cursor is not one that this list gave' },
  too_many_contacts: { status: 422, title: 'The client has as many contacts as it may have' },
  conflicting_rows: { status: 422, title: 'Rows of the list contradict each other' },
  precondition_required: {
    status: 428,
    title: 'The whole list is replaced only at the revision that If-Match names',
  },
  rate_limited: { status: 429, title: 'The caller sends too many requests: slow down' },
  headers_too_large: { status: 431, title: 'The headers are too large, or too many' },
  internal_error: { status: 500, title: 'Something went wrong on our side' },
  personal_data_unreadable: { status: 500, title: 'Personal data of the client can not be decrypted' },
  dependency_unavailable: { status: 503, title: 'A server that this needs is not available: try again' },
  outcome_unknown: {
    status: 503,
    title: 'It may have been stored: try again with the same Idempotency-Key, or read the book first',
  },
  too_busy: { status: 503, title: 'Too much is under way here, this was not begun: try again' },
  unknown_event: { status: 503, title: 'The contact book holds events of a newer build' },
} as const;

export type ProblemCode = keyof typeof problemCatalogue;

/** Where a fault of a request is: in the body, by a JSON pointer, or in a parameter of the query. */
export type FaultPlace = { readonly pointer: string } | { readonly parameter: string };

/** A fault of a request: where it is, if that can be told, and why it is one. */
export type Fault = Partial<Record<'pointer' | 'parameter', string>> & { readonly detail: string };

export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly errors?: readonly Fault[];
  readonly [extension: string]: unknown;
}

/** An answer that is a problem. `extensions` are the ids and pointers that help; never personal data. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly code: ProblemCode,
    readonly extensions: Readonly<Record<string, unknown>> = {},
    /** Those of the answer that belong to this problem. */
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(code);
  }

  toDocument(): ProblemDocument {
    const { status, title } = problemCatalogue[this.code];
    return { type: `/problems/${this.code}`, title, status, code: this.code, ...this.extensions };
  }
}
