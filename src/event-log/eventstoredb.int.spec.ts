import { randomUUID } from 'node:crypto';
import { EventStoreDBClient } from '@eventstore/db-client';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  EventStoreUnavailable,
  type EventToAppend,
  OutcomeUnknown,
  type StoredEvent,
  WrongExpectedRevision,
} from './event-store.js';
import { EventStoreDb } from './eventstoredb.js';

const NOWHERE = 'esdb://127.0.0.1:1?tls=false&maxDiscoverAttempts=1';

const event = (type: string): EventToAppend => ({
  id: randomUUID(),
  type,
  data: { type },
  metadata: { from: 'spec' },
});

describe('EventStoreDB behind the port', () => {
  let eventStore: EventStoreDb;
  beforeAll(() => {
    eventStore = new EventStoreDb({ url: process.env['EVENTSTORE_URL']!, deadlineMs: 5000 });
  });
  afterAll(() => eventStore.close());

  const newStream = (prefix = 'spec-') => `${prefix}${randomUUID()}`;

  async function read(stream: string, from = 0): Promise<StoredEvent[]> {
    const events: StoredEvent[] = [];
    for await (const stored of eventStore.read(stream, from)) events.push(stored);
    return events;
  }

  it('answers an append with the revision of its last event, and reads back what was appended', async () => {
    const stream = newStream();
    const events = [event('First'), event('Second')];
    expect(await eventStore.append(stream, -1, events)).toBe(1);
    expect(await eventStore.append(stream, 1, [event('Third')])).toBe(2);
    const stored = await read(stream);
    expect(stored.slice(0, 2)).toMatchObject(events);
    expect(stored.map(({ revision }) => revision)).toEqual([0, 1, 2]);
    expect(await read(stream, 2)).toMatchObject([{ type: 'Third', stream }]);
  });

  it('reads a stream backwards, from its end or from a revision', async () => {
    const stream = newStream();
    const backwards = async (...range: [limit: number, from?: number]) => {
      const revisions: number[] = [];
      for await (const { revision } of eventStore.readStreamBackwards(stream, ...range))
        revisions.push(revision);
      return revisions;
    };
    expect(await backwards(2)).toEqual([]);
    await eventStore.append(stream, -1, [event('First'), event('Second'), event('Third')]);
    expect(await backwards(2)).toEqual([2, 1]);
    expect(await backwards(9)).toEqual([2, 1, 0]);
    expect(await backwards(9, 1)).toEqual([1, 0]);
    expect((await eventStore.readLast(stream))!.type).toBe('Third');
  });

  it('reads nothing from a stream that is not there, and nothing behind the end of one', async () => {
    const stream = newStream();
    expect(await read(stream)).toEqual([]);
    await eventStore.append(stream, -1, [event('First')]);
    expect(await read(stream, 1)).toEqual([]);
  });

  it('lets only one of two racing appends win, on a new stream and on an old one', async () => {
    const stream = newStream();
    for (const expected of [-1, 0, 1]) {
      const outcomes = await Promise.allSettled([
        eventStore.append(stream, expected, [event('Mine')]),
        eventStore.append(stream, expected, [event('Theirs')]),
      ]);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const refused = outcomes.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
      expect(refused.reason).toBeInstanceOf(WrongExpectedRevision);
    }
    expect(await read(stream)).toHaveLength(3);
  });

  it('follows the streams of a prefix in order, from behind a position, and what comes later too', async () => {
    const prefix = newStream('followed-');
    await eventStore.append(`${prefix}-a`, -1, [event('A0')]);
    await eventStore.append(newStream('other-'), -1, [event('Other')]);
    await eventStore.append(`${prefix}-b`, -1, [event('B0')]);
    const [first] = await read(`${prefix}-a`);
    const subscription = eventStore.subscribe(prefix, first!.position);
    const seen: string[] = [];
    for await (const item of subscription) {
      if ('mark' in item) continue;
      seen.push(item.type);
      if (seen.length === 1) await eventStore.append(`${prefix}-a`, 0, [event('A1')]);
      if (seen.length === 2) break;
    }
    subscription.close();
    expect(seen).toEqual(['B0', 'A1']);
  });

  it('ends a subscription that is closed while nothing comes', async () => {
    const subscription = eventStore.subscribe(newStream('silent-'), undefined);
    const seen: StoredEvent[] = [];
    const following = (async () => {
      for await (const item of subscription) if (!('mark' in item)) seen.push(item);
    })();
    await new Promise((resolve) => setTimeout(resolve, 50));
    subscription.close();
    await following.catch(() => {});
    expect(seen).toEqual([]);
  });

  it('raises OutcomeUnknown in time for an append that the client never sends, and appends on', async () => {
    const hasty = new EventStoreDb({ url: process.env['EVENTSTORE_URL']!, deadlineMs: 1000 });
    const stream = newStream();
    await hasty.append(stream, -1, [event('First')]);
    const never = jest
      .spyOn(EventStoreDBClient.prototype, 'appendToStream')
      .mockImplementation(() => new Promise(() => {}));
    await expect(hasty.append(stream, 0, [event('Second')])).rejects.toBeInstanceOf(OutcomeUnknown);
    never.mockRestore();
    expect(await hasty.append(stream, 0, [event('Third')])).toBe(1);
    await hasty.close();
  });

  describe('when there is no server', () => {
    let lost: EventStoreDb;
    beforeAll(() => {
      lost = new EventStoreDb({ url: NOWHERE, deadlineMs: 2000 });
    });
    afterAll(() => lost.close());

    it('raises EventStoreUnavailable for a read', async () => {
      await expect(async () => {
        for await (const _event of lost.read('any', 0));
      }).rejects.toBeInstanceOf(EventStoreUnavailable);
    });

    it('raises EventStoreUnavailable for an append: nothing was sent', async () => {
      await expect(lost.append('any', -1, [event('First')])).rejects.toBeInstanceOf(EventStoreUnavailable);
    });
  });
});
