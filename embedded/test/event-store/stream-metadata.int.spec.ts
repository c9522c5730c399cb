import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { END, START, type EventStoreDBClient } from '@eventstore/db-client';
import { connect, event, events, numbers, rejection, take, uniqueName } from './client.js';

// Rests on the documentation, "Event streams: metadata and reserved names", and on the client's setStreamMetadata.js and
// getStreamMetadata.js.
describe('the metadata of a stream', () => {
  let client: EventStoreDBClient;
  beforeAll(() => {
    client = connect();
  });
  afterAll(() => client.dispose());

  it('is none until it is set', async () => {
    const stream = uniqueName('metadata');
    expect(await client.getStreamMetadata(stream)).toEqual({ streamName: stream });
  });

  it('is given back as it was set, with what the server knows nothing of', async () => {
    const stream = uniqueName('metadata');
    await client.setStreamMetadata(stream, { maxCount: 5, cacheControl: 3, owner: { team: 'billing' } });
    const { metadata } = await client.getStreamMetadata(stream);
    expect(metadata).toEqual({ maxCount: 5, cacheControl: 3, owner: { team: 'billing' } });
  });

  it('is a stream of its own, which is written with an expected revision and read for its last event only', async () => {
    const stream = uniqueName('metadata');
    await client.setStreamMetadata(stream, { maxCount: 1 }, { expectedRevision: 'no_stream' });
    await client.setStreamMetadata(stream, { maxCount: 2 }, { expectedRevision: 0n });
    const again = client.setStreamMetadata(stream, { maxCount: 3 }, { expectedRevision: 0n });
    expect(await rejection(again)).toMatchObject({ type: 'wrong-expected-version', actualVersion: 1n });
    const found = await take(client.readStream(`$$${stream}`)[Symbol.asyncIterator](), 5);
    expect(found).toMatchObject([{ event: { type: '$metadata', revision: 1n, data: { $maxCount: 2 } } }]);
  });

  it('makes a stream exist for an append that expects so', async () => {
    const stream = uniqueName('metadata');
    await client.setStreamMetadata(stream, { maxCount: 5 });
    const result = await client.appendToStream(stream, event(0), { expectedRevision: 'stream_exists' });
    expect(result.nextExpectedRevision).toBe(0n);
  });

  it('$maxCount leaves the last events only', async () => {
    const stream = uniqueName('metadata');
    await client.appendToStream(stream, events(5));
    await client.setStreamMetadata(stream, { maxCount: 2 });
    expect(await numbers(client.readStream(stream))).toEqual([3, 4]);
    expect(await numbers(client.readStream(stream, { direction: 'backwards', fromRevision: END }))).toEqual([
      4, 3,
    ]);
    await client.appendToStream(stream, event(5), { expectedRevision: 4n });
    expect(await numbers(client.readStream(stream))).toEqual([4, 5]);
  });

  it('$tb hides the events before it', async () => {
    const stream = uniqueName('metadata');
    await client.appendToStream(stream, events(5));
    await client.setStreamMetadata(stream, { truncateBefore: 3 });
    expect(await numbers(client.readStream(stream))).toEqual([3, 4]);
    expect(await numbers(client.readStream(stream, { fromRevision: 1n, maxCount: 1 }))).toEqual([3]);
    expect(await numbers(client.readStream(stream, { direction: 'backwards', fromRevision: 2n }))).toEqual(
      [],
    );
  });

  it('$maxAge hides what is older', async () => {
    const stream = uniqueName('metadata');
    await client.appendToStream(stream, events(3));
    await client.setStreamMetadata(stream, { maxAge: 3600 });
    expect(await numbers(client.readStream(stream, { maxCount: 2 }))).toEqual([0, 1]);
  });

  it('holds for subscriptions', async () => {
    const stream = uniqueName('metadata');
    await client.appendToStream(stream, events(5));
    await client.setStreamMetadata(stream, { truncateBefore: 4 });
    const subscription = client.subscribeToStream(stream, { fromRevision: START });
    const caughtUp = once(subscription, 'caughtUp');
    const [first] = await take(subscription[Symbol.asyncIterator](), 1);
    expect(first).toMatchObject({ event: { revision: 4n } });
    await caughtUp;
    await subscription.unsubscribe();
    subscription.destroy();
  });
});
