import { type AnyBulkWriteOperation, type Collection, MongoBulkWriteError } from 'mongodb';
import { clientKey } from '../event-log/contact-book-stream.js';
import type { RecordedEvent } from '../event-log/stored-form.js';
import type { BatchHandler, SkippedAppend } from '../subscriptions/batch-handler.js';
import { type Checkpoint, checkpointAfter } from '../subscriptions/checkpoint.js';
import { type CheckpointDocument, StoredCheckpoint } from '../subscriptions/checkpoint-store.js';
import { DURABLE_WRITE } from '../subscriptions/durable-write.js';
import { passOver, project, type ReadModel, type ReadModelDocument } from './read-model.js';
import { WrittenDocuments } from './written-documents.js';

const DUPLICATE_KEY = 11000;
const MAX_ATTEMPTS = 5;

/** Others wrote the same documents each time that this batch was about to. */
export class ProjectionContention extends Error {
  override readonly name = 'ProjectionContention';
}

/**
 * Keeps one read model: folds a batch per client and writes whole documents, each only in the place of the
 * very revision that it was folded from. So a batch that comes again, or to two projectors, has its effect once.
 */
export class Projection implements BatchHandler {
  /** Named as the collection is. */
  readonly subscriber: string;
  private readonly checkpoint: StoredCheckpoint;

  constructor(
    private readonly readModel: ReadModel<object>,
    private readonly documents: Collection<ReadModelDocument>,
    checkpoints: Collection<CheckpointDocument>,
    /** Who is told what was written, where someone waits for it. */
    private readonly written = new WrittenDocuments(),
  ) {
    this.subscriber = documents.collectionName;
    this.checkpoint = new StoredCheckpoint(checkpoints, this.subscriber);
  }

  /** Raises CheckpointFenced and MongoDB's errors. */
  async position(fencingToken: number): Promise<Checkpoint | undefined> {
    await this.documents.createIndexes([...this.readModel.indexes]);
    return this.checkpoint.takeOver(fencingToken);
  }

  /** Raises RevisionGap, ProjectionContention, CheckpointFenced and MongoDB's errors; no document is half applied then. */
  async handle(batch: readonly RecordedEvent[], checkpoint = checkpointAfter(batch)): Promise<void> {
    const pending = byClient(batch);
    await this.apply(pending);
    this.written.tell(this.subscriber, pending.keys());
    await this.checkpoint.store(checkpoint);
  }

  /** Raises as `handle`. */
  async skip(skipped: SkippedAppend, checkpoint: Checkpoint): Promise<void> {
    const former = (await this.load([clientKey(skipped.client)])).get(clientKey(skipped.client));
    const document = passOver(this.readModel, former, skipped);
    if (document !== former && !(await this.write([replacing(former, document)])))
      throw new ProjectionContention(`${this.subscriber} is being written by others`);
    this.written.tell(this.subscriber, [document._id]);
    await this.checkpoint.store(checkpoint);
  }

  private async apply(pending: ReadonlyMap<string, RecordedEvent[]>): Promise<void> {
    if (pending.size === 0) return;
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      const found = await this.load([...pending.keys()]);
      const writes: AnyBulkWriteOperation<ReadModelDocument>[] = [];
      for (const [key, events] of pending) {
        const former = found.get(key);
        const document = project(this.readModel, events[0]!.client, former, events);
        if (document && document !== former) writes.push(replacing(former, document));
      }
      if (writes.length === 0 || (await this.write(writes))) return;
    }
    throw new ProjectionContention(`${this.subscriber} is being written by others`);
  }

  private async load(keys: string[]): Promise<Map<string, ReadModelDocument>> {
    const found = await this.documents.find({ _id: { $in: keys } }).toArray();
    return new Map(found.map((document) => [document._id, document]));
  }

  /** Whether each of the writes found what it was to replace. */
  private async write(writes: AnyBulkWriteOperation<ReadModelDocument>[]): Promise<boolean> {
    try {
      const result = await this.documents.bulkWrite(writes, {
        ordered: false,
        ...DURABLE_WRITE,
      });
      return result.matchedCount + result.insertedCount === writes.length;
    } catch (error) {
      const conflicts = error instanceof MongoBulkWriteError ? [error.writeErrors].flat() : [];
      const isConflict = conflicts.length > 0 && conflicts.every(({ code }) => code === DUPLICATE_KEY);
      if (!isConflict) throw error;
      // One at least did not. The counts beside an error are not asked: not every server tells them right.
      return false;
    }
  }
}

function replacing(
  former: ReadModelDocument | undefined,
  document: ReadModelDocument,
): AnyBulkWriteOperation<ReadModelDocument> {
  if (!former) return { insertOne: { document } };
  return { replaceOne: { filter: { _id: former._id, revision: former.revision }, replacement: document } };
}

function byClient(batch: readonly RecordedEvent[]): Map<string, RecordedEvent[]> {
  const clients = new Map<string, RecordedEvent[]>();
  for (const event of batch) {
    const key = clientKey(event.client);
    const events = clients.get(key);
    if (events) events.push(event);
    else clients.set(key, [event]);
  }
  return clients;
}
