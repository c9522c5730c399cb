import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { END, type AppendToStreamOptions, type EventStoreDBClient } from '@eventstore/db-client';
import { connect, event, events, numbers, rejection, uniqueName } from './client.js';

// Rests on the documentation, "Appending events: handling concurrency", and on the client's appendToStream/append.js
// and batchAppend.js: a call with credentials uses the unary Append, any other BatchAppend.
describe.each<[string, AppendToStreamOptions]>([
  ['BatchAppend', {}],
  ['Append', { credentials: { username: 'admin', password: 'changeit' } }],
])('an append through %s', (_method, options) => {
  let client: EventStoreDBClient;
  beforeAll(() => {
    client = connect();
  });
  afterAll(() => client.dispose());

  const append = (
    stream: string,
    numbers: number[],
    expectedRevision: AppendToStreamOptions['expectedRevision'],
  ) =>
    client.appendToStream(
      stream,
      numbers.map((number) => event(number)),
      { ...options, expectedRevision: expectedRevision! },
    );

  it('creates the stream when none is expected, and answers with the revision of its last event', async () => {
    const stream = uniqueName('append');
    const result = await append(stream, [1, 2, 3], 'no_stream');
    expect(result.success).toBe(true);
    expect(result.nextExpectedRevision).toBe(2n);
    expect(await numbers(client.readStream(stream))).toEqual([1, 2, 3]);
  });

  it('answers with the position that its last event has in $all', async () => {
    const stream = uniqueName('append');
    const { position } = await append(stream, [1, 2], 'any');
    const found = [];
    for await (const { event } of client.readAll({ fromPosition: position!, maxCount: 1 })) found.push(event);
    expect(found).toMatchObject([{ streamId: stream, revision: 1n, position }]);
  });

  it('follows the revision that it expects', async () => {
    const stream = uniqueName('append');
    await append(stream, [1, 2], 'no_stream');
    expect((await append(stream, [3], 1n)).nextExpectedRevision).toBe(2n);
  });

  it.each(['any', 'stream_exists'] as const)(
    'follows whatever is there when %s is expected',
    async (expected) => {
      const stream = uniqueName('append');
      await append(stream, [1], 'no_stream');
      expect((await append(stream, [2], expected)).nextExpectedRevision).toBe(1n);
    },
  );

  it('creates the stream when anything is expected', async () => {
    expect((await append(uniqueName('append'), [1], 'any')).nextExpectedRevision).toBe(0n);
  });

  it.each([
    ['a revision that is past', 0n, 1n],
    ['a revision that is yet to come', 7n, 1n],
    ['no stream', 'no_stream', 1n],
  ] as const)(
    'is refused where %s is expected and the stream is elsewhere',
    async (_case, expected, actual) => {
      const stream = uniqueName('append');
      await append(stream, [1, 2], 'no_stream');
      expect(await rejection(append(stream, [9], expected))).toMatchObject({
        type: 'wrong-expected-version',
        streamName: stream,
        expectedVersion: expected,
        actualVersion: actual,
      });
      expect(await numbers(client.readStream(stream))).toEqual([1, 2]);
    },
  );

  it.each(['stream_exists', 0n] as const)(
    'is refused where %s is expected and there is no stream',
    async (expected) => {
      const stream = uniqueName('append');
      expect(await rejection(append(stream, [1], expected))).toMatchObject({
        type: 'wrong-expected-version',
        expectedVersion: expected,
        actualVersion: 'no_stream',
      });
    },
  );

  it('lets one of two that expect the same revision win', async () => {
    const stream = uniqueName('append');
    await append(stream, [0], 'no_stream');
    const attempts = [1, 2, 3, 4].map((number) => append(stream, [number], 0n));
    const settled = await Promise.allSettled(attempts);
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await numbers(client.readStream(stream))).toHaveLength(2);
  });

  it('keeps type, id, data, metadata and time of each event', async () => {
    const stream = uniqueName('append');
    const sent = event(42, 'SomethingHappened');
    const before = Date.now();
    await client.appendToStream(stream, sent, options);
    for await (const { event: found } of client.readStream(stream, {
      fromRevision: END,
      direction: 'backwards',
    })) {
      expect(found).toMatchObject({ id: sent.id, type: sent.type, data: sent.data, metadata: sent.metadata });
      expect(Math.abs(found!.created.getTime() - before)).toBeLessThan(60_000);
      expect(found!.isJson).toBe(true);
    }
  });

  it('takes more than fits into one message of a call', async () => {
    const stream = uniqueName('append');
    await client.appendToStream(stream, events(50), { ...options, batchAppendSize: 1000 });
    expect(await numbers(client.readStream(stream))).toEqual(Array.from({ length: 50 }, (_, at) => at));
  });
});
