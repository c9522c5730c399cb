import type { Heartbeat } from './batch-handler.js';

/** Gives a handler's signs of life between two batches: one at once, then one each interval. */
export class Pulse {
  private readonly timer: NodeJS.Timeout | undefined;
  private isDue: boolean;

  /** `wake` lets the loop come by although there is no batch. */
  constructor(
    private readonly heartbeat: Heartbeat | undefined,
    wake: () => void,
  ) {
    const becomeDue = () => {
      this.isDue = true;
      wake();
    };
    this.isDue = heartbeat !== undefined;
    if (!heartbeat) return;
    this.timer = setInterval(becomeDue, heartbeat.intervalMs);
    wake();
  }

  /** Raises what the heartbeat raises. */
  async beatIfDue(): Promise<void> {
    if (!this.isDue) return;
    this.isDue = false;
    await this.heartbeat!.beat();
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
