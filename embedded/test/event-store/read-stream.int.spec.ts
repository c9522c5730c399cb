import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { END, START, type EventStoreDBClient, type ReadStreamOptions } from '@eventstore/db-client';
import { connect, events, numbers, rejection, uniqueName } from './client.js';

// Rests on the documentation, "Reading events: reading from a stream", and on the client's readStream.js.
describe('reading a stream', () => {
  let client: EventStoreDBClient;
  const stream = uniqueName('read');
  beforeAll(async () => {
    client = connect();
    await client.appendToStream(stream, events(10));
  });
  afterAll(() => client.dispose());

  it.each<[string, ReadStreamOptions, number[]]>([
    ['forwards from the start', {}, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['forwards from a revision, which is included', { fromRevision: 7n }, [7, 8, 9]],
    ['forwards, the first few', { maxCount: 3 }, [0, 1, 2]],
    ['forwards from a revision, a few', { fromRevision: 4n, maxCount: 2 }, [4, 5]],
    ['forwards from the revision behind the last', { fromRevision: 10n }, []],
    ['forwards from far behind the last', { fromRevision: 100n }, []],
    ['backwards from the end', { direction: 'backwards', fromRevision: END }, [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]],
    ['backwards, the last one', { direction: 'backwards', fromRevision: END, maxCount: 1 }, [9]],
    ['backwards from a revision, which is included', { direction: 'backwards', fromRevision: 2n }, [2, 1, 0]],
    ['backwards from the start', { direction: 'backwards', fromRevision: START }, [0]],
    [
      'backwards from far behind the last',
      { direction: 'backwards', fromRevision: 100n, maxCount: 2 },
      [9, 8],
    ],
  ])('goes %s', async (_case, options, expected) => {
    expect(await numbers(client.readStream(stream, options))).toEqual(expected);
  });

  it('gives each event its revision and its position in $all', async () => {
    const [positions, revisions]: [bigint[], bigint[]] = [[], []];
    for await (const { event } of client.readStream(stream)) {
      positions.push(event!.position!.commit);
      revisions.push(event!.revision);
    }
    expect(revisions).toEqual(Array.from({ length: 10 }, (_, at) => BigInt(at)));
    const found = [];
    for await (const { event } of client.readAll({
      fromPosition: { commit: positions[4]!, prepare: positions[4]! },
      maxCount: 1,
    })) {
      found.push(event);
    }
    expect(found).toMatchObject([{ streamId: stream, revision: 4n }]);
  });

  it('says that there is no such stream', async () => {
    const missing = uniqueName('missing');
    expect(await rejection(numbers(client.readStream(missing)))).toMatchObject({
      type: 'stream-not-found',
      streamName: missing,
    });
  });

  it('reads names and data beyond ASCII', async () => {
    const name = uniqueName('zürich-東京');
    await client.appendToStream(name, { ...events(1)[0]!, data: { number: 1, city: '東京' } });
    for await (const { event } of client.readStream(name)) {
      expect(event).toMatchObject({ streamId: name, data: { city: '東京' } });
    }
  });
});
