import type { Logger } from 'pino';
import { STREAM_PREFIX } from '../event-log/contact-book-stream.js';
import type { EventStore, Position } from '../event-log/event-store.js';
import type { EventCodec, RecordedEvent } from '../event-log/stored-form.js';
import { ArrivedEvents } from './arrived-events.js';
import { endsWithin } from './bounded-wait.js';
import { interruptionBy } from './interruption.js';

/** What a subscriber does with the log. Batches come in order and hold whole appends. */
export interface BatchHandler {
  /** Where to go on from: behind this position, or at the log's start when undefined. */
  position(): Promise<Position | undefined>;
  /**
   * Handles the batch and stores its last event's position; resolves once both are done. The same events may
   * come again after a failure, so handling them twice must have the effect of once.
   */
  handle(batch: readonly RecordedEvent[]): Promise<void>;
}

export interface SubscriberSettings {
  /** How many events one batch may have. */
  readonly batchSize: number;
  /** How many events may wait for the handler. */
  readonly readAhead: number;
  /** The wait after a first failure, in milliseconds; doubled with each further one, up to the maximum. */
  readonly retryDelayMs: number;
  readonly maxRetryDelayMs: number;
  /** How long a stop waits for the batch in hand, in milliseconds; by default 5 seconds. */
  readonly stopLimitMs?: number;
}

const STOP_LIMIT_MS = 5_000;

/**
 * One subscriber, one loop: read what has arrived, handle it, store the checkpoint. After any failure it
 * waits, asks the handler where it stands, and subscribes anew from there.
 */
export class Subscriber {
  private stopping = false;
  private leave = () => {};
  private wake = () => {};
  private failures = 0;
  private running: Promise<void> | undefined;

  constructor(
    readonly name: string,
    private readonly eventStore: EventStore,
    private readonly codec: EventCodec,
    private readonly handler: BatchHandler,
    private readonly settings: SubscriberSettings,
    private readonly log: Logger,
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  /**
   * Resolves once the batch in hand is done, or has taken too long. To abandon it is safe: each handler stores its
   * position with or after what it has done, and guards that (by revision, by fencing), so that what the batch
   * still does late, and again after the next start, has the effect of once.
   */
  async stop(): Promise<void> {
    this.stopping = true;
    this.leave();
    this.wake();
    if (!this.running) return;
    const limit = this.settings.stopLimitMs ?? STOP_LIMIT_MS;
    if (!(await endsWithin(limit, this.running)))
      this.log.warn({ subscriber: this.name }, 'stopped with a batch unfinished');
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      try {
        await this.follow();
      } catch (error) {
        if (this.stopping) return;
        await this.waitAfter(error);
      }
    }
  }

  private async follow(): Promise<void> {
    const position = await this.handler.position();
    if (this.stopping) return;
    const arrived = new ArrivedEvents(this.settings.readAhead);
    const subscription = this.eventStore.subscribe(STREAM_PREFIX, position);
    this.leave = () => {
      subscription.close();
      arrived.end();
    };
    void arrived.readFrom(subscription);
    this.log.info({ subscriber: this.name, commit: position?.commit.toString() }, 'subscribed');
    try {
      while (!this.stopping) {
        const batch = await arrived.take(this.settings.batchSize);
        if (!batch) throw new Error('the subscription ended');
        await this.handler.handle(await this.codec.fromStoredForm(batch));
        this.failures = 0;
      }
    } finally {
      this.leave();
    }
  }

  private async waitAfter(error: unknown): Promise<void> {
    const { retryDelayMs, maxRetryDelayMs } = this.settings;
    const { level, isToWaitLong, fields } = interruptionBy(error);
    const limit = Math.min(retryDelayMs * 2 ** this.failures++, maxRetryDelayMs);
    const delay = isToWaitLong ? maxRetryDelayMs : limit * (0.5 + Math.random() / 2);
    this.log[level]({ subscriber: this.name, ...fields, retryInMs: Math.round(delay) }, 'interrupted');
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, delay);
      this.wake = () => (clearTimeout(timer), resolve());
    });
  }
}
