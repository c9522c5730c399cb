import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedServer, startEventStore } from '@client-contacts/embedded';
import { type Db, MongoClient } from 'mongodb';
import { EventStoreDb } from '../../src/event-log/eventstoredb.js';
import type { Ground } from './campaign.js';

/** An empty log of its own, and an empty database on the MongoDB of the environment. */
export class OwnGround implements Ground {
  private constructor(
    readonly eventStore: EventStoreDb,
    readonly database: Db,
    readonly reach: Ground['reach'],
    private readonly parts: { mongo: MongoClient; server: EmbeddedServer; directory: string },
  ) {}

  static async prepare(): Promise<OwnGround> {
    const directory = await mkdtemp(join(tmpdir(), 'projectors-'));
    const server = await startEventStore({ dataDir: directory });
    const mongodbUrl = process.env['MONGODB_URL']!;
    const mongo = new MongoClient(mongodbUrl, { socketTimeoutMS: 5000 });
    return new OwnGround(
      new EventStoreDb({ url: server.url, deadlineMs: 5000 }),
      mongo.db(`projectors_${randomUUID().slice(0, 8)}`),
      { eventStoreUrl: server.url, mongodbUrl },
      { mongo, server, directory },
    );
  }

  async clear(): Promise<void> {
    const { mongo, server, directory } = this.parts;
    await this.database.dropDatabase();
    await Promise.all([mongo.close(), this.eventStore.close()]);
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  }
}
