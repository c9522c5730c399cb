import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { END, START, type EventStoreDBClient, type StreamSubscription } from '@eventstore/db-client';
import { connect, event, events, rejection, take, uniqueName } from './client.js';

// Rests on the documentation, "Catch-up subscriptions: subscribing to a stream", and on the client's subscribeToStream.js.
describe('a subscription to one stream', () => {
  let client: EventStoreDBClient;
  const open: StreamSubscription[] = [];
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

  function subscribe(stream: string, fromRevision: typeof START | typeof END | bigint) {
    const subscription = client.subscribeToStream(stream, { fromRevision });
    open.push(subscription);
    return subscription;
  }

  async function revisions(subscription: StreamSubscription, count: number) {
    const resolved = await take(subscription[Symbol.asyncIterator](), count);
    return resolved.map(({ event }) => event!.revision);
  }

  it('from the start gives all there is, says that it has caught up, and goes on', async () => {
    const stream = uniqueName('stream');
    await client.appendToStream(stream, events(2));
    const subscription = subscribe(stream, START);
    const iterator = subscription[Symbol.asyncIterator]();
    const caughtUp = once(subscription, 'caughtUp');
    expect(await take(iterator, 2)).toHaveLength(2);
    await caughtUp;
    await client.appendToStream(uniqueName('other'), event(9));
    await client.appendToStream(stream, event(2));
    expect(await take(iterator, 1)).toMatchObject([{ event: { streamId: stream, revision: 2n } }]);
  });

  it('from a revision begins behind it', async () => {
    const stream = uniqueName('stream');
    await client.appendToStream(stream, events(5));
    expect(await revisions(subscribe(stream, 2n), 2)).toEqual([3n, 4n]);
  });

  it('from the end gives only what is appended later', async () => {
    const stream = uniqueName('stream');
    await client.appendToStream(stream, events(3));
    const subscription = subscribe(stream, END);
    await once(subscription, 'caughtUp');
    await client.appendToStream(stream, event(3));
    expect(await revisions(subscription, 1)).toEqual([3n]);
  });

  it('waits for a stream that is not there yet', async () => {
    const stream = uniqueName('stream');
    const subscription = subscribe(stream, START);
    await once(subscription, 'confirmation');
    await client.appendToStream(stream, event(0));
    expect(await revisions(subscription, 1)).toEqual([0n]);
  });

  it('ends with an error when the stream is deleted for good', async () => {
    const stream = uniqueName('stream');
    await client.appendToStream(stream, event(0));
    const subscription = subscribe(stream, END);
    await once(subscription, 'caughtUp');
    const ended = rejection(take(subscription[Symbol.asyncIterator](), 2));
    await client.tombstoneStream(stream);
    expect(await ended).toMatchObject({ type: 'stream-deleted', streamName: stream });
  });
});
