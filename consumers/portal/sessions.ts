import { createHash, randomBytes } from 'node:crypto';
import type { Collection, Db } from 'mongodb';
import { DURABLE } from '../topic/durable.js';
import type { StoredAccess } from './contact-access.js';

export interface Session {
  /** `<workspace>/<client>/<contact>` */
  readonly contact: string;
  /** The contact's access generation when the session was opened. */
  readonly generation: number;
  readonly endedAt: Date | null;
}

interface StoredSession extends Session {
  /** A hash of the token: whoever reads the database can't enter with what is in it. */
  readonly _id: string;
  readonly openedAt: Date;
}

const TOKEN_BYTES = 32;

/** Who is signed in. A session that has ended is never open again. */
export class Sessions {
  private readonly sessions: Collection<StoredSession>;

  constructor(database: Db) {
    this.sessions = database.collection('sessions');
  }

  async createIndexes(): Promise<void> {
    await this.sessions.createIndex({ contact: 1 });
  }

  /** Opens a session and returns its token. */
  async open(contact: string, generation: number, now = new Date()): Promise<string> {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const session = { _id: hashOf(token), contact, generation, openedAt: now, endedAt: null };
    await this.sessions.insertOne(session, DURABLE);
    return token;
  }

  async of(token: string): Promise<Session | undefined> {
    return (await this.sessions.findOne({ _id: hashOf(token) })) ?? undefined;
  }

  /**
   * Ends those that were opened under an older generation, and all of a contact who is gone. Turning access off raises
   * the generation, too; so what an old record ends is ended by every later one.
   */
  async endBy(accesses: readonly StoredAccess[], now: Date): Promise<void> {
    if (accesses.length === 0) return;
    const operations = accesses.map(({ _id: contact, status, generation }) => ({
      updateMany: {
        filter: {
          contact,
          endedAt: null,
          ...(status === 'present' && { generation: { $lt: generation } }),
        },
        update: { $set: { endedAt: now } },
      },
    }));
    await this.sessions.bulkWrite(operations, { ...DURABLE, ordered: false });
  }

  async end(token: string, now: Date): Promise<void> {
    await this.sessions.updateOne({ _id: hashOf(token), endedAt: null }, { $set: { endedAt: now } }, DURABLE);
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
