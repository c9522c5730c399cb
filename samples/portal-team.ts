import { accessOf, PORTAL_ACCESS, type StoredAccess } from '../consumers/portal/contact-access.js';
import type { Portal } from '../consumers/portal/portal.js';
import { type PortalLookUp, signIn } from '../consumers/portal/sign-in.js';
import type { PublishedRecord } from '../consumers/topic/published-record.js';
import { type ClientState, shortId, Team } from './team.js';

/** The portal team: it asks over REST who may sign in, and learns from Kafka whose sessions are over. */
export class PortalTeam extends Team {
  private readonly accesses = new Map<string, StoredAccess>();

  constructor(
    private readonly portal: Portal,
    private readonly lookUp: PortalLookUp,
  ) {
    super('portal', 'ended or opened access', 'magenta');
  }

  /** Contacts who left are not in the book: they must not be present here either. */
  async knows({ key, book }: ClientState): Promise<boolean> {
    const present = new Map(book.contacts.map(({ contactId, portalEnabled }) => [contactId, portalEnabled]));
    const heardOf = [...this.accesses.keys()].filter((contact) => contact.startsWith(`${key}/`));
    const contacts = new Set([...heardOf, ...[...present.keys()].map((contactId) => `${key}/${contactId}`)]);
    for (const contact of contacts) {
      const enabled = present.get(contact.slice(key.length + 1));
      const access = await this.portal.contacts.of(contact);
      if (!access || (access.status === 'present') !== (enabled !== undefined)) return false;
      if (enabled !== undefined && access.enabled !== enabled) return false;
    }
    return true;
  }

  /** The token of a session that is open; undefined where the service, or the portal, does not let anyone in yet. */
  async signIn(workspaceId: string, email: string): Promise<string | undefined> {
    const signedIn = await signIn(this.lookUp, this.portal, { workspaceId, email });
    if (signedIn.status === 'refused') return undefined;
    const { token } = signedIn.sessions[0]!;
    return (await this.portal.mayEnter(token)).mayEnter ? token : undefined;
  }

  /** Why the session is over; undefined where it is not. */
  async isOverBecause(token: string): Promise<string | undefined> {
    const entry = await this.portal.mayEnter(token);
    return !entry.mayEnter && entry.isOver ? entry.because : undefined;
  }

  protected meaningOf(record: PublishedRecord): string | undefined {
    if (record.type !== PORTAL_ACCESS) return undefined;
    const after = accessOf(record);
    const before = this.accesses.get(record.key);
    this.accesses.set(record.key, after);
    const contact = `contact ${shortId(record.key.split('/')[2]!)}`;
    if (after.status === 'gone') return `${contact} is gone; all links and sessions are dead`;
    if (!before || (before.enabled === after.enabled && before.generation === after.generation))
      return undefined;
    const may = after.enabled ? 'may' : 'may not';
    return `${contact} ${may} sign in; links and sessions before generation ${after.generation} are dead`;
  }
}
