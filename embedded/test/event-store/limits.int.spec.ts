import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { binaryEvent, type AppendToStreamOptions, type EventStoreDBClient } from '@eventstore/db-client';
import { connect, event, numbers, rejection, take, uniqueName } from './client.js';

const MiB = 1 << 20;

// Rests on the documentation, "Configuration: MaxAppendSize" (1 MiB), and on the client's CommandError.js and unpackError.js.
describe.each<[string, AppendToStreamOptions]>([
  ['BatchAppend', {}],
  ['Append', { credentials: { username: 'admin', password: 'changeit' } }],
])('through %s, an append', (_method, options) => {
  let client: EventStoreDBClient;
  beforeAll(() => {
    client = connect();
  });
  afterAll(() => client.dispose());

  const blob = (bytes: number) => binaryEvent({ type: 'Blob', data: new Uint8Array(bytes) });

  it('of more than 1 MiB is refused as a whole, and the next one is not', async () => {
    const stream = uniqueName('limits');
    const halves = [blob(MiB / 2), blob(MiB / 2)];
    expect(await rejection(client.appendToStream(stream, halves, options))).toMatchObject({
      type: 'maximum-append-size-exceeded',
      maxAppendSize: MiB,
    });
    expect(await rejection(numbers(client.readStream(stream)))).toMatchObject({ type: 'stream-not-found' });
    await client.appendToStream(stream, event(1), options);
    expect(await numbers(client.readStream(stream))).toEqual([1]);
  });

  it('of nearly 1 MiB is stored, as the bytes that it was', async () => {
    const stream = uniqueName('limits');
    const data = Uint8Array.from({ length: MiB - 1024 }, (_, at) => at % 251);
    await client.appendToStream(
      stream,
      binaryEvent({ type: 'Blob', data, metadata: Uint8Array.of(1, 2, 3) }),
      options,
    );
    const [found] = await take(client.readStream(stream)[Symbol.asyncIterator](), 1);
    expect(found!.event!.isJson).toBe(false);
    expect(Buffer.compare(Buffer.from(found!.event!.data as Uint8Array), Buffer.from(data))).toBe(0);
    expect([...(found!.event!.metadata as Uint8Array)]).toEqual([1, 2, 3]);
  });

  it('without events stores nothing', async () => {
    const stream = uniqueName('limits');
    await client.appendToStream(stream, [], options);
    expect(await rejection(numbers(client.readStream(stream)))).toMatchObject({ type: 'stream-not-found' });
  });
});
