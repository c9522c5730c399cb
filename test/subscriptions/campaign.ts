import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from 'mongodb';
import type { EventStore } from '../../src/event-log/event-store.js';
import { verify } from '../../src/read-models/editions/verify.js';
import { lastOfOurs } from '../../src/read-models/log-end.js';
import type { ReadModelDocument } from '../../src/read-models/read-model.js';
import { READ_MODELS } from '../../src/read-models/read-models.js';
import { isBefore } from '../../src/subscriptions/checkpoint.js';
import { type CheckpointDocument, readCheckpoint } from '../../src/subscriptions/checkpoint-store.js';
import { type Fate, meetFates } from '../fixtures/fates.js';
import { codec } from '../fixtures/recorded-events.js';
import type { DeadlyPoint } from './deadly-points.js';
import { Observer } from './observer.js';
import { ProjectorProcess, type ProjectorSettings } from './projector-process.js';
import { Writers } from './writers.js';

/** In which a replica that nothing else ends is killed. */
const PATIENCE_MS = 25_000;
const CATCH_UP_MS = 30_000;
/** Each takes verification some seconds to be sure of; as good as all. */
const MAX_DIFFERENCES = 3;
/** What no crash may bring about; a RangeError is a checkpoint that would go back, or half of an append. */
const ALARMS = new Set(['RevisionGap', 'LogDiverged', 'RangeError']);

export interface Ground {
  /** A log of the campaign's own. */
  readonly eventStore: EventStore;
  readonly database: Db;
  /** How the projectors reach them. */
  readonly reach: Pick<ProjectorSettings, 'eventStoreUrl' | 'mongodbUrl'>;
}

/** What was found; each list is empty where all is well. */
export interface Findings {
  readonly differences: readonly string[];
  readonly sins: readonly string[];
  readonly alarms: readonly string[];
  readonly notCaughtUp: readonly string[];
}

export const NOTHING_FOUND: Findings = { differences: [], sins: [], alarms: [], notCaughtUp: [] };

/** Replicas that live and die on one ground, with writers at work and an observer. */
export class Campaign {
  readonly writers: Writers;
  private readonly observer: Observer;
  private readonly names: readonly string[];
  private readonly alarms = new Set<string>();
  /** The points at which replicas have died; the others were killed wherever they were. */
  readonly met: DeadlyPoint[] = [];

  constructor(
    private readonly ground: Ground,
    private readonly settings: Pick<ProjectorSettings, 'ttlMs' | 'manner' | 'readModels' | 'batchSize'>,
  ) {
    this.writers = new Writers(ground.eventStore, { clients: 40, pauseMs: 40 });
    this.names = this.readModels.map(({ name, version }) => `${name}_v${version}_1`);
    this.observer = new Observer(ground.database, this.names);
  }

  begin(): void {
    this.writers.start();
    this.observer.start();
  }

  replica(own: Pick<ProjectorSettings, 'death' | 'wallClockShiftMs'> = {}): ProjectorProcess {
    const { reach, database } = this.ground;
    const replica = new ProjectorProcess({
      ...this.settings,
      ...reach,
      database: database.databaseName,
      ...own,
    });
    void replica.ended.finally(() => this.note(replica));
    return replica;
  }

  /** Lets replicas, two at a time, meet their fates. */
  async kill(fates: readonly Fate<DeadlyPoint>[]): Promise<void> {
    this.met.push(...(await meetFates(fates, (own) => this.replica(own), PATIENCE_MS)));
  }

  /** Ends the writing and the looking; what has been found until then counts for nothing. */
  async abandon(): Promise<void> {
    await Promise.all([this.writers.stop(), this.observer.stop()]);
  }

  /** Ends the writing, lets one more replica catch up, and looks at everything. */
  async conclude(last = this.replica()): Promise<Findings> {
    await this.writers.stop();
    const notCaughtUp = await this.waitForEnd(last);
    await last.end('SIGTERM');
    this.note(last);
    const differences: string[] = [];
    for (const [index, readModel] of this.readModels.entries()) {
      const documents = this.ground.database.collection<ReadModelDocument>(this.names[index]!);
      const { eventStore } = this.ground;
      for await (const { client, kind } of verify({ readModel, documents, eventStore, codec }, () => {})) {
        if (differences.push(`${client} ${kind}`) === MAX_DIFFERENCES) break;
      }
    }
    await this.observer.stop();
    return { differences, sins: [...this.observer.sins], alarms: [...this.alarms], notCaughtUp };
  }

  /** How often the observer has looked, so that nobody takes for innocence that it slept. */
  get looks(): number {
    return this.observer.looks;
  }

  private get readModels() {
    return READ_MODELS.filter(({ name }) => this.settings.readModels?.includes(name) ?? true);
  }

  private note(replica: ProjectorProcess): void {
    for (const cause of replica.causes) if (ALARMS.has(cause)) this.alarms.add(cause);
  }

  /** Which subscribers have not come to the log's end in time, or have stopped before it. */
  private async waitForEnd(last: ProjectorProcess): Promise<string[]> {
    const { database, eventStore } = this.ground;
    const end = await lastOfOurs(eventStore, undefined);
    const checkpoints = database.collection<CheckpointDocument>('checkpoints');
    const until = performance.now() + CATCH_UP_MS;
    for (;;) {
      const behind: string[] = [];
      for (const name of this.names) {
        const checkpoint = await readCheckpoint(checkpoints, name);
        if (!checkpoint || isBefore(checkpoint, end!)) behind.push(name);
      }
      if (behind.length === 0 || performance.now() >= until || last.causes.some((cause) => ALARMS.has(cause)))
        return behind;
      await sleep(50);
    }
  }
}
