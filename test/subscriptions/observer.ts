import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from 'mongodb';
import type { ReadModelDocument } from '../../src/read-models/read-model.js';
import { type Checkpoint, isBefore } from '../../src/subscriptions/checkpoint.js';
import { type CheckpointDocument, readCheckpoint } from '../../src/subscriptions/checkpoint-store.js';
import { EVENTS_OF_APPEND } from './writers.js';

/** Looks at what anyone may read, all the time, and notes what nobody may ever see. */
export class Observer {
  /** Checkpoints and documents that went back, and documents that showed the middle of an append. */
  readonly sins = new Set<string>();
  looks = 0;
  private readonly checkpoints = new Map<string, Checkpoint>();
  private readonly revisions = new Map<string, number>();
  private isStopped = false;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Db,
    private readonly subscribers: readonly string[],
  ) {}

  start(): void {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.isStopped) {
      for (const subscriber of this.subscribers) {
        try {
          await this.look(subscriber);
          this.looks += 1;
        } catch {
          await sleep(50); // the server is away: there is nothing to see
        }
      }
      await sleep(5);
    }
  }

  private async look(subscriber: string): Promise<void> {
    const checkpoint = await readCheckpoint(
      this.database.collection<CheckpointDocument>('checkpoints'),
      subscriber,
    );
    const former = this.checkpoints.get(subscriber);
    if (former && (!checkpoint || isBefore(checkpoint, former)))
      this.sins.add(`the checkpoint of ${subscriber} went back`);
    if (checkpoint) this.checkpoints.set(subscriber, checkpoint);
    const documents = this.database.collection<ReadModelDocument>(subscriber);
    for (const { _id, revision } of await documents.find({}, { projection: { revision: 1 } }).toArray()) {
      const place = `${subscriber} ${_id}`;
      if (revision < (this.revisions.get(place) ?? -1)) this.sins.add(`${place} went back`);
      if ((revision + 1) % EVENTS_OF_APPEND !== 0) this.sins.add(`${place} shows the middle of an append`);
      this.revisions.set(place, revision);
    }
  }
}
