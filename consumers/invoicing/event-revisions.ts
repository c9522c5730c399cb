import type { AnyBulkWriteOperation, Collection, Db } from 'mongodb';
import { DURABLE } from '../topic/durable.js';
import type { PublishedRecord } from '../topic/published-record.js';
import { refusedBy } from '../topic/store-newer.js';
import { followed, type FollowedRevisions, type RevisionGap } from './followed-revisions.js';

type Stored = FollowedRevisions & { readonly _id: string };

export interface ClientGap extends RevisionGap {
  /** `<workspace>/<client>` */
  readonly client: string;
}

/** Two members write for one client only while a partition changes hands. */
const MAX_ATTEMPTS = 5;

/** Which revision of each client came last on the events topic, and which did not come. */
export class EventRevisions {
  private readonly clients: Collection<Stored>;

  constructor(database: Db) {
    this.clients = database.collection('event_revisions');
  }

  /** Takes in what records of the events topic say of revisions. Returns the gaps that were not known before. */
  async take(records: readonly PublishedRecord[]): Promise<ClientGap[]> {
    const revisions = new Map<string, number[]>();
    for (const { key, revision } of records) {
      if (revision !== undefined) revisions.set(key, [...(revisions.get(key) ?? []), revision]);
    }
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      const before = await this.known([...revisions.keys()]);
      const changes = [...revisions].flatMap(([client, came]) => {
        const was = before.get(client);
        const after = followed(was, came)!;
        return after.revision === was?.revision ? [] : [{ client, was, after }];
      });
      if (changes.length === 0) return [];
      if (await this.store(changes)) {
        return changes.flatMap(({ client, was, after }) =>
          after.gaps.slice(was?.gaps.length ?? 0).map((gap) => ({ client, ...gap })),
        );
      }
    }
    throw new Error(`others write the same clients' revisions, even at attempt ${MAX_ATTEMPTS}`);
  }

  /** The revisions that did not come, of one client or of all. */
  async gaps(client?: string): Promise<ClientGap[]> {
    const filter = { 'gaps.0': { $exists: true }, ...(client !== undefined && { _id: client }) };
    const found = await this.clients.find(filter).sort({ _id: 1 }).toArray();
    return found.flatMap(({ _id, gaps }) => gaps.map((gap) => ({ client: _id, ...gap })));
  }

  /** Of how many clients events came. */
  count(): Promise<number> {
    return this.clients.countDocuments();
  }

  private async known(clients: readonly string[]): Promise<Map<string, Stored>> {
    const found = await this.clients.find({ _id: { $in: [...clients] } }).toArray();
    return new Map(found.map((stored) => [stored._id, stored]));
  }

  /** Whether every change was stored, each in the place of what it was made from. */
  private async store(
    changes: readonly { client: string; was?: Stored | undefined; after: FollowedRevisions }[],
  ) {
    const operations: AnyBulkWriteOperation<Stored>[] = changes.map(({ client, was, after }) =>
      was
        ? { updateOne: { filter: { _id: client, revision: was.revision }, update: { $set: after } } }
        : { insertOne: { document: { _id: client, ...after } } },
    );
    try {
      const options = { ...DURABLE, ordered: false };
      const { matchedCount, insertedCount } = await this.clients.bulkWrite(operations, options);
      return matchedCount + insertedCount === changes.length;
    } catch (error) {
      refusedBy(error);
      return false;
    }
  }
}
