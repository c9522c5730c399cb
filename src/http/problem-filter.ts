import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { CommandIdReused, RevisionMismatch, TooBusy, TooManyConflicts } from '../commands/command-errors.js';
import { Refusal, type RefusalCode } from '../contact-book/refusal.js';
import { EventStoreUnavailable, OutcomeUnknown } from '../event-log/event-store.js';
import {
  KeyDestroyed,
  KeyMissing,
  KeyStoreUnavailable,
  PersonalDataUnreadable,
  WrongMasterKey,
} from '../event-log/personal-data/data-keys.js';
import { RevisionNotReached } from '../event-log/recorded-history.js';
import { UnknownEvent } from '../event-log/stored-form.js';
import { CursorOutdated } from '../read-models/workspace-page.js';
import { ReadModelUnavailable } from '../read-models/served-documents.js';
import { entityTag } from './entity-tag.js';
import { type FaultPlace, Problem, type ProblemCode } from './problem.js';
import { TokenKeysUnavailable } from './tokens.js';

const RETRY_AFTER_SECONDS = '1';

const codeOfRefusal: Record<RefusalCode, ProblemCode> = {
  required: 'validation_failed',
  too_long: 'validation_failed',
  invalid_email: 'validation_failed',
  duplicate_email: 'duplicate_email',
  contact_not_found: 'contact_not_found',
  // The id is made of the key: it is taken only where the key has served before.
  contact_id_taken: 'idempotency_key_spent',
  successor_leaves: 'validation_failed',
  too_many_contacts: 'too_many_contacts',
  portal_access_denied: 'portal_access_denied',
  allow_empty_required: 'validation_failed',
  unknown_contacts: 'validation_failed',
  conflicting_rows: 'conflicting_rows',
};

/** Turns whatever was raised into a problem document. What isn't foreseen is logged by name, and answered 500. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    void this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  /** Sends the problem document; also for what fails before Nest sees the request. */
  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const problem = problemOf(error, request);
    const document = problem.toDocument();
    if (document.status === 500) {
      const cause = error instanceof Error ? error : new Error(typeof error);
      this.log.error(
        { correlationId: request.id, error: cause.name, at: firstFrame(cause) },
        'unforeseen error',
      );
    }
    void reply.headers(problem.headers);
    if (document.status === 503) void reply.header('retry-after', RETRY_AFTER_SECONDS);
    if (document.status === 401) void reply.header('www-authenticate', 'Bearer');
    if (error instanceof RevisionMismatch) void reply.header('etag', entityTag(error.currentRevision));
    return reply.status(document.status).type('application/problem+json').send(JSON.stringify(document));
  }
}

function problemOf(error: unknown, request: FastifyRequest): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof Refusal) return problemOfRefusal(error as Refusal, request);
  if (error instanceof RevisionMismatch)
    return new Problem('revision_mismatch', { revision: error.currentRevision });
  if (error instanceof RevisionNotReached)
    return new Problem('revision_not_reached', { revision: error.currentRevision });
  if (error instanceof CursorOutdated) return new Problem('cursor_outdated');
  if (error instanceof TooManyConflicts) return new Problem('concurrent_changes');
  if (error instanceof TooBusy) return new Problem('too_busy');
  if (error instanceof CommandIdReused) return new Problem('idempotency_key_reused');
  if (error instanceof OutcomeUnknown) return new Problem('outcome_unknown');
  if (error instanceof UnknownEvent) return new Problem('unknown_event');
  if (isUnavailable(error)) return new Problem('dependency_unavailable');
  if (isUnreadable(error)) return new Problem('personal_data_unreadable');
  return new Problem(codeOfStatus(statusOf(error)));
}

/** A refusal at fields is told as faults of those; one about ids or rows tells these. */
function problemOfRefusal({ code, details }: Refusal, request: FastifyRequest): Problem {
  const problem = codeOfRefusal[code];
  const { pointer, ...more } = { pointer: undefined, ...details };
  if (code === 'unknown_contacts' && 'rows' in details) {
    const pointers = details.rows.map((row) => `/contacts/${row}/contactId`);
    return new Problem(problem, { errors: pointers.map((each) => ({ pointer: each, detail: code })) });
  }
  const place = pointer === undefined ? {} : placeOf(pointer, request);
  if (problem !== 'validation_failed') return new Problem(problem, { ...place, ...more });
  return new Problem(problem, { errors: [{ ...place, detail: code, ...more }] });
}

/** A field of a command is in the body, unless the path or the query of its request names it. */
function placeOf(pointer: string, { params, query }: FastifyRequest): FaultPlace {
  const parameter = pointer.slice(1);
  const isNamed = [params, query].some((named) => Object.hasOwn(named ?? {}, parameter));
  return isNamed ? { parameter } : { pointer };
}

function isUnavailable(error: unknown): boolean {
  return (
    error instanceof EventStoreUnavailable ||
    error instanceof KeyStoreUnavailable ||
    error instanceof ReadModelUnavailable ||
    error instanceof TokenKeysUnavailable
  );
}

/** A key that is destroyed before the event store tells why: one of the two came out of an older backup. */
function isUnreadable(error: unknown): boolean {
  return (
    error instanceof PersonalDataUnreadable ||
    error instanceof WrongMasterKey ||
    error instanceof KeyMissing ||
    error instanceof KeyDestroyed
  );
}

function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const { statusCode } = error as { statusCode?: unknown };
  return typeof statusCode === 'number' ? statusCode : 500;
}

function codeOfStatus(status: number): ProblemCode {
  if (status === 401) return 'unauthenticated';
  // Who may do what is told by Problems alone; a 403 from elsewhere is about a file outside the documentation.
  if (status === 403 || status === 404) return 'not_found';
  if (status === 413) return 'payload_too_large';
  if (status === 415) return 'unsupported_media_type';
  return status >= 400 && status < 500 ? 'malformed_request' : 'internal_error';
}

/** The place in the code, without the message, which may hold what a caller sent. */
function firstFrame({ stack = '' }: Error): string | undefined {
  return stack
    .split('\n')
    .find((line) => line.startsWith('    at '))
    ?.trim();
}
