import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { START, type AppendToStreamOptions, type EventStoreDBClient } from '@eventstore/db-client';
import { connect, event, events, numbers, rejection, uniqueName } from './client.js';

// Rests on the documentation, "Deleting streams and events", on the client's deleteStream.js, tombstoneStream.js and
// CommandError.js, and on the server's commit check for streams that were deleted.
const throughAppend: AppendToStreamOptions = { credentials: { username: 'admin', password: 'changeit' } };

describe('a deleted stream', () => {
  let client: EventStoreDBClient;
  beforeAll(() => {
    client = connect();
  });
  afterAll(() => client.dispose());

  async function streamWith(count: number): Promise<string> {
    const stream = uniqueName('deleted');
    await client.appendToStream(stream, events(count));
    return stream;
  }

  it('is not found any more', async () => {
    const stream = await streamWith(2);
    const { position } = await client.deleteStream(stream, { expectedRevision: 1n });
    expect(position!.commit).toBeGreaterThan(0n);
    expect(await rejection(numbers(client.readStream(stream)))).toMatchObject({ type: 'stream-not-found' });
  });

  it('keeps its events in $all', async () => {
    const stream = uniqueName('deleted');
    const { position } = await client.appendToStream(stream, event(1));
    await client.deleteStream(stream);
    expect(await numbers(client.readAll({ fromPosition: position!, maxCount: 1 }))).toEqual([1]);
  });

  it.each([
    ['any', 'any'],
    ['no stream', 'no_stream'],
    ['its last revision', 1n],
  ] as const)(
    'is created again where %s is expected, and its revisions go on',
    async (_case, expectedRevision) => {
      const stream = await streamWith(2);
      await client.deleteStream(stream);
      const { nextExpectedRevision } = await client.appendToStream(stream, event(2), { expectedRevision });
      expect(nextExpectedRevision).toBe(2n);
      expect(await numbers(client.readStream(stream, { fromRevision: START }))).toEqual([2]);
      expect(
        await numbers(client.readStream(stream, { direction: 'backwards', fromRevision: 'end' })),
      ).toEqual([2]);
    },
  );

  it('refuses an append that expects it to exist', async () => {
    const stream = await streamWith(1);
    await client.deleteStream(stream);
    const append = client.appendToStream(stream, event(1), { expectedRevision: 'stream_exists' });
    expect(await rejection(append)).toMatchObject({ type: 'stream-deleted', streamName: stream });
  });

  it('is readable again from its end when its metadata is written', async () => {
    const stream = await streamWith(2);
    await client.deleteStream(stream);
    await client.setStreamMetadata(stream, { maxCount: 10 });
    expect(await numbers(client.readStream(stream))).toEqual([]);
    const { metadata } = await client.getStreamMetadata(stream);
    expect(metadata).toEqual({ maxCount: 10, truncateBefore: 2 });
  });

  it.each(['deleteStream', 'tombstoneStream'] as const)(
    'is left alone by %s at the wrong revision',
    async (method) => {
      const stream = await streamWith(2);
      expect(await rejection(client[method](stream, { expectedRevision: 0n }))).toMatchObject({
        type: 'wrong-expected-version',
        streamName: stream,
        expectedVersion: 0n,
        actualVersion: 1n,
      });
      expect(await numbers(client.readStream(stream))).toEqual([0, 1]);
    },
  );
});

describe('a stream with a tombstone', () => {
  let client: EventStoreDBClient;
  let stream: string;
  beforeAll(async () => {
    client = connect();
    stream = uniqueName('tombstone');
    await client.appendToStream(stream, events(2));
    await client.tombstoneStream(stream, { expectedRevision: 1n });
  });
  afterAll(() => client.dispose());

  it('can not be read', async () => {
    const error = await rejection(numbers(client.readStream(stream)));
    expect(error).toMatchObject({ type: 'stream-deleted', streamName: stream });
  });

  it.each([
    ['BatchAppend', {}],
    ['Append', throughAppend],
  ])('can not be appended to through %s, whatever is expected', async (_method, options) => {
    for (const expectedRevision of ['any', 'no_stream', 'stream_exists', 1n] as const) {
      const error = await rejection(
        client.appendToStream(stream, event(2), { ...options, expectedRevision }),
      );
      expect(error).toMatchObject({ type: 'stream-deleted', streamName: stream });
    }
  });

  it('can not be deleted again', async () => {
    expect(await rejection(client.deleteStream(stream))).toMatchObject({ type: 'stream-deleted' });
    expect(await rejection(client.tombstoneStream(stream))).toMatchObject({ type: 'stream-deleted' });
  });

  it('can be made of a stream that never was', async () => {
    const never = uniqueName('tombstone');
    await client.tombstoneStream(never, { expectedRevision: 'no_stream' });
    expect(await rejection(client.appendToStream(never, event(1)))).toMatchObject({ type: 'stream-deleted' });
  });

  it('has its tombstone in $all', async () => {
    const other = uniqueName('tombstone');
    const { position } = await client.appendToStream(other, event(1));
    await client.tombstoneStream(other);
    const types: string[] = [];
    for await (const { event } of client.readAll({ fromPosition: position! })) {
      if (event?.streamId === other) types.push(event.type);
    }
    expect(types).toEqual(['Counted', '$streamDeleted']);
  });
});
