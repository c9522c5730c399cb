import type { Answer, BillingRoute, Command, Contact, ContactBook, ContactsApi } from './contacts-api.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { DemoFailure } from './demo-failure.js';
import { print, styled } from './terminal.js';
import type { Teams } from './teams.js';

/** How long the portal may take to let someone in: it refuses while it can't be certain. */
const SIGN_IN_LIMIT_MS = 60_000;
const PAUSE_MS = 250;

/** Where the story plays: it sends commands, and shows what the read models and the other teams say to them. */
export class Stage {
  private step = 0;

  constructor(
    private readonly api: ContactsApi,
    private readonly teams: Teams,
    private readonly workspaceId: string,
    /** Part of the run's client ids and idempotency keys: each run plays on clients of its own. */
    private readonly run: string,
  ) {}

  /** This run's id of a client. */
  clientId(name: string): string {
    return `${name}-${this.run}`;
  }

  heading(title: string): void {
    print(`\n${styled('bold', `── ${title} `.padEnd(100, '─'))}`);
  }

  /** Sends a command that must succeed, without a word; gives the book that it led to. */
  async prepare(command: Command): Promise<ContactBook & { readonly contactId?: string }> {
    const answer = await this.send(command);
    if (answer.kind === 'done') return answer.book;
    throw new DemoFailure(`${shown(command)} was refused: ${JSON.stringify(answer.problem)}`);
  }

  /** Shows the client before and after a command, and waits in between for both teams to know of it. */
  async play(command: Command): Promise<void> {
    await this.show('before', command.clientId);
    const answer = await this.send(command);
    this.showAnswer(command, answer);
    if (answer.kind === 'refused') return;
    await this.heard(command.clientId, answer.book.revision);
    await this.show('after', command.clientId, answer.book.revision);
  }

  /** Ends when both teams know what the client is at this revision. Raises DemoFailure when one does not in time. */
  async heard(clientId: string, revision: number): Promise<void> {
    const [book, route] = await Promise.all([
      this.api.contactBook(clientId, revision),
      this.api.billingRoute(clientId, revision),
    ]);
    await this.teams.heard({ key: `${this.workspaceId}/${clientId}`, book, route });
  }

  /** Signs someone in to the portal and shows it. Gives the token of the session. */
  async signIn(email: string): Promise<string> {
    const { portal } = this.teams;
    const until = performance.now() + SIGN_IN_LIMIT_MS;
    for (;;) {
      const token = await portal.signIn(this.workspaceId, email).catch(() => undefined);
      if (token !== undefined) {
        portal.say(`${email} signs in, and may enter`);
        return token;
      }
      if (performance.now() > until) throw new DemoFailure(`The portal did not let ${email} in.`);
      await sleep(PAUSE_MS);
    }
  }

  /** Shows that the session of this token is over. Raises DemoFailure when it is not. */
  async showThatItIsOver(token: string, email: string): Promise<void> {
    const because = await this.teams.portal.isOverBecause(token);
    if (because === undefined) throw new DemoFailure(`The session of ${email} is still open.`);
    this.teams.portal.say(`the session of ${email} is over: ${because}`);
  }

  private send(command: Command): Promise<Answer> {
    this.step += 1;
    return this.api.command(command, `demo-${this.run}-${this.step}`);
  }

  private showAnswer(command: Command, answer: Answer): void {
    print(`  ${styled('bold', shown(command))}`);
    if (answer.kind === 'refused') {
      print(`  ${styled('yellow', `→ ${answer.status} application/problem+json`)}`);
      for (const line of JSON.stringify(answer.problem, null, 2).split('\n')) print(`    ${line}`);
      return;
    }
    const { book, status, attempts } = answer;
    const warnings = book.warnings.map(({ code }) => code).join(', ');
    const again = attempts > 1 ? ` (sent ${attempts} times with one idempotency key)` : '';
    print(`  → ${status}, revision ${book.revision}${again}`);
    if (warnings) print(`  ${styled('yellow', `  warnings: ${warnings}`)}`);
  }

  private async show(moment: 'before' | 'after', clientId: string, minRevision?: number): Promise<void> {
    const [book, route] = await Promise.all([
      this.api.contactBook(clientId, minRevision),
      this.api.billingRoute(clientId, minRevision),
    ]);
    print(`  ${moment.padEnd(6)}  ${clientId} at revision ${book.revision}`);
    for (const contact of book.contacts) print(`          · ${described(contact)}`);
    if (book.contacts.length === 0) print('          · no contacts');
    print(`          invoices go to ${routed(route)}`);
  }
}

function shown({ clientId, method, path, body }: Command): string {
  return `${method} …/clients/${clientId}${path}${body ? ` ${JSON.stringify(body)}` : ''}`;
}

function described(contact: Contact): string {
  const flags = [
    contact.primary && 'primary',
    contact.billingDefault && 'billing default',
    contact.portalEnabled ? 'may sign in' : 'may not sign in',
  ].filter(Boolean);
  return `${text(contact.name) || '(no name)'} <${text(contact.email)}> ${flags.join(', ')}`;
}

function routed({ rule, email, passedOver }: BillingRoute): string {
  const others = passedOver.map(({ rule: other, reason }) => `${other} ${reason}`).join(', ');
  return `${email ?? 'nobody'} by rule ${rule}${others ? ` (${others})` : ''}`;
}

function text(value: Contact['name']): string {
  return typeof value === 'string' ? value : value ? '(erased)' : '';
}
