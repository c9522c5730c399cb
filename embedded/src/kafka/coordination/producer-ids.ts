import type { StateLog, StateRecord } from './state-log.js';

/** Numbers producers; no number is given twice, not even after a restart. */
export class ProducerIds {
  private upcoming = 0;
  private state!: StateLog;

  replay(record: StateRecord): void {
    if (record.type === 'producer-id') this.upcoming = record.next;
  }

  dump(): StateRecord[] {
    return [{ type: 'producer-id', next: this.upcoming }];
  }

  start(state: StateLog): void {
    this.state = state;
  }

  async next(): Promise<number> {
    const id = this.upcoming;
    this.upcoming += 1;
    await this.state.append({ type: 'producer-id', next: this.upcoming });
    return id;
  }
}
