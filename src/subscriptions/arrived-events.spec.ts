import { describe, expect, it } from '@jest/globals';
import type { StoredEvent } from '../event-log/event-store.js';
import { type Arrival, ArrivedEvents } from './arrived-events.js';

const eventAt = (index: number, count: number) => ({ metadata: { index, count } }) as unknown as StoredEvent;

/** Appends of the given sizes, as a stream of events that counts how far it was read. */
function appends(...sizes: number[]) {
  const events = sizes.flatMap((size) => Array.from({ length: size }, (_, index) => eventAt(index, size)));
  const source = {
    read: 0,
    async *[Symbol.asyncIterator]() {
      for (const event of events) {
        source.read += 1;
        yield event;
      }
    },
  };
  return source;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const sizeOf = (arrival: Arrival | undefined) => arrival?.events.length;

describe('arrived events', () => {
  it('come in batches of what has arrived, up to the bound', async () => {
    const arrived = new ArrivedEvents(100);
    void arrived.readFrom(appends(1, 1, 1, 1, 1));
    await turn();
    expect(sizeOf(await arrived.take(3))).toBe(3);
    expect(sizeOf(await arrived.take(3))).toBe(2);
  });

  it('never end a batch inside an append', async () => {
    const arrived = new ArrivedEvents(100);
    void arrived.readFrom(appends(2, 3, 2));
    await turn();
    expect(sizeOf(await arrived.take(4))).toBe(2);
    expect(sizeOf(await arrived.take(4))).toBe(3);
    expect(sizeOf(await arrived.take(4))).toBe(2);
  });

  it('give an append that is larger than both bounds whole', async () => {
    const arrived = new ArrivedEvents(4);
    void arrived.readFrom(appends(10, 1));
    await turn();
    expect(sizeOf(await arrived.take(3))).toBe(10);
    expect(sizeOf(await arrived.take(3))).toBe(1);
  });

  it('are not read further ahead than the bound while nobody takes them', async () => {
    const arrived = new ArrivedEvents(4);
    const source = appends(...Array<number>(50).fill(1));
    void arrived.readFrom(source);
    await turn();
    expect(source.read).toBe(4);
    await arrived.take(2);
    await turn();
    expect(source.read).toBe(6);
  });

  it('hold back an append whose end has not arrived', async () => {
    const arrived = new ArrivedEvents(4);
    let finish = () => {};
    const finished = new Promise<void>((resolve) => (finish = resolve));
    void arrived.readFrom({
      async *[Symbol.asyncIterator]() {
        yield eventAt(0, 2);
        await finished;
        yield eventAt(1, 2);
      },
    });
    const batch = arrived.take(10);
    await turn();
    finish();
    expect(sizeOf(await batch)).toBe(2);
  });

  it('are all given before the failure of their source is raised', async () => {
    const arrived = new ArrivedEvents(10);
    void arrived.readFrom({
      async *[Symbol.asyncIterator]() {
        yield eventAt(0, 1);
        throw new Error('cut');
      },
    });
    expect(sizeOf(await arrived.take(10))).toBe(1);
    await expect(arrived.take(10)).rejects.toThrow('cut');
  });

  it('end with their source, and when they are let go', async () => {
    const ended = new ArrivedEvents(10);
    void ended.readFrom(appends());
    expect(await ended.take(10)).toBeUndefined();
    const letGo = new ArrivedEvents(10);
    const batch = letGo.take(10);
    letGo.end();
    expect(await batch).toBeUndefined();
  });
});
