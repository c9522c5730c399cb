import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { clientIn } from '../event-log/contact-book-stream.js';
import type { Position, StoredEvent } from '../event-log/event-store.js';
import { type EventCodec, UnknownEvent } from '../event-log/stored-form.js';
import type { Arrival } from './arrived-events.js';
import type { BatchHandler, SkippedAppend } from './batch-handler.js';
import { type Checkpoint, type HeldBack, isBefore } from './checkpoint.js';
import {
  afterHandling,
  afterPassing,
  appendsIn,
  TooManyHeldBack,
  withoutHeldBack,
} from './held-back-clients.js';
import { interruptionBy } from './interruption.js';
import type { ParkedClients } from './parked-clients.js';
import type { SubscriberSettings } from './subscriber-settings.js';

export interface DeliveryParts {
  readonly codec: Pick<EventCodec, 'fromStoredForm'>;
  readonly handler: BatchHandler;
  /** Where clients are parked that can't be handled; without it, one interrupts all others. */
  readonly parked: ParkedClients | undefined;
  readonly settings: Pick<
    SubscriberSettings,
    'quietCheckpointMs' | 'attempts' | 'maxHeldBack' | 'retryDelayMs' | 'maxRetryDelayMs'
  >;
  readonly fencingToken: number;
  /** The version of the program, for who looks at why a client is parked. */
  readonly build: string;
  readonly subscriber: string;
  readonly log: Logger;
  /** Aborted once the subscriber has to leave: no attempt is waited for any longer. */
  readonly signal: AbortSignal;
}

/**
 * Hands what has arrived to the handler, with the checkpoint that it reaches. A batch that can't be handled is halved
 * until one append is at fault; its client is held back from there on, and the others go on.
 */
export class Delivery {
  private storedAt = -Infinity;
  private handled = 0;
  private readonly from: bigint;
  /** Whether the handler was given something since it told its position, and has not said that it is done. */
  private isUncertain = false;
  /** All up to there is handled; the checkpoint of it may not be stored yet. */
  reached: Position | undefined;

  constructor(
    private readonly parts: DeliveryParts,
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

  get heldBack(): readonly HeldBack[] {
    return this.checkpoint?.heldBack ?? [];
  }

  /** Raises what the codec and the handler raise, but poison, and TooManyHeldBack; the position must be asked for then. */
  async deliver({ events, checkpoint: quiet }: Arrival): Promise<void> {
    const reached = quiet ?? events.at(-1)?.position ?? this.reached;
    if (reached && (events.length > 0 || this.isToStore(reached))) {
      await this.handleAround(events, reached);
      this.handled += events.length;
    }
    this.reached = reached;
  }

  /** Handles whole appends of one held-back client, the first that wait. Raises as `deliver`, and poison. */
  async handleHeldBack(events: readonly StoredEvent[]): Promise<void> {
    const { stream, revision } = events.at(-1)!;
    const batch = await this.parts.codec.fromStoredForm(events);
    const checkpoint = { ...this.checkpoint!, heldBack: afterHandling(this.heldBack, stream, revision) };
    await this.store(checkpoint, () => this.parts.handler.handle(batch, checkpoint));
  }

  /** Goes on without an append of a held-back client, the first that waits. Raises as `handleHeldBack`. */
  async skip(stream: string, skipped: Omit<SkippedAppend, 'client'>): Promise<void> {
    const { handler } = this.parts;
    const client = clientIn(stream);
    if (client && !handler.skip) throw new TypeError('this handler skips nothing');
    const checkpoint = { ...this.checkpoint!, heldBack: afterHandling(this.heldBack, stream, skipped.to) };
    await this.store(checkpoint, () =>
      // Where it is no client's, there is nothing that the handler could have of it.
      client ? handler.skip!({ client, ...skipped }, checkpoint) : handler.handle([], checkpoint),
    );
  }

  /** Stores the checkpoint once more: that fails where another one has taken over since. Raises as `deliver`. */
  async confirm(): Promise<void> {
    const { checkpoint } = this;
    if (checkpoint) await this.store(checkpoint, () => this.parts.handler.handle([], checkpoint));
  }

  /** Makes the handler ready again after an error that lies with what it was given; raises any other one. */
  async recoverFrom(error: unknown): Promise<void> {
    const { parked, signal, handler, fencingToken } = this.parts;
    if (!parked || interruptionBy(error).kind !== 'poison') throw error;
    signal.throwIfAborted();
    if (!this.isUncertain) return;
    const position = await handler.position(fencingToken);
    if (position?.commit !== this.checkpoint?.commit || position?.prepare !== this.checkpoint?.prepare)
      throw error;
    this.isUncertain = false;
  }

  /** Writes down why the append's client is held back, before any checkpoint says so. */
  async park([first]: readonly StoredEvent[], error: unknown): Promise<void> {
    const { build, parked, subscriber, log } = this.parts;
    const { cause, reason } = interruptionBy(error).fields;
    const { stream, revision: from } = first!;
    const told = { stream, from, cause, ...(reason !== undefined && { reason }) };
    await parked!.put({ ...told, build, failedAt: new Date() });
    log.error({ subscriber, ...told }, 'client held back');
  }

  private async handleAround(events: readonly StoredEvent[], reached: Position): Promise<void> {
    try {
      await this.handle(events, reached, this.heldBack);
    } catch (error) {
      await this.recoverFrom(error);
      const appends = appendsIn(withoutHeldBack(events, this.heldBack));
      if (appends.length === 0) throw error;
      if (appends.length === 1) return this.insist(appends[0]!, events, reached, error);
      const middle = appends[Math.floor(appends.length / 2) - 1]!.at(-1)!;
      const cut = events.indexOf(middle) + 1;
      await this.handleAround(events.slice(0, cut), middle.position);
      await this.handleAround(events.slice(cut), reached);
    }
  }

  /** The one append is at fault: it is tried some more times, and then its client is held back. */
  private async insist(
    append: readonly StoredEvent[],
    events: readonly StoredEvent[],
    reached: Position,
    error: unknown,
  ): Promise<void> {
    const { settings, signal } = this.parts;
    let last = error;
    // No attempt makes a build know what it doesn't.
    for (let attempt = 1; attempt < settings.attempts && !isUnknown(last); attempt++) {
      const delay = Math.min(settings.retryDelayMs * 2 ** (attempt - 1), settings.maxRetryDelayMs);
      await sleep(delay, undefined, { signal });
      try {
        return await this.handle(events, reached, this.heldBack);
      } catch (again) {
        await this.recoverFrom(again);
        last = again;
      }
    }
    if (this.heldBack.length >= settings.maxHeldBack) throw new TooManyHeldBack(settings.maxHeldBack);
    await this.park(append, last);
    const { stream, revision: from } = append[0]!;
    await this.handle(events, reached, [...this.heldBack, { stream, from, to: append.at(-1)!.revision }]);
  }

  private async handle(
    events: readonly StoredEvent[],
    reached: Position,
    heldBack: readonly HeldBack[],
  ): Promise<void> {
    const batch = await this.parts.codec.fromStoredForm(withoutHeldBack(events, heldBack));
    const checkpoint = this.checkpointAt(reached, events.at(-1), afterPassing(heldBack, events));
    await this.store(checkpoint, () => this.parts.handler.handle(batch, checkpoint));
  }

  private async store(checkpoint: Checkpoint, handOver: () => Promise<void>): Promise<void> {
    this.isUncertain = true;
    await handOver();
    this.isUncertain = false;
    this.checkpoint = checkpoint;
    this.storedAt = performance.now();
  }

  /** A write for each stretch of foreign events would cost more than to read them again after a start. */
  private isToStore(reached: Position): boolean {
    if (this.checkpoint && !isBefore(this.checkpoint, reached)) return false;
    return performance.now() - this.storedAt >= this.parts.settings.quietCheckpointMs;
  }

  private checkpointAt(
    { commit, prepare }: Position,
    last: StoredEvent | undefined,
    heldBack: readonly HeldBack[],
  ): Checkpoint {
    const { lastEvent } = this.checkpoint ?? {};
    return {
      commit,
      prepare,
      ...(last
        ? { lastEvent: { stream: last.stream, revision: last.revision, id: last.id } }
        : lastEvent && { lastEvent }),
      ...(heldBack.length > 0 && { heldBack }),
    };
  }
}

function isUnknown(error: unknown): boolean {
  return error instanceof UnknownEvent;
}
