import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { StreamNotFoundError } from '@eventstore/db-client';
import { describe, expect, it } from '@jest/globals';
import { withinEachStep } from './step-deadline.js';

const DEADLINE_MS = 50;

/** A stream that gives these items, and is then silent; it counts how often it was cancelled. */
class Silent extends Readable {
  cancelled = 0;
  private readonly items: string[];

  constructor(...items: string[]) {
    super({ objectMode: true });
    this.items = items;
  }

  override _read(): void {
    const item = this.items.shift();
    if (item !== undefined) this.push(item);
  }

  async cancel(): Promise<void> {
    this.cancelled += 1;
  }
}

describe('a stream with a deadline for each step', () => {
  it('gives what comes in time, fails once nothing does, and is ended', async () => {
    const stream = new Silent('one', 'two');
    const seen: string[] = [];
    const reading = (async () => {
      for await (const item of withinEachStep<string>(stream, DEADLINE_MS)) seen.push(item);
    })();
    await expect(reading).rejects.toThrow('no answer within 50 ms');
    expect(seen).toEqual(['one', 'two']);
    expect(stream.cancelled).toBe(1);
  });

  it('is not cancelled where it has ended by itself, or there is no such stream', async () => {
    const ended = new Silent('one');
    ended.push(null);
    for await (const _item of withinEachStep<string>(ended, DEADLINE_MS));
    const missing = new Silent();
    missing.destroy(new StreamNotFoundError(null as never, 'none'));
    await expect(withinEachStep<string>(missing, DEADLINE_MS).next()).rejects.toThrow(StreamNotFoundError);
    expect([ended.cancelled, missing.cancelled]).toEqual([0, 0]);
  });

  it('does not count what its consumer does with an item', async () => {
    const stream = new Silent('one', 'two');
    const steps = withinEachStep<string>(stream, DEADLINE_MS);
    await steps.next();
    await sleep(DEADLINE_MS * 3);
    expect(await steps.next()).toEqual({ value: 'two', done: false });
    await steps.return(undefined);
  });

  it('is ended when its consumer leaves', async () => {
    const stream = new Silent('one', 'two');
    for await (const _item of withinEachStep<string>(stream, DEADLINE_MS)) break;
    expect(stream.cancelled).toBe(1);
    expect(stream.destroyed).toBe(true);
  });
});
