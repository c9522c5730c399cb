/** What a projector must not do. Only here, so that the campaign can show that it would notice. */
import { EventStoreDBClient, type SubscribeToAllOptions } from '@eventstore/db-client';
import type { Collection } from 'mongodb';
import type { Position } from '../../src/event-log/event-store.js';
import type { RecordedEvent } from '../../src/event-log/stored-form.js';
import type { Projection } from '../../src/read-models/projection.js';
import type { BatchHandler } from '../../src/subscriptions/batch-handler.js';
import type { Checkpoint } from '../../src/subscriptions/checkpoint.js';
import { type CheckpointDocument, StoredCheckpoint } from '../../src/subscriptions/checkpoint-store.js';
import type { DeadlyPoints } from './deadly-points.js';

/** Stores the checkpoint, and then writes. The projection keeps a checkpoint that nobody asks for. */
export class CheckpointFirst implements BatchHandler {
  private readonly checkpoint: StoredCheckpoint;

  constructor(
    private readonly projection: Projection,
    checkpoints: Collection<CheckpointDocument>,
    private readonly points: DeadlyPoints,
  ) {
    this.checkpoint = new StoredCheckpoint(checkpoints, projection.subscriber);
  }

  async position(token: number): Promise<Checkpoint | undefined> {
    await this.projection.position(token);
    return this.checkpoint.takeOver(token);
  }

  async handle(batch: readonly RecordedEvent[], checkpoint: Checkpoint): Promise<void> {
    await this.checkpoint.store(checkpoint);
    await this.points.pass('checkpoint stored');
    await this.projection.handle(batch, checkpoint);
  }
}

/** Stores what the client tells in `checkpointReached`, as it tells it: events before it may still wait in buffers. */
export class EarlyCheckpoint implements BatchHandler {
  private readonly checkpoint: StoredCheckpoint;
  private storing: Promise<void> = Promise.resolve();

  constructor(
    private readonly projection: Projection,
    checkpoints: Collection<CheckpointDocument>,
  ) {
    this.checkpoint = new StoredCheckpoint(checkpoints, projection.subscriber);
    listenToCheckpoints((position) => {
      this.storing = this.storing.then(() => this.checkpoint.store(position)).catch(() => {});
    });
  }

  async position(token: number): Promise<Checkpoint | undefined> {
    await this.projection.position(token);
    return this.checkpoint.takeOver(token);
  }

  handle(batch: readonly RecordedEvent[], checkpoint: Checkpoint): Promise<void> {
    return this.projection.handle(batch, checkpoint);
  }
}

/** Of every subscription that this process begins from now on. */
function listenToCheckpoints(reached: (position: Position) => void): void {
  const { prototype } = EventStoreDBClient;
  const subscribe = Reflect.get(prototype, 'subscribeToAll') as (options: SubscribeToAllOptions) => unknown;
  const subscribeAndListen = function (this: EventStoreDBClient, options: SubscribeToAllOptions) {
    const early = async (_subscription: unknown, position: Position) => reached(position);
    const filter = { ...options.filter!, checkpointInterval: 1, checkpointReached: early };
    return subscribe.call(this, { ...options, filter });
  };
  Reflect.set(prototype, 'subscribeToAll', subscribeAndListen);
}
