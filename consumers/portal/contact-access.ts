import type { Collection, Db } from 'mongodb';
import type { PublishedRecord } from '../topic/published-record.js';
import { type Revised, storeNewer } from '../topic/store-newer.js';

export const PORTAL_ACCESS = 'client-contacts.portal-access.v1';

/** What a portal-access record says, as far as the portal keeps it: no address, so there is none to forget. */
interface PortalAccessValue {
  readonly status: 'present' | 'gone';
  /** Absent where the contact is gone. */
  readonly enabled?: boolean;
  readonly generation: number;
}

/** Whether a contact may sign in, as of a revision; its id is `<workspace>/<client>/<contact>`. */
export interface StoredAccess extends Revised {
  readonly status: 'present' | 'gone';
  readonly enabled: boolean;
  readonly generation: number;
  readonly partition: number;
}

/** The access that a record says; the record is a portal-access one. */
export function accessOf({ key, revision, partition, value }: PublishedRecord): StoredAccess {
  const { status, enabled = false, generation } = value as unknown as PortalAccessValue;
  return { _id: key, revision: revision!, status, enabled, generation, partition };
}

/** Each contact's access, of the present and of the past. */
export class ContactAccess {
  private readonly contacts: Collection<StoredAccess>;

  constructor(database: Db) {
    this.contacts = database.collection('contact_access');
  }

  /** Takes these in, in whatever order and however often they come. */
  take(accesses: readonly StoredAccess[]): Promise<void> {
    return storeNewer(this.contacts, accesses);
  }

  async of(contact: string): Promise<StoredAccess | undefined> {
    return (await this.contacts.findOne({ _id: contact })) ?? undefined;
  }
}
