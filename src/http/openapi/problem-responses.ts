import type {
  HeadersObject,
  OperationObject,
  ResponseObject,
  ResponsesObject,
  SchemaObject,
} from '@nestjs/swagger';
import { Problem, type ProblemCode, problemCatalogue } from '../problem.js';
import { explanations } from '../problem-pages/explanations.js';
import { CORRELATED, ENTITY_TAG, RETRY_AFTER, WWW_AUTHENTICATE } from './headers.js';

const CODES = Object.keys(problemCatalogue) as ProblemCode[];

export const PROBLEM_REFERENCE = { $ref: '#/components/schemas/Problem' };

/** Whatever is asked for: the way to an answer may end in these. */
const EVERYWHERE: readonly ProblemCode[] = [
  'malformed_request',
  'unauthenticated',
  'forbidden',
  'request_timeout',
  'uri_too_long',
  'unsupported_media_type',
  'rate_limited',
  'headers_too_large',
  'internal_error',
  'personal_data_unreadable',
  'dependency_unavailable',
  'too_busy',
  'unknown_event',
];

/** A command may be answered with these too. */
const COMMANDS: readonly ProblemCode[] = [
  'concurrent_changes',
  'idempotency_key_reused',
  'outcome_unknown',
  'portal_access_denied',
  'revision_mismatch',
];

/** The problem document (RFC 9457), with the members that one problem or another adds. */
export const problemSchema: SchemaObject = {
  type: 'object',
  required: ['type', 'title', 'status', 'code'],
  properties: {
    type: { type: 'string', format: 'uri-reference', description: 'Where this problem is explained' },
    title: { type: 'string' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    code: {
      type: 'string',
      enum: CODES,
      description: CODES.map(
        (code) => `- \`${code}\`: ${explanations[code].when} ${explanations[code].remedy}`,
      ).join('\n'),
    },
    detail: { type: 'string' },
    errors: {
      type: 'array',
      description: 'Each fault of the request that was found, all at once',
      items: {
        type: 'object',
        required: ['detail'],
        properties: {
          pointer: { type: 'string', description: 'Where in the body: a JSON pointer' },
          parameter: { type: 'string', description: 'Which parameter of the query' },
          detail: { type: 'string' },
        },
      },
    },
    contactId: { type: 'string', description: 'The contact that this is about' },
    revision: { type: 'integer', minimum: -1, description: 'The revision that the contact book has' },
    parameter: { type: 'string', description: 'The parameter of path or query that this is about' },
    pointer: { type: 'string', description: 'Where in the body that is: a JSON pointer' },
    field: { type: 'string', description: 'Of rows that contradict each other: in what' },
    rows: {
      type: 'array',
      description: 'Those rows, counted from 0',
      items: { type: 'integer', minimum: 0 },
    },
    max: { type: 'integer', minimum: 1, description: 'How many there may be' },
  },
};

/** What an operation may answer by what it takes, beside the problems that it names itself; in the catalogue's order. */
export function problemsOf(
  operation: OperationObject,
  isCommand: boolean,
  own: readonly ProblemCode[],
): ProblemCode[] {
  const takes = (kind: string) => operation.parameters?.some((each) => 'in' in each && each.in === kind);
  const named = (name: string) => operation.parameters?.some((each) => 'in' in each && each.name === name);
  const implied: ProblemCode[] = [];
  if (takes('path')) implied.push('invalid_id');
  if (named('contactId')) implied.push('contact_not_found');
  if (takes('query') || operation.requestBody) implied.push('validation_failed');
  if (operation.requestBody) implied.push('payload_too_large');
  const codes = new Set([...EVERYWHERE, ...(isCommand ? COMMANDS : []), ...implied, ...own]);
  return CODES.filter((code) => codes.has(code));
}

/** The responses for these problems: one a status, each code with an example. */
export function problemResponses(codes: readonly ProblemCode[]): ResponsesObject {
  const statuses = [...new Set(codes.map((code) => problemCatalogue[code].status))];
  return Object.fromEntries(
    statuses.map((status) => [
      String(status),
      response(
        status,
        codes.filter((code) => problemCatalogue[code].status === status),
      ),
    ]),
  );
}

function response(status: number, codes: readonly ProblemCode[]): ResponseObject {
  return {
    description: codes.map((code) => `\`${code}\`: ${problemCatalogue[code].title}`).join('\n\n'),
    headers: headersOf(status),
    content: {
      'application/problem+json': {
        schema: {
          allOf: [
            PROBLEM_REFERENCE,
            {
              type: 'object',
              properties: {
                status: { type: 'integer', enum: [status] },
                code: { type: 'string', enum: [...codes] },
              },
            },
          ],
        },
        examples: Object.fromEntries(
          codes.map((code) => [code, { value: new Problem(code, explanations[code].example).toDocument() }]),
        ),
      },
    },
  };
}

function headersOf(status: number): HeadersObject {
  return {
    ...CORRELATED,
    ...(status === 401 && WWW_AUTHENTICATE),
    ...(status === 412 && ENTITY_TAG),
    ...((status === 503 || status === 429) && RETRY_AFTER),
  };
}
