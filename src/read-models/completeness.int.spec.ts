import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Db, MongoClient } from 'mongodb';
import { EventStoreInMemory } from '../../test/fixtures/event-store-in-memory.js';
import { codec } from '../../test/fixtures/recorded-events.js';
import { asStored, newAppend } from '../../test/fixtures/stored-appends.js';
import { streamNameOf } from '../event-log/contact-book-stream.js';
import type { StoredEvent } from '../event-log/event-store.js';
import type { HeldBack } from '../subscriptions/checkpoint.js';
import { StoredCheckpoint } from '../subscriptions/checkpoint-store.js';
import { parkingIn } from '../subscriptions/parking.js';
import { CompletenessByCheckpoint } from './completeness.js';

const client = { workspaceId: 'ws', clientId: 'one' };
const stream = streamNameOf(client);
const EDITION = 'portal_access_v1_1';

describe('what a read model shows is complete', () => {
  const mongo = new MongoClient(process.env['MONGODB_URL']!, { socketTimeoutMS: 5000 });
  let database: Db;
  let completeness: CompletenessByCheckpoint;
  let last: StoredEvent;
  beforeEach(async () => {
    database = mongo.db(`completeness_${randomUUID().slice(0, 8)}`);
    const eventStore = new EventStoreInMemory();
    const change = { type: 'BillingEmailChanged', data: { from: null, to: 'a@x.example' } } as const;
    for (const revision of [0, 1]) {
      await eventStore.append(
        stream,
        revision - 1,
        await asStored(codec, newAppend({ client, events: [change] }), revision),
      );
    }
    last = (await eventStore.readLast(stream))!;
    completeness = new CompletenessByCheckpoint(eventStore, database, { waitMs: 20, pollMs: 5 });
  });
  afterEach(() => database.dropDatabase());
  afterAll(() => mongo.close());

  const reached = async (edition: string, heldBack: readonly HeldBack[] = []) => {
    const checkpoint = new StoredCheckpoint(database.collection('checkpoints'), edition);
    await checkpoint.takeOver(1);
    await checkpoint.store({ ...last.position, heldBack });
  };
  const dropped = (edition: string) =>
    parkingIn(database, edition).skips.put({
      stream,
      from: 1,
      to: 1,
      by: 'ada',
      reason: 'can not be read',
      decidedAt: new Date(),
    });

  it('where it has passed the log’s end, and not before', async () => {
    expect(await completeness.isComplete(EDITION, 'ws')).toBe(false);
    await reached(EDITION);
    expect(await completeness.isComplete(EDITION, 'ws')).toBe(true);
  });

  it('not while a client of the workspace is held back', async () => {
    await reached(EDITION, [{ stream, from: 1, to: 1 }]);
    expect(await completeness.isComplete(EDITION, 'ws')).toBe(false);
    expect(await completeness.isComplete(EDITION, 'w')).toBe(true);
  });

  it('not after something of a client of the workspace was dropped, until an edition is built without that', async () => {
    await reached(EDITION);
    await dropped(EDITION);
    expect(await completeness.isComplete(EDITION, 'ws')).toBe(false);
    expect(await completeness.isComplete(EDITION, 'w')).toBe(true);
    const rebuilt = 'portal_access_v1_2';
    await reached(rebuilt);
    expect(await completeness.isComplete(rebuilt, 'ws')).toBe(true);
  });
});
