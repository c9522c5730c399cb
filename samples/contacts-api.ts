import { setTimeout as sleep } from 'node:timers/promises';
import type { ContactBookAnswer } from '../src/http/contact-answers.js';
import type { ProblemDocument } from '../src/http/problem.js';
import type { BillingRouteAnswer } from '../src/http/reads/book-answers.js';
import { DemoFailure } from './demo-failure.js';
import type { SampleContact } from './sample-clients.js';

const REQUEST_LIMIT_MS = 10_000;
/** How long a request is sent again while the service is away; long enough for a restart. */
const PATIENCE_MS = 60_000;
const PAUSE_MS = 250;

/** What a command looks like on the wire. */
export interface Command {
  readonly clientId: string;
  readonly method: 'POST' | 'PUT' | 'DELETE';
  /** Below the client. */
  readonly path: string;
  readonly body?: object;
}

export type Answer =
  | {
      readonly kind: 'done';
      readonly status: number;
      /** The first answer again: the service had this command already. */
      readonly isReplay: boolean;
      /** How often the request was sent until it was answered. */
      readonly attempts: number;
      readonly book: ContactBookAnswer & { readonly contactId?: string };
    }
  | { readonly kind: 'refused'; readonly status: number; readonly problem: ProblemDocument };

export const addContact = (clientId: string, contact: SampleContact): Command => ({
  clientId,
  method: 'POST',
  path: '/contacts',
  body: contact,
});

export const removeContact = (clientId: string, contactId: string): Command => ({
  clientId,
  method: 'DELETE',
  path: `/contacts/${contactId}`,
});

export const setPrimary = (clientId: string, contactId: string | null): Command => ({
  clientId,
  method: 'PUT',
  path: '/primary',
  body: { contactId },
});

export const setBillingEmail = (clientId: string, email: string | null): Command => ({
  clientId,
  method: 'PUT',
  path: '/billing-email',
  body: { email },
});

export const setPortalAccess = (clientId: string, contactId: string, enabled: boolean): Command => ({
  clientId,
  method: 'PUT',
  path: `/contacts/${contactId}/portal-access`,
  body: { enabled },
});

/**
 * The REST surface of one workspace, as a patient caller uses it: a command that got no answer is sent again with
 * the same idempotency key, so it can't happen twice.
 */
export class ContactsApi {
  private sent = 0;

  constructor(
    private readonly apiUrl: string,
    private readonly token: string,
    private readonly workspaceId: string,
  ) {}

  /** How many commands were sent; one that was sent again counts once. */
  get commandsSent(): number {
    return this.sent;
  }

  /** Raises DemoFailure when no answer comes, or one that no caller can do anything about. */
  async command(command: Command, idempotencyKey: string): Promise<Answer> {
    const { clientId, method, path, body } = command;
    this.sent += 1;
    const { status, isReplay, text, attempts } = await this.request(clientId, path, {
      method,
      headers: { 'idempotency-key': idempotencyKey, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (status >= 400) return { kind: 'refused', status, problem: JSON.parse(text) as ProblemDocument };
    return { kind: 'done', status, isReplay, attempts, book: JSON.parse(text) as ContactBookAnswer };
  }

  /** The contact book, at this revision or a later one. */
  contactBook(clientId: string, minRevision?: number): Promise<ContactBookAnswer> {
    return this.read(clientId, '/contacts', minRevision);
  }

  /** Who receives the client's invoices, at this revision or a later one. */
  billingRoute(clientId: string, minRevision?: number): Promise<BillingRouteAnswer> {
    return this.read(clientId, '/billing-route', minRevision);
  }

  private async read<Read>(clientId: string, path: string, minRevision = -1): Promise<Read> {
    const query = minRevision >= 0 ? `?minRevision=${minRevision}` : '';
    const { status, text } = await this.request(clientId, `${path}${query}`, {});
    if (status >= 400) throw new DemoFailure(`GET ${path} of ${clientId} was answered ${status}.`);
    return JSON.parse(text) as Read;
  }

  private async request(
    clientId: string,
    path: string,
    { headers, ...init }: RequestInit & { headers?: Record<string, string> },
  ): Promise<Received & { attempts: number }> {
    const url = `${this.apiUrl}/v1/workspaces/${this.workspaceId}/clients/${clientId}${path}`;
    const until = performance.now() + PATIENCE_MS;
    for (let attempts = 1; ; attempts++) {
      const received = await receive(url, {
        ...init,
        headers: { ...headers, authorization: `Bearer ${this.token}` },
      }).catch(() => undefined);
      if (received?.status === 401 || received?.status === 403) {
        throw new DemoFailure(
          `The token is not accepted (${received.status}): it must be an owner's of the workspace ${this.workspaceId}.`,
        );
      }
      if (received && received.status !== 503) return { ...received, attempts };
      if (performance.now() >= until) {
        const state = received ? `keeps answering 503 (${received.text})` : 'no longer answers';
        throw new DemoFailure(
          `The service at ${this.apiUrl} ${state}; gave up after ${PATIENCE_MS / 1000} s.`,
        );
      }
      await sleep(PAUSE_MS);
    }
  }
}

interface Received {
  readonly status: number;
  readonly isReplay: boolean;
  readonly text: string;
}

/** Sends a request and reads the answer to its end: a connection may break in the middle of one. */
async function receive(url: string, init: RequestInit): Promise<Received> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(REQUEST_LIMIT_MS) });
  const isReplay = response.headers.get('idempotent-replayed') === 'true';
  return { status: response.status, isReplay, text: await response.text() };
}
