import { setTimeout as sleep } from 'node:timers/promises';
import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from '../contracts/openapi.js';
import { DemoFailure } from './demo-failure.js';
import type { SampleContact } from './sample-clients.js';

/** What a read and a command both answer. */
export type ContactBook = Omit<components['schemas']['ContactBookRead'], 'source'>;
export type Contact = components['schemas']['Contact'];
export type BillingRoute = components['schemas']['BillingRoute'];
type Problem = components['schemas']['Problem'];

const REQUEST_LIMIT_MS = 10_000;
/** How long a request is sent again while the service is away; long enough for a restart. */
const PATIENCE_MS = 60_000;
const PAUSE_MS = 250;

const CLIENT = '/v1/workspaces/{workspaceId}/clients/{clientId}';

/** What the generated client answers, whatever was asked. */
interface Received<Body> {
  readonly response: Response;
  readonly data?: Body;
  readonly error?: unknown;
}

/** What each command takes beside its own parameters. */
interface Sending {
  readonly workspaceId: string;
  readonly header: { readonly 'Idempotency-Key': string };
  readonly signal: AbortSignal;
}

/** A command, as it is shown and as it is sent. */
export interface Command {
  readonly clientId: string;
  readonly method: 'POST' | 'PUT' | 'DELETE';
  /** Below the client. */
  readonly path: string;
  readonly body?: object;
  send(api: Client<paths>, sending: Sending): Promise<Received<ContactBook & { contactId?: string }>>;
}

export type Answer =
  | {
      readonly kind: 'done';
      readonly status: number;
      /** The first answer again: the service had this command already. */
      readonly isReplay: boolean;
      /** How often the request was sent until it was answered. */
      readonly attempts: number;
      readonly book: ContactBook & { readonly contactId?: string };
    }
  | { readonly kind: 'refused'; readonly status: number; readonly problem: Problem };

export const addContact = (clientId: string, contact: SampleContact): Command => ({
  clientId,
  method: 'POST',
  path: '/contacts',
  body: contact,
  send: (api, { workspaceId, header, signal }) =>
    api.POST(`${CLIENT}/contacts`, {
      params: { path: { workspaceId, clientId }, header },
      body: contact,
      signal,
    }),
});

export const removeContact = (clientId: string, contactId: string): Command => ({
  clientId,
  method: 'DELETE',
  path: `/contacts/${contactId}`,
  send: (api, { workspaceId, header, signal }) =>
    api.DELETE(`${CLIENT}/contacts/{contactId}`, {
      params: { path: { workspaceId, clientId, contactId }, header },
      signal,
    }),
});

export const setPrimary = (clientId: string, contactId: string | null): Command => ({
  clientId,
  method: 'PUT',
  path: '/primary',
  body: { contactId },
  send: (api, { workspaceId, header, signal }) =>
    api.PUT(`${CLIENT}/primary`, {
      params: { path: { workspaceId, clientId }, header },
      body: { contactId },
      signal,
    }),
});

export const setBillingEmail = (clientId: string, email: string | null): Command => ({
  clientId,
  method: 'PUT',
  path: '/billing-email',
  body: { email },
  send: (api, { workspaceId, header, signal }) =>
    api.PUT(`${CLIENT}/billing-email`, {
      params: { path: { workspaceId, clientId }, header },
      body: { email },
      signal,
    }),
});

export const setPortalAccess = (clientId: string, contactId: string, enabled: boolean): Command => ({
  clientId,
  method: 'PUT',
  path: `/contacts/${contactId}/portal-access`,
  body: { enabled },
  send: (api, { workspaceId, header, signal }) =>
    api.PUT(`${CLIENT}/contacts/{contactId}/portal-access`, {
      params: { path: { workspaceId, clientId, contactId }, header },
      body: { enabled },
      signal,
    }),
});

/**
 * The REST surface of one workspace, through the client that its OpenAPI document describes, as a patient caller uses
 * it: a command that got no answer is sent again with the same idempotency key, so it can't happen twice.
 */
export class ContactsApi {
  private readonly api: Client<paths>;
  private sent = 0;

  constructor(
    private readonly apiUrl: string,
    token: string,
    private readonly workspaceId: string,
  ) {
    this.api = createClient<paths>({ baseUrl: apiUrl, headers: { authorization: `Bearer ${token}` } });
  }

  /** How many commands were sent; one that was sent again counts once. */
  get commandsSent(): number {
    return this.sent;
  }

  /** Raises DemoFailure when no answer comes, or one that no caller can do anything about. */
  async command(command: Command, idempotencyKey: string): Promise<Answer> {
    this.sent += 1;
    const { workspaceId } = this;
    const { received, attempts } = await this.patiently((signal) =>
      command.send(this.api, { workspaceId, header: { 'Idempotency-Key': idempotencyKey }, signal }),
    );
    const { response, data, error } = received;
    const { status } = response;
    if (!data) return { kind: 'refused', status, problem: error as Problem };
    const isReplay = response.headers.get('idempotent-replayed') === 'true';
    return { kind: 'done', status, isReplay, attempts, book: data };
  }

  /** The contact book, at this revision or a later one. */
  contactBook(clientId: string, minRevision?: number): Promise<ContactBook> {
    const params = this.reading(clientId, minRevision);
    return this.read(clientId, (signal) => this.api.GET(`${CLIENT}/contacts`, { params, signal }));
  }

  /** Who receives the client's invoices, at this revision or a later one. */
  billingRoute(clientId: string, minRevision?: number): Promise<BillingRoute> {
    const params = this.reading(clientId, minRevision);
    return this.read(clientId, (signal) => this.api.GET(`${CLIENT}/billing-route`, { params, signal }));
  }

  private reading(clientId: string, minRevision: number | undefined) {
    const { workspaceId } = this;
    return { path: { workspaceId, clientId }, query: minRevision === undefined ? {} : { minRevision } };
  }

  private async read<Body>(
    clientId: string,
    ask: (signal: AbortSignal) => Promise<Received<Body>>,
  ): Promise<Body> {
    const { received } = await this.patiently(ask);
    if (received.data) return received.data;
    throw new DemoFailure(`A read of ${clientId} was answered ${received.response.status}.`);
  }

  private async patiently<Body>(
    ask: (signal: AbortSignal) => Promise<Received<Body>>,
  ): Promise<{ received: Received<Body>; attempts: number }> {
    const until = performance.now() + PATIENCE_MS;
    for (let attempts = 1; ; attempts++) {
      // A connection may break in the middle of an answer, too.
      const received = await ask(AbortSignal.timeout(REQUEST_LIMIT_MS)).catch(() => undefined);
      const status = received?.response.status;
      if (status === 401 || status === 403) {
        throw new DemoFailure(
          `The token is not accepted (${status}): it must be an owner's of the workspace ${this.workspaceId}.`,
        );
      }
      if (received && status !== 503) return { received, attempts };
      if (performance.now() >= until) {
        const state = received
          ? `keeps answering 503 (${JSON.stringify(received.error)})`
          : 'no longer answers';
        throw new DemoFailure(
          `The service at ${this.apiUrl} ${state}; gave up after ${PATIENCE_MS / 1000} s.`,
        );
      }
      await sleep(PAUSE_MS);
    }
  }
}
