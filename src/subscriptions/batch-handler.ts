import type { ClientRef } from '../event-log/contact-book-stream.js';
import type { Revision } from '../event-log/event-store.js';
import type { RecordedEvent } from '../event-log/stored-form.js';
import type { Checkpoint } from './checkpoint.js';

/** An append that someone has decided to go on without. */
export interface SkippedAppend {
  readonly client: ClientRef;
  readonly from: Revision;
  readonly to: Revision;
  /** When the event store recorded it. */
  readonly recordedAt: Date;
  /** Who decided it, and why. */
  readonly by: string;
  readonly reason: string;
}

/**
 * What a subscriber does with the log. Batches come in order and hold whole appends. The same events may come again
 * after a failure, so handling them twice must have the effect of once.
 */
export interface BatchHandler {
  /**
   * Where to go on from: behind this checkpoint, or at the log's start when undefined. Asked before the first batch
   * and after each failure. From then on no one with an older fencing token stores a checkpoint.
   */
  position(fencingToken: number): Promise<Checkpoint | undefined>;
  /**
   * Handles the batch, then stores the checkpoint, with it or after it; resolves once both are done. The batch is
   * empty where there is nothing to do up to the checkpoint. Where a held-back client is replayed, the batch is of
   * events far behind the checkpoint's position.
   */
  handle(batch: readonly RecordedEvent[], checkpoint: Checkpoint): Promise<void>;
  /** As `handle`, for an append that is to have no effect but that its client goes on behind it. */
  skip?(skipped: SkippedAppend, checkpoint: Checkpoint): Promise<void>;
  /** What the handler has to say from time to time, whether anything happens or not. */
  readonly heartbeat?: Heartbeat;
}

/**
 * A sign of life, which says that all there is was handled: it is never given while a batch is in hand, nor while the
 * subscriber is behind. It fails as `handle` does.
 */
export interface Heartbeat {
  readonly intervalMs: number;
  beat(): Promise<void>;
}
