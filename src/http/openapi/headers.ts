import { IF_MATCH_PATTERN } from '../entity-tag.js';
import type { HeadersObject, ParameterObject } from '@nestjs/swagger';

const IDEMPOTENCY_KEY: ParameterObject = {
  name: 'Idempotency-Key',
  in: 'header',
  description:
    'Makes a retry the same command: it gets the first answer again. It belongs to caller and client, who remembers the last 500 commands. A POST needs one, unless it is a dry run.',
  required: false,
  schema: { type: 'string', pattern: '^[!-~]{1,128}$', example: 'first-contact' },
};

const IF_MATCH: ParameterObject = {
  name: 'If-Match',
  in: 'header',
  description:
    'The entity tag of the contact book that the caller has seen, or several of which it must have one; `*` for any. 412 when it has another.',
  required: false,
  schema: { type: 'string', pattern: IF_MATCH_PATTERN, example: '*' },
};

const IF_MATCH_SEEN: ParameterObject = {
  ...IF_MATCH,
  description:
    'The entity tag of the contact book that the caller has seen, or several of which it must have one; 412 when it has another. 428 without it, unless there is If-None-Match; `*` does not count.',
  schema: { type: 'string', pattern: IF_MATCH_PATTERN, example: '"7"' },
};

const IF_NONE_MATCH: ParameterObject = {
  name: 'If-None-Match',
  in: 'header',
  description: '`*` insists that nobody has written to this contact book yet; not together with If-Match.',
  required: false,
  schema: { type: 'string', enum: ['*'] },
};

const REASON: ParameterObject = {
  name: 'X-Reason',
  in: 'header',
  description: 'Why: it stands in the history. Up to 500 characters, as percent-encoded UTF-8.',
  required: false,
  schema: { type: 'string', pattern: '^([ -$&-~]|%[0-7][0-9A-Fa-f])*$', example: 'Took over from J%2E' },
};

const TRACEPARENT: ParameterObject = {
  name: 'traceparent',
  in: 'header',
  description: 'The trace that it belongs to (W3C Trace Context); one of another form is passed over.',
  required: false,
  // No pattern: nothing is refused for it.
  schema: { type: 'string', example: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' },
};

/** What every request may carry. */
export const CORRELATION_ID: ParameterObject = {
  name: 'X-Correlation-Id',
  in: 'header',
  description:
    'Ties together what belongs to one request, in the log too. Letters, digits, dots, hyphens and underscores, up to 64; one of another form is replaced by a new one.',
  required: false,
  // No pattern: nothing is refused for it.
  schema: { type: 'string', example: 'import-2026-11-24.7' },
};

/** What every request that changes a contact book may carry, or must where it may only come at a revision seen. */
export function commandHeaders(isAtRevisionSeen: boolean): readonly ParameterObject[] {
  return [IDEMPOTENCY_KEY, isAtRevisionSeen ? IF_MATCH_SEEN : IF_MATCH, IF_NONE_MATCH, REASON, TRACEPARENT];
}

/** Headers of answers. */
export const ENTITY_TAG: HeadersObject = {
  ETag: {
    description: 'The revision of the contact book',
    schema: { type: 'string', pattern: '^"(-1|[0-9]{1,15})"$', example: '"7"' },
  },
};

export const IDEMPOTENT_REPLAYED: HeadersObject = {
  'Idempotent-Replayed': {
    description: 'There when this command was carried out before, and this is its first answer again',
    schema: { type: 'string', enum: ['true'] },
  },
};

export const CORRELATED: HeadersObject = {
  'X-Correlation-Id': {
    description: 'The id of this request',
    schema: { type: 'string', pattern: '^[A-Za-z0-9._-]{1,64}$', example: 'import-2026-11-24.7' },
  },
};

export const RETRY_AFTER: HeadersObject = {
  'Retry-After': {
    description: 'How many seconds to wait before the next try',
    required: true,
    schema: { type: 'string', pattern: '^[0-9]+$', example: '1' },
  },
};

export const WWW_AUTHENTICATE: HeadersObject = {
  'WWW-Authenticate': { required: true, schema: { type: 'string', enum: ['Bearer'] } },
};
