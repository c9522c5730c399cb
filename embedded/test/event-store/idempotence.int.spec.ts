import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AppendToStreamOptions, EventStoreDBClient } from '@eventstore/db-client';
import { connect, event, events, numbers, rejection, uniqueName } from './client.js';

// Rests on the documentation, "Optimistic concurrency and idempotence" (its table of expected revisions), and on the
// server's commit check, which compares ids only.
describe.each<[string, AppendToStreamOptions]>([
  ['BatchAppend', {}],
  ['Append', { credentials: { username: 'admin', password: 'changeit' } }],
])('an append that is sent again through %s', (_method, options) => {
  let client: EventStoreDBClient;
  beforeAll(() => {
    client = connect();
  });
  afterAll(() => client.dispose());

  it.each(['no_stream', 'any'] as const)(
    'is answered as before and stored once, where %s is expected',
    async (expected) => {
      const stream = uniqueName('again');
      const sent = events(2);
      const first = await client.appendToStream(stream, sent, { ...options, expectedRevision: expected });
      const again = await client.appendToStream(stream, sent, { ...options, expectedRevision: expected });
      expect(again).toEqual(first);
      expect(await numbers(client.readStream(stream))).toEqual([0, 1]);
    },
  );

  it('is answered as before where a revision is expected, even when the stream has gone on', async () => {
    const stream = uniqueName('again');
    await client.appendToStream(stream, events(1), { ...options, expectedRevision: 'no_stream' });
    const sent = events(2, 1);
    const first = await client.appendToStream(stream, sent, { ...options, expectedRevision: 0n });
    await client.appendToStream(stream, event(3), options);
    const again = await client.appendToStream(stream, sent, { ...options, expectedRevision: 0n });
    expect(again).toEqual(first);
    expect(again.nextExpectedRevision).toBe(2n);
    expect(await numbers(client.readStream(stream))).toEqual([0, 1, 2, 3]);
  });

  it('is known by its ids alone: other content under the same ids is acknowledged and not stored', async () => {
    const stream = uniqueName('again');
    const sent = event(1);
    await client.appendToStream(stream, sent, { ...options, expectedRevision: 'no_stream' });
    const other = { ...sent, data: { number: 2 } };
    const result = await client.appendToStream(stream, other, { ...options, expectedRevision: 'no_stream' });
    expect(result.success).toBe(true);
    expect(await numbers(client.readStream(stream))).toEqual([1]);
  });

  it('is a conflict when only its first events are there', async () => {
    const stream = uniqueName('again');
    const sent = event(0);
    await client.appendToStream(stream, [sent, event(1)], { ...options, expectedRevision: 'no_stream' });
    const mixed = client.appendToStream(stream, [sent, event(2)], {
      ...options,
      expectedRevision: 'no_stream',
    });
    expect(await rejection(mixed)).toMatchObject({ type: 'wrong-expected-version', actualVersion: 1n });
  });

  it('is stored again at the revision where the stream is now: ids need not be unique', async () => {
    const stream = uniqueName('again');
    const sent = event(0);
    await client.appendToStream(stream, sent, { ...options, expectedRevision: 'no_stream' });
    await client.appendToStream(stream, sent, { ...options, expectedRevision: 0n });
    expect(await numbers(client.readStream(stream))).toEqual([0, 0]);
  });

  it('is another append in another stream', async () => {
    const [one, two] = [uniqueName('again'), uniqueName('again')];
    const sent = event(0);
    await client.appendToStream(one, sent, options);
    await client.appendToStream(two, sent, options);
    expect(await numbers(client.readStream(two))).toEqual([0]);
  });

  it('is stored once when both are under way at the same time', async () => {
    const stream = uniqueName('again');
    const sent = events(3);
    const both = [1, 2].map(() =>
      client.appendToStream(stream, sent, { ...options, expectedRevision: 'no_stream' }),
    );
    const [first, second] = await Promise.all(both);
    expect(second).toEqual(first);
    expect(await numbers(client.readStream(stream))).toEqual([0, 1, 2]);
  });
});
