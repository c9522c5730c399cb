import type { Position, StoredEvent } from '../event-log/event-store.js';
import type { EventCodec } from '../event-log/stored-form.js';
import type { Arrival } from './arrived-events.js';
import type { BatchHandler } from './batch-handler.js';
import { type Checkpoint, isBefore } from './checkpoint.js';
import type { SubscriberSettings } from './subscriber-settings.js';

/** Hands what has arrived to the handler, with the checkpoint that it reaches. */
export class Delivery {
  private storedAt = -Infinity;
  private handled = 0;
  private readonly from: bigint;
  /** All up to there is handled; the checkpoint of it may not be stored yet. */
  reached: Position | undefined;

  constructor(
    private readonly codec: EventCodec,
    private readonly handler: BatchHandler,
    private readonly settings: Pick<SubscriberSettings, 'quietCheckpointMs'>,
    /** The one that the handler has stored last. */
    public checkpoint: Checkpoint | undefined,
  ) {
    this.reached = checkpoint;
    this.from = checkpoint?.commit ?? 0n;
  }

  /** How many events one unit of distance in the log has held, as far as it was followed. */
  get density(): number {
    return this.reached ? this.handled / Math.max(1, Number(this.reached.commit - this.from)) : 0;
  }

  /** Raises what the codec and the handler raise; the handler must then be asked for its position. */
  async deliver({ events, checkpoint: quiet }: Arrival): Promise<void> {
    const reached = quiet ?? events.at(-1)?.position ?? this.reached;
    if (reached && (events.length > 0 || this.isToStore(reached))) {
      const checkpoint = this.checkpointAt(reached, events.at(-1));
      await this.handler.handle(await this.codec.fromStoredForm(events), checkpoint);
      this.checkpoint = checkpoint;
      this.storedAt = performance.now();
      this.handled += events.length;
    }
    this.reached = reached;
  }

  /** A write for each stretch of foreign events would cost more than to read them again after a start. */
  private isToStore(reached: Position): boolean {
    if (this.checkpoint && !isBefore(this.checkpoint, reached)) return false;
    return performance.now() - this.storedAt >= this.settings.quietCheckpointMs;
  }

  private checkpointAt({ commit, prepare }: Position, last: StoredEvent | undefined): Checkpoint {
    const { lastEvent } = this.checkpoint ?? {};
    return {
      commit,
      prepare,
      ...(last
        ? { lastEvent: { stream: last.stream, revision: last.revision, id: last.id } }
        : lastEvent && { lastEvent }),
    };
  }
}
