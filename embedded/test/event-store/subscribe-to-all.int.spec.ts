import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  END,
  eventTypeFilter,
  excludeSystemEvents,
  START,
  streamNameFilter,
  type AllStreamSubscription,
  type EventStoreDBClient,
  type Position,
} from '@eventstore/db-client';
import { connect, event, events, take, uniqueName } from './client.js';

// Rests on the documentation, "Catch-up subscriptions: subscribing to $all" and "server-side filtering" (a checkpoint
// after checkpointInterval × maxSearchWindow events), and on the client's subscribeToAll.js and Subscription.js.
describe('a subscription to $all', () => {
  let client: EventStoreDBClient;
  const open: AllStreamSubscription[] = [];
  beforeAll(() => {
    client = connect();
  });
  afterEach(async () => {
    for (const subscription of open.splice(0)) {
      await subscription.unsubscribe();
      subscription.destroy();
    }
  });
  afterAll(() => client.dispose());

  function subscribe(options: Parameters<EventStoreDBClient['subscribeToAll']>[0]) {
    const subscription = client.subscribeToAll(options);
    open.push(subscription);
    return subscription;
  }

  async function firstNumbers(subscription: AllStreamSubscription, count: number) {
    const resolved = await take(subscription[Symbol.asyncIterator](), count);
    return resolved.map(({ event }) => (event!.data as { number: number }).number);
  }

  it('is confirmed, gives what is there, says that it has caught up, and goes on with what comes', async () => {
    const prefix = uniqueName('sub');
    await client.appendToStream(`${prefix}-a`, events(2));
    const subscription = subscribe({ fromPosition: START, filter: streamNameFilter({ prefixes: [prefix] }) });
    const seen: string[] = [];
    subscription.on('confirmation', () => seen.push('confirmation'));
    const caughtUp = once(subscription, 'caughtUp').then(() => seen.push('caught up'));
    const iterator = subscription[Symbol.asyncIterator]();
    expect(await take(iterator, 2)).toMatchObject([{ event: { revision: 0n } }, { event: { revision: 1n } }]);
    await caughtUp;
    expect(seen).toEqual(['confirmation', 'caught up']);
    await client.appendToStream(`${prefix}-b`, event(7));
    expect(await take(iterator, 1)).toMatchObject([
      { event: { streamId: `${prefix}-b`, data: { number: 7 } } },
    ]);
  });

  it.each([
    ['stream name prefixes', (name: string) => streamNameFilter({ prefixes: [`${name}-x`, `${name}-y`] })],
    [
      'a regular expression on the stream name',
      (name: string) => streamNameFilter({ regex: `^${name.replaceAll('-', '\\-')}-[xy]` }),
    ],
    ['event type prefixes', (name: string) => eventTypeFilter({ prefixes: [`${name}-X`, `${name}-Y`] })],
    [
      'a regular expression on the event type',
      (name: string) => eventTypeFilter({ regex: `^${name}-[XY]$` }),
    ],
  ])('gives only what passes %s, in the order of the log', async (_case, filter) => {
    const name = uniqueName('sub');
    for (const [at, letter] of ['x', 'z', 'y', 'z', 'x'].entries()) {
      await client.appendToStream(`${name}-${letter}`, event(at, `${name}-${letter.toUpperCase()}`));
    }
    expect(await firstNumbers(subscribe({ fromPosition: START, filter: filter(name) }), 3)).toEqual([
      0, 2, 4,
    ]);
  });

  it('leaves out system events where these are excluded, and has them where nothing is filtered', async () => {
    const stream = uniqueName('sub');
    const { position } = await client.appendToStream(stream, event(1));
    await client.setStreamMetadata(stream, { maxCount: 10 });
    await client.appendToStream(stream, event(2));
    const typesOf = async (filter?: ReturnType<typeof excludeSystemEvents>) => {
      const types: string[] = [];
      for await (const { event } of subscribe({ fromPosition: position!, ...(filter && { filter }) })) {
        types.push(`${event!.streamId} ${event!.type}`);
        if (event!.streamId === stream) return types;
      }
      return types;
    };
    expect(await typesOf()).toContain(`$$${stream} $metadata`);
    expect(await typesOf(excludeSystemEvents())).not.toContain(`$$${stream} $metadata`);
  });

  it('from a position begins behind the event there', async () => {
    const prefix = uniqueName('sub');
    const { position } = await client.appendToStream(prefix, events(3));
    await client.appendToStream(prefix, event(3));
    const filter = streamNameFilter({ prefixes: [prefix] });
    expect(await firstNumbers(subscribe({ fromPosition: position!, filter }), 1)).toEqual([3]);
  });

  it('from a position inside an append goes on with the rest of that append', async () => {
    const prefix = uniqueName('sub');
    await client.appendToStream(prefix, events(3));
    const filter = streamNameFilter({ prefixes: [prefix] });
    const [first] = await take(subscribe({ fromPosition: START, filter })[Symbol.asyncIterator](), 1);
    const rest = subscribe({ fromPosition: first!.event!.position, filter });
    expect(await firstNumbers(rest, 2)).toEqual([1, 2]);
  });

  it('from the end gives only what is appended later', async () => {
    const prefix = uniqueName('sub');
    await client.appendToStream(prefix, event(1));
    const subscription = subscribe({ fromPosition: END, filter: streamNameFilter({ prefixes: [prefix] }) });
    await once(subscription, 'caughtUp');
    await client.appendToStream(prefix, event(2));
    expect(await firstNumbers(subscription, 1)).toEqual([2]);
  });

  it('gives checkpoints while nothing passes its filter, at positions from which nothing is lost', async () => {
    const [ours, others] = [uniqueName('sub'), uniqueName('others')];
    const { position: start } = await client.appendToStream(ours, event(0));
    await client.appendToStream(others, events(20));
    const { position: next } = await client.appendToStream(ours, event(1));
    const checkpoints: Position[] = [];
    const options = {
      prefixes: [ours],
      maxSearchWindow: 2,
      checkpointInterval: 2,
      checkpointReached: (_subscription: AllStreamSubscription, position: Position) => {
        checkpoints.push(position);
      },
    };
    const subscription = subscribe({ fromPosition: start!, filter: streamNameFilter(options) });
    expect(await firstNumbers(subscription, 1)).toEqual([1]);
    const early = checkpoints.filter(({ commit }) => commit < next!.commit);
    expect(early.length).toBeGreaterThanOrEqual(4);
    expect(early.every(({ commit }) => commit > start!.commit)).toBe(true);
    expect(early.map(({ commit }) => commit)).toEqual([...new Set(early.map(({ commit }) => commit))]);
    const resumed = subscribe({
      fromPosition: early.at(-1)!,
      filter: streamNameFilter({ prefixes: [ours] }),
    });
    expect(await firstNumbers(resumed, 1)).toEqual([1]);
  });

  it('gives a checkpoint after exactly checkpointInterval × maxSearchWindow events', async () => {
    const [ours, others] = [uniqueName('sub'), uniqueName('others')];
    const { position: start } = await client.appendToStream(ours, event(0));
    await client.appendToStream(others, events(20));
    const { position: last } = await client.appendToStream(ours, event(1));
    const behindStart: bigint[] = [];
    for await (const { event } of client.readAll({ fromPosition: start!, maxCount: 1000 })) {
      if (event!.position.commit > start!.commit) behindStart.push(event!.position.commit);
    }
    const checkpoints: bigint[] = [];
    const filter = streamNameFilter({
      prefixes: [ours],
      maxSearchWindow: 3,
      checkpointInterval: 2,
      checkpointReached: (_subscription, position) => {
        checkpoints.push(position.commit);
      },
    });
    expect(await firstNumbers(subscribe({ fromPosition: start!, filter }), 1)).toEqual([1]);
    const everySixth = behindStart.filter((commit, at) => at % 6 === 5 && commit < last!.commit);
    expect(everySixth.length).toBeGreaterThanOrEqual(3);
    expect(checkpoints.filter((commit) => commit < last!.commit)).toEqual(everySixth);
  });

  it('gives checkpoints when it is live, too', async () => {
    const reached: Position[] = [];
    let wake = () => {};
    const filter = streamNameFilter({
      prefixes: [uniqueName('nobody')],
      maxSearchWindow: 1,
      checkpointInterval: 1,
      checkpointReached: (_subscription, position) => {
        reached.push(position);
        wake();
      },
    });
    const subscription = subscribe({ fromPosition: END, filter });
    await once(subscription, 'caughtUp');
    const { position } = await client.appendToStream(uniqueName('others'), event(1));
    while (!reached.some(({ commit }) => commit >= position!.commit)) {
      await new Promise<void>((resolve) => (wake = resolve));
    }
  });

  it('never gives an event that cannot be read by then', async () => {
    const prefix = uniqueName('sub');
    const subscription = subscribe({ fromPosition: END, filter: streamNameFilter({ prefixes: [prefix] }) });
    await once(subscription, 'caughtUp');
    const appends = Array.from({ length: 20 }, (_, at) =>
      client.appendToStream(`${prefix}-${at}`, events(3)),
    );
    for (const { event } of await take(subscription[Symbol.asyncIterator](), 60)) {
      const found = await take(client.readStream(event!.streamId)[Symbol.asyncIterator](), 3);
      expect(found).toHaveLength(3);
    }
    await Promise.all(appends);
  });
});
