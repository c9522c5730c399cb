import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Collection, type Db, MongoClient } from 'mongodb';
import { recordedEvents } from '../../test/fixtures/recorded-events.js';
import type { ContactBookEvent } from '../contact-book/events.js';
import type { RecordedEvent } from '../event-log/stored-form.js';
import { checkpointAfter } from '../subscriptions/checkpoint.js';
import { type CheckpointDocument, CheckpointFenced } from '../subscriptions/checkpoint-store.js';
import { billingRouting } from './billing-routing/billing-routing.js';
import { Projection } from './projection.js';
import { RevisionGap } from '../subscriptions/revision-gap.js';
import { project, type ReadModelDocument } from './read-model.js';
import { WrittenDocuments } from './written-documents.js';

const added = (contactId: string): ContactBookEvent => ({
  type: 'ContactAdded',
  data: { contactId, email: `${contactId}@client.example`, portalEnabled: true },
});
const primary = (from: string | null, to: string): ContactBookEvent => ({
  type: 'PrimaryContactChanged',
  data: { from, to },
});

const one = { workspaceId: 'ws', clientId: 'one' };
const two = { workspaceId: 'ws', clientId: 'two' };
const ofOne = recordedEvents(one, [
  [added('ann')],
  [primary(null, 'ann')],
  [added('bob'), primary('ann', 'bob')],
]);
const ofTwo = recordedEvents(two, [[added('cy')]]);
const log = [...ofOne.slice(0, 2), ...ofTwo, ...ofOne.slice(2)];

describe('a projection', () => {
  let mongo: MongoClient;
  let database: Db;
  let documents: Collection<ReadModelDocument>;
  let checkpoints: Collection<CheckpointDocument>;
  let projection: Projection;

  beforeAll(() => {
    mongo = new MongoClient(process.env['MONGODB_URL']!, { socketTimeoutMS: 5000 });
  });
  beforeEach(async () => {
    database = mongo.db(`projection_${randomUUID().slice(0, 8)}`);
    documents = database.collection('documents');
    checkpoints = database.collection('checkpoints');
    projection = new Projection(billingRouting, documents, checkpoints);
    await projection.position(1);
  });
  afterAll(() => mongo.close());

  const stored = async () => (await documents.find().sort({ _id: 1 }).toArray()) as ReadModelDocument[];
  const folded = (events: RecordedEvent[] = ofOne) => [
    project(billingRouting, one, undefined, events)!,
    project(billingRouting, two, undefined, ofTwo)!,
  ];

  it('writes one document a client, and the position of the last event', async () => {
    expect(await projection.position(1)).toBeUndefined();
    await projection.handle(log);
    expect(await stored()).toEqual(folded());
    expect(await projection.position(1)).toEqual(checkpointAfter(log));
  });

  /** As after a checkpoint that was lost: the events come again, from where it stands. */
  const handle = (batch: RecordedEvent[], by = projection) => by.handle(batch, checkpointAfter(log));

  it('gives the same in batches, with batches that come again, and from the start', async () => {
    await handle(log.slice(0, 2));
    await handle(log.slice(1, 3));
    await handle(log);
    await handle(log);
    expect(await stored()).toEqual(folded());
  });

  it('gives the same with two projectors at once', async () => {
    const other = new Projection(billingRouting, documents, database.collection('other checkpoints'));
    await other.position(1);
    for (let end = 1; end <= log.length; end++) {
      if (log[end - 1]!.isLastOfAppend)
        await Promise.all([handle(log.slice(0, end)), handle(log.slice(0, end), other)]);
    }
    expect(await stored()).toEqual(folded());
  });

  it('applies what another one has not, where that one was first with the client', async () => {
    const overtaken = database.collection<ReadModelDocument>('documents');
    const write = overtaken.bulkWrite.bind(overtaken);
    overtaken.bulkWrite = async (...writes) => {
      overtaken.bulkWrite = write;
      await documents.insertOne(project(billingRouting, one, undefined, ofOne.slice(0, 1))!);
      return write(...writes);
    };
    const other = new Projection(billingRouting, overtaken, database.collection('other checkpoints'));
    await other.position(1);
    await handle(log, other);
    expect(await stored()).toEqual(folded());
  });

  it('tells who waits for a document once it can be read, whatever becomes of the checkpoint', async () => {
    const written = new WrittenDocuments();
    const telling = new Projection(billingRouting, documents, database.collection('fenced'), written);
    await telling.position(1);
    await new Projection(billingRouting, documents, database.collection('fenced')).position(2);
    const found: Promise<unknown>[] = [];
    jest.spyOn(written, 'tell').mockImplementation((collection, ids) => {
      for (const _id of ids) found.push(database.collection<ReadModelDocument>(collection).findOne({ _id }));
    });
    await expect(handle(log, telling)).rejects.toThrow(CheckpointFenced);
    expect(await Promise.all(found)).toEqual(folded());
  });

  it('never takes a document backwards', async () => {
    await handle(log);
    await handle(ofOne.slice(0, 1));
    expect(await stored()).toEqual(folded());
  });

  it('stops at a gap, and neither writes nor moves its position', async () => {
    await projection.handle(ofOne.slice(0, 1));
    await expect(projection.handle(ofOne.slice(2))).rejects.toThrow(RevisionGap);
    expect(await stored()).toEqual([project(billingRouting, one, undefined, ofOne.slice(0, 1))]);
    expect(await projection.position(1)).toEqual(checkpointAfter(ofOne.slice(0, 1)));
  });
});
