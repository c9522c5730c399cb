import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { pino } from 'pino';
import { recordedEvents } from '../../test/fixtures/recorded-events.js';
import { codec } from '../../test/fixtures/shared-log-codec.js';
import type { ContactBookEvent } from '../contact-book/events.js';
import { streamNameOf } from '../event-log/contact-book-stream.js';
import { EventStoreDb } from '../event-log/eventstoredb.js';
import type { EventCodec, RecordedEvent } from '../event-log/stored-form.js';
import type { BatchHandler } from '../subscriptions/batch-handler.js';
import type { Checkpoint } from '../subscriptions/checkpoint.js';
import type { CheckpointDocument } from '../subscriptions/checkpoint-store.js';
import { Leases } from '../subscriptions/leases.js';
import { parkingIn } from '../subscriptions/parking.js';
import { Subscriber } from '../subscriptions/subscriber.js';
import { billingRouting } from './billing-routing/billing-routing.js';
import { Projection } from './projection.js';
import type { ReadModelDocument } from './read-model.js';

const SETTINGS = { batchSize: 10, readAhead: 20, retryDelayMs: 1, maxRetryDelayMs: 50 };
const client = { workspaceId: `resume-${randomUUID().slice(0, 8)}`, clientId: 'one' };
const change: ContactBookEvent = { type: 'PrimaryContactChanged', data: { from: null, to: null } };
const changes = [change, change, change];

/** The log is shared with other tests, whose events are none of this one's business. */
const ours: EventCodec = {
  toStoredForm: (...append) => codec.toStoredForm(...append),
  fromStoredForm: (stored) =>
    codec.fromStoredForm(stored.filter(({ stream }) => stream === streamNameOf(client))),
  isSameRequest: (...request) => codec.isSameRequest(...request),
};

/** Notes what another handler was given and has handled. */
class Noting implements BatchHandler {
  readonly revisions: number[] = [];
  private wake = () => {};

  constructor(private readonly handler: BatchHandler) {}

  position = (token: number) => this.handler.position(token);

  async handle(batch: readonly RecordedEvent[], checkpoint: Checkpoint): Promise<void> {
    await this.handler.handle(batch, checkpoint);
    this.revisions.push(...batch.map(({ revision }) => revision));
    this.wake();
  }

  async hasHandled(revision: number): Promise<void> {
    while (!this.revisions.includes(revision)) await new Promise<void>((resolve) => (this.wake = resolve));
  }
}

describe('a projection that is started again', () => {
  let mongo: MongoClient;
  let eventStore: EventStoreDb;
  beforeAll(() => {
    mongo = new MongoClient(process.env['MONGODB_URL']!, { socketTimeoutMS: 5000 });
    eventStore = new EventStoreDb({ url: process.env['EVENTSTORE_URL']!, deadlineMs: 5000 });
  });
  afterAll(() => Promise.all([mongo.close(), eventStore.close()]));

  const append = async (revision: number) => {
    const [recorded] = recordedEvents(client, [[changes[revision]!]], revision);
    const stored = await codec.toStoredForm(
      { ...recorded!, events: [recorded!.event], request: '', billingEmailKey: null },
      () => randomUUID(),
    );
    await eventStore.append(streamNameOf(client), revision - 1, stored);
  };

  it('is handed only what came behind its checkpoint', async () => {
    const database = mongo.db(`resume_${randomUUID().slice(0, 8)}`);
    const start = () => {
      let handler: Noting;
      const documents = database.collection<ReadModelDocument>('documents');
      const checkpoints = database.collection<CheckpointDocument>('checkpoints');
      const subscriber = new Subscriber({
        name: 'resuming',
        eventStore,
        codec: ours,
        handler: (handler = new Noting(new Projection(billingRouting, documents, checkpoints))),
        leases: new Leases(database.collection('leases'), randomUUID(), { ttlMs: 5_000 }),
        settings: SETTINGS,
        parking: parkingIn(database, 'resuming'),
        build: 'spec',
        log: pino({ level: 'silent' }),
      });
      subscriber.start();
      return { handler, subscriber };
    };
    await append(0);
    await append(1);
    const first = start();
    await first.handler.hasHandled(1);
    await first.subscriber.stop();
    await append(2);
    const second = start();
    await second.handler.hasHandled(2);
    await second.subscriber.stop();
    expect(first.handler.revisions).toEqual([0, 1]);
    expect(second.handler.revisions).toEqual([2]);
    await database.dropDatabase();
  });
});
