import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Caller } from '../commands/change-contact-book.js';
import { commandIdOf } from '../commands/command-identity.js';
import { type ClientRef, ID_PATTERN } from '../event-log/contact-book-stream.js';
import type { Revision } from '../event-log/event-store.js';
import { expectedRevisionsOf } from './entity-tag.js';
import { Problem } from './problem.js';
import { reasonOf } from './reason.js';
import { traceparentOf } from './trace-context.js';

const IDEMPOTENCY_KEY_PATTERN = /^[\x21-\x7e]{1,128}$/;

/** What of a request, beside its body, goes into a command. */
export interface CommandContext {
  readonly client: ClientRef;
  readonly caller: Caller;
  readonly expectedRevisions: readonly Revision[] | undefined;
}

/** The client of the path. Raises Problem `invalid_id`. */
export const Client = createParamDecorator((_: unknown, context: ExecutionContext) =>
  clientOf(context.switchToHttp().getRequest<FastifyRequest>()),
);

/** The workspace of the path. Raises Problem `invalid_id`. */
export const Workspace = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { params } = context.switchToHttp().getRequest<FastifyRequest>();
  return id((params as { workspaceId: string }).workspaceId, 'workspaceId');
});

/**
 * The client of the path, who calls and why, and the revisions that they insist on. A POST must have an idempotency key:
 * unlike the other methods it is not the same when it is sent again. Raises Problem `invalid_id`, `malformed_request` and
 * `idempotency_key_required`.
 */
export const Context = createParamDecorator((_: unknown, context: ExecutionContext): CommandContext => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const { headers, method, query } = request;
  const client = clientOf(request);
  const actor = request.actor!;
  const key = idempotencyKeyOf(headers['idempotency-key']);
  const isDryRun = (query as { dryRun?: unknown }).dryRun === 'true';
  if (key === undefined && method === 'POST' && !isDryRun) throw new Problem('idempotency_key_required');
  const reason = reasonOf(headers['x-reason']);
  const traceparent = traceparentOf(headers['traceparent']);
  return {
    client,
    caller: {
      actor,
      correlationId: request.id,
      commandId: commandIdOf(client, actor, key),
      ...(reason !== undefined && { reason }),
      ...(traceparent !== undefined && { traceparent }),
    },
    expectedRevisions: expectedRevisionsOf(headers),
  };
});

/** The contact id of the path. Raises Problem `invalid_id`. */
export const ContactId = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { contactId } = context.switchToHttp().getRequest<FastifyRequest>().params as { contactId: string };
  return id(contactId, 'contactId');
});

function idempotencyKeyOf(header: string | string[] | undefined): string | undefined {
  if (header === undefined || (typeof header === 'string' && IDEMPOTENCY_KEY_PATTERN.test(header)))
    return header;
  throw new Problem('malformed_request', {
    detail: 'Idempotency-Key must be 1 to 128 visible ASCII characters',
  });
}

function clientOf(request: FastifyRequest): ClientRef {
  const { workspaceId, clientId } = request.params as { workspaceId: string; clientId: string };
  return { workspaceId: id(workspaceId, 'workspaceId'), clientId: id(clientId, 'clientId') };
}

function id(value: string, parameter: string): string {
  if (!ID_PATTERN.test(value)) throw new Problem('invalid_id', { parameter });
  return value;
}
