import { setTimeout as sleep } from 'node:timers/promises';
import type { Collection } from 'mongodb';
import type { Logger } from 'pino';
import type { EventStore, Position } from '../../event-log/event-store.js';
import { isBefore } from '../../subscriptions/checkpoint.js';
import { type CheckpointDocument, readCheckpoint } from '../../subscriptions/checkpoint-store.js';
import { retryDelay } from '../../subscriptions/retry-delay.js';
import type { Subscriber } from '../../subscriptions/subscriber.js';
import { lastOfOurs } from '../log-end.js';
import type { ReadModel } from '../read-model.js';
import { type Edition, editionName, type Editions, EditionsChanged, type EditionStore } from './editions.js';

/** How often the aliases are looked at: so long after a rebuild or a retirement its edition is kept, or no longer. */
const LOOK_EVERY_MS = 1_000;
/** How often while a first edition is being built, which nobody can read yet. */
const LOOK_EVERY_AT_FIRST_MS = 50;
const AFTER_FAILURE = { retryDelayMs: 100, maxRetryDelayMs: 5_000 };

export interface EditionKeeperParts {
  /** Every version of every read model that this build can fold, the newest of each first. */
  readonly readModels: readonly ReadModel<object>[];
  readonly editions: EditionStore;
  readonly eventStore: EventStore;
  readonly checkpoints: Collection<CheckpointDocument>;
  /** A subscriber that keeps the edition of that name. */
  readonly subscriberFor: (readModel: ReadModel<object>, name: string) => Subscriber;
  readonly log: Logger;
}

/**
 * Keeps current every edition that the aliases name and this build can fold: starts a subscriber for each that comes,
 * and stops it when it goes. Lets the very first edition of a read model serve as soon as it has caught up.
 */
export class EditionKeeper {
  private readonly subscribers = new Map<string, Subscriber>();
  /** Where the log ended when a first edition was met. */
  private readonly firstEnds = new Map<string, Position | undefined>();
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(private readonly parts: EditionKeeperParts) {}

  start(): void {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await Promise.all([...this.subscribers.values()].map((subscriber) => subscriber.stop()));
  }

  get kept(): readonly Subscriber[] {
    return [...this.subscribers.values()];
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    let failures = 0;
    while (!signal.aborted) {
      let pause: number;
      try {
        pause = (await this.look()) ? LOOK_EVERY_AT_FIRST_MS : LOOK_EVERY_MS;
        failures = 0;
      } catch (error) {
        const cause = error instanceof Error ? error.name : typeof error;
        pause = retryDelay(failures++, AFTER_FAILURE);
        const fields = { cause, retryInMs: Math.round(pause) };
        this.parts.log.warn(fields, 'the editions of the read models can not be looked at');
      }
      await sleep(pause, undefined, { signal }).catch(() => {});
    }
  }

  /** Whether a first edition is not there yet. */
  private async look(): Promise<boolean> {
    const named = new Set<string>();
    let isWaiting = false;
    for (const name of new Set(this.parts.readModels.map(({ name }) => name))) {
      const versions = this.parts.readModels.filter((readModel) => readModel.name === name);
      const alias = await this.parts.editions.loadOrBegin(name, versions[0]!.version);
      for (const edition of alias.editions) {
        const readModel = versions.find(({ version }) => version === edition.version);
        if (!readModel || edition.state !== 'kept') continue;
        named.add(editionName(name, edition));
        this.keep(readModel, editionName(name, edition));
        if (alias.serving === null) isWaiting = !(await this.serveFirst(alias, edition)) || isWaiting;
      }
    }
    await this.leaveAllBut(named);
    return isWaiting;
  }

  private keep(readModel: ReadModel<object>, name: string): void {
    if (this.subscribers.has(name) || this.stopping.signal.aborted) return;
    const subscriber = this.parts.subscriberFor(readModel, name);
    this.subscribers.set(name, subscriber);
    subscriber.start();
  }

  private async leaveAllBut(named: ReadonlySet<string>): Promise<void> {
    for (const [name, subscriber] of this.subscribers) {
      if (named.has(name)) continue;
      await subscriber.stop();
      this.subscribers.delete(name);
    }
  }

  /** Whether the edition serves now: it has passed where the log ended when it was first met. */
  private async serveFirst(alias: Editions, edition: Edition): Promise<boolean> {
    const { eventStore, checkpoints, editions } = this.parts;
    const name = editionName(alias._id, edition);
    if (!this.firstEnds.has(name)) this.firstEnds.set(name, await lastOfOurs(eventStore, undefined));
    const end = this.firstEnds.get(name);
    const checkpoint = await readCheckpoint(checkpoints, name);
    if (end && (!checkpoint || isBefore(checkpoint, end))) return false;
    await editions.replace(alias, { serving: edition.number }).catch((error: unknown) => {
      // Another replica was faster.
      if (!(error instanceof EditionsChanged)) throw error;
    });
    return true;
  }
}
