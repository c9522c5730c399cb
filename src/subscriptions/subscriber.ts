import type { Logger } from 'pino';
import { STREAM_PREFIX } from '../event-log/contact-book-stream.js';
import type { EventStore } from '../event-log/event-store.js';
import type { EventCodec } from '../event-log/stored-form.js';
import { ArrivedEvents } from './arrived-events.js';
import type { BatchHandler } from './batch-handler.js';
import { endsWithin } from './bounded-wait.js';
import { Delivery } from './delivery.js';
import { HeldBackFlow } from './held-back-flow.js';
import { interruptionBy } from './interruption.js';
import type { HeldLease } from './lease.js';
import type { Leases } from './leases.js';
import { requireSameLog } from './log-continuity.js';
import { LogEndWatch, SubscriptionSilent } from './log-end-watch.js';
import { Pulse } from './pulse.js';
import type { Parking } from './parking.js';
import { retryDelay } from './retry-delay.js';
import { SUBSCRIBER_DEFAULTS, type SubscriberSettings } from './subscriber-settings.js';
import { reported, type SubscriberState, type SubscriberStatus } from './subscriber-status.js';

export interface SubscriberParts {
  /** The name of its lease, and of all that is kept about it. */
  readonly name: string;
  readonly eventStore: EventStore;
  readonly codec: Pick<EventCodec, 'fromStoredForm'>;
  readonly handler: BatchHandler;
  readonly leases: { acquire(...wanted: Parameters<Leases['acquire']>): Promise<HeldLease | undefined> };
  /** The version of the program, for whoever looks at its status. */
  readonly build: string;
  /** Where clients are parked that can't be handled; without it, one interrupts all others. */
  readonly parking?: Parking;
  readonly log: Logger;
  readonly settings?: Partial<SubscriberSettings>;
}

/** The event store ended the subscription without an error. */
class SubscriptionEnded extends Error {
  override readonly name = 'SubscriptionEnded';
}

/**
 * One subscriber, one loop: while it holds the lease, read what has arrived, handle it, store the checkpoint. After
 * any failure it waits, renews its lease, asks the handler where it stands, and subscribes anew from there.
 */
export class Subscriber {
  readonly name: string;
  private readonly settings: SubscriberSettings;
  private readonly stopping = new AbortController();
  private state: SubscriberState = 'stopped';
  private cause: string | undefined;
  private reason: string | undefined;
  /** Whether what an earlier holder of the lease has left is settled. */
  private hasSettled = false;
  private failures = 0;
  private silences = 0;
  private progressAt: number | undefined;
  private handled = 0;
  private delivery: Delivery | undefined;
  private watch: LogEndWatch | undefined;
  private running: Promise<void> | undefined;

  constructor(private readonly parts: SubscriberParts) {
    this.name = parts.name;
    this.settings = { ...SUBSCRIBER_DEFAULTS, ...parts.settings };
  }

  start(): void {
    this.running ??= this.run();
  }

  /**
   * Resolves once the batch in hand is done and the lease given back, or that has taken too long. To abandon a batch
   * is safe: each handler stores its checkpoint with or after what it has done, and guards that (by revision, by
   * fencing), so that what the batch still does late, and again after the next start, has the effect of once.
   */
  async stop(): Promise<void> {
    this.stopping.abort();
    if (this.running && !(await endsWithin(this.settings.stopLimitMs, this.running)))
      this.parts.log.warn({ subscriber: this.name }, 'stopped with a batch unfinished');
  }

  status(): SubscriberStatus {
    const { state, cause, reason, handled, progressAt, delivery, watch } = this;
    return {
      state,
      checkpoint: delivery?.checkpoint,
      lag: watch?.lag,
      heldBack: delivery?.checkpoint?.heldBack?.length ?? 0,
      handled,
      lastProgressSeconds:
        progressAt === undefined ? undefined : Math.round((performance.now() - progressAt) / 1000),
      cause,
      reason,
    };
  }

  private async run(): Promise<void> {
    const { leases, build } = this.parts;
    while (!this.stopping.signal.aborted) {
      this.enter('waiting_for_lease');
      const lease = await leases.acquire(
        this.name,
        this.stopping.signal,
        () => reported(this.status(), build),
        (error) => this.tell(error),
      );
      if (lease) await this.runUnder(lease);
    }
    this.enter('stopped');
  }

  private async runUnder(lease: HeldLease): Promise<void> {
    this.parts.log.info({ subscriber: this.name, token: lease.token }, 'holds the lease');
    // The holder in between may have been of a build that knows less.
    this.hasSettled = false;
    while (!this.isToLeave(lease)) {
      try {
        await this.follow(lease);
      } catch (error) {
        if (!this.isToLeave(lease)) await this.waitAfter(error);
        // Another one has taken over: whoever looks shall see by what this one's batch was ended.
        else if (!this.stopping.signal.aborted && !isAbort(error)) this.tell(error);
      }
    }
    this.watch?.close();
    this.watch = undefined;
    if (this.stopping.signal.aborted) this.enter('stopped');
    await lease.release().catch((error: unknown) => this.tell(error));
  }

  private async follow(lease: HeldLease): Promise<void> {
    const { eventStore, codec, handler, parking, build, log } = this.parts;
    await lease.renew();
    const checkpoint = await handler.position(lease.token);
    if (checkpoint) await requireSameLog(eventStore, checkpoint);
    const { settings } = this;
    const fencingToken = lease.token;
    const signal = AbortSignal.any([lease.lost, this.stopping.signal]);
    const delivery = (this.delivery = new Delivery(
      {
        subscriber: this.name,
        codec,
        handler,
        parked: parking?.clients,
        settings,
        fencingToken,
        build,
        log,
        signal,
      },
      checkpoint,
    ));
    const heldBack = parking && new HeldBackFlow(parking, delivery, eventStore, settings.batchSize);
    await heldBack?.settle(!this.hasSettled);
    this.hasSettled = true;
    const arrived = new ArrivedEvents(this.settings.readAhead);
    const subscription = eventStore.subscribe(STREAM_PREFIX, delivery.checkpoint);
    let isIdle = false;
    const following = () => ({
      position: delivery.reached,
      isIdle,
      waiting: arrived.count,
      firstWaiting: arrived.first,
      density: delivery.density,
    });
    // The former one has looked on meanwhile: who is interrupted falls behind.
    this.watch?.close();
    this.watch = new LogEndWatch(eventStore, this.settings, following, (error) => arrived.fail(error));
    const pulse = new Pulse(handler.heartbeat, () => arrived.nudge());
    const looks = heldBack && { intervalMs: settings.requestsMs, beat: () => heldBack.look() };
    const requests = new Pulse(looks, () => arrived.nudge());
    // At once, and not behind a batch that may never end.
    const leave = () => {
      pulse.stop();
      requests.stop();
      subscription.close();
      arrived.end();
    };
    signal.addEventListener('abort', leave);
    void arrived.readFrom(subscription);
    log.info({ subscriber: this.name, commit: checkpoint?.commit.toString() }, 'subscribed');
    this.enter('catching_up');
    try {
      while (!this.isToLeave(lease)) {
        isIdle = true;
        const arrival = await arrived.take(this.settings.batchSize);
        isIdle = false;
        if (this.isToLeave(lease)) return;
        if (!arrival) throw new SubscriptionEnded('the subscription ended');
        await delivery.deliver(arrival);
        // Only once all is handled: a sign of life says that silence means that nothing happened.
        if (arrived.isLive) await pulse.beatIfDue();
        await requests.beatIfDue();
        if (arrival.events.length > 0) this.progressed(arrival.events.length);
        if (arrived.isLive) this.enter('live');
        else if (arrived.isBehind) this.enter('catching_up');
      }
    } finally {
      signal.removeEventListener('abort', leave);
      isIdle = false;
      leave();
    }
  }

  /** Whether it was told to stop, or has to, because someone else may hold the lease. */
  private isToLeave(lease: HeldLease): boolean {
    return this.stopping.signal.aborted || !lease.isHeld;
  }

  private progressed(events: number): void {
    this.failures = this.silences = 0;
    this.cause = this.reason = undefined;
    this.handled += events;
    this.progressAt = performance.now();
  }

  private async waitAfter(error: unknown): Promise<void> {
    const { kind, fields } = interruptionBy(error);
    // A first time the subscription may be at fault, a second time the connection.
    if (error instanceof SubscriptionSilent && ++this.silences > 1) this.parts.eventStore.reconnect();
    const passing = retryDelay(this.failures++, this.settings);
    const delay = kind === 'needs_someone' ? this.settings.maxRetryDelayMs : passing;
    this.tell(error, Math.round(delay));
    if (fields.cause === 'LogDiverged') this.enter('log_diverged');
    else this.enter(kind === 'needs_someone' ? 'blocked' : 'backing_off');
    await pause(delay, this.stopping.signal);
  }

  private tell(error: unknown, retryInMs?: number): void {
    const { level, fields } = interruptionBy(error);
    ({ cause: this.cause, reason: this.reason } = { reason: undefined, ...fields });
    const retry = retryInMs !== undefined && { retryInMs };
    this.parts.log[level]({ subscriber: this.name, ...fields, ...retry }, 'interrupted');
  }

  private enter(state: SubscriberState): void {
    if (state === this.state) return;
    this.parts.log.info({ subscriber: this.name, state, former: this.state }, 'state changed');
    this.state = state;
  }
}

/** A wait was ended, as the lease was lost: not a failure of its own. */
function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** Waits so many milliseconds, or until the signal. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end);
  });
}
