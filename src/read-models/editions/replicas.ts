import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Collection } from 'mongodb';
import type { ReadModel } from '../read-model.js';

const BEAT_MS = 1_000;
/** How long a replica may show no sign of life before it is taken for dead. */
export const OBSERVED_MS = 5_000;

export interface ReplicaDocument {
  readonly _id: string;
  readonly build: string;
  /** By read model, the versions that the replica can read and keep. */
  readonly versions: Readonly<Record<string, readonly number[]>>;
  /** Raised at short intervals for as long as the replica lives. */
  readonly beat: number;
}

/** Tells which versions of the read models this process can read, for as long as it runs. */
export class ReplicaAnnouncement {
  private readonly id = randomUUID();
  private readonly versions: Record<string, number[]> = {};
  private timer: NodeJS.Timeout | undefined;
  private beating: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly replicas: Collection<ReplicaDocument>,
    readModels: readonly ReadModel<object>[],
    private readonly build: string,
  ) {
    for (const { name, version } of readModels) (this.versions[name] ??= []).push(version);
  }

  start(): void {
    this.timer = setInterval(() => this.beat(), BEAT_MS);
    this.beat();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.beating;
    await this.replicas.deleteOne({ _id: this.id }).catch(() => {});
  }

  private beat(): void {
    const { id: _id, build, versions } = this;
    const announced = { $inc: { beat: 1 }, $set: { build, versions } };
    // One that did not come through is made good by the next.
    this.beating = this.beating.then(() =>
      this.replicas.updateOne({ _id }, announced, { upsert: true }).catch(() => {}),
    );
  }
}

/**
 * The live replicas that can't read the version. Whether one is alive is told by watching it, no clocks are compared:
 * one whose beat stands still is dead, and forgotten. Takes that long only where there is one to doubt.
 */
export async function replicasLacking(
  replicas: Collection<ReplicaDocument>,
  { name, version }: Pick<ReadModel<object>, 'name' | 'version'>,
  observedMs: number = OBSERVED_MS,
): Promise<ReplicaDocument[]> {
  const lacking = async () =>
    (await replicas.find().toArray()).filter(({ versions }) => !versions[name]?.includes(version));
  const doubted = await lacking();
  if (doubted.length === 0) return [];
  const until = performance.now() + observedMs;
  for (;;) {
    await sleep(observedMs / 10);
    const now = await lacking();
    const alive = now.filter(({ _id, beat }) => doubted.find((former) => former._id === _id)?.beat !== beat);
    if (alive.length > 0) return alive;
    if (performance.now() < until) continue;
    for (const { _id, beat } of now) await replicas.deleteOne({ _id, beat });
    return [];
  }
}
