import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { END, START, type EventStoreDBClient, type Position } from '@eventstore/db-client';
import { connect, event, uniqueName } from './client.js';

// Rests on the documentation, "Reading events: reading from the $all stream" and "Transaction log position", and on the
// client's readAll.js. Others may write to the server meanwhile: only the order of our own events is looked at.
describe('reading $all', () => {
  let client: EventStoreDBClient;
  const [one, two] = [uniqueName('all-one'), uniqueName('all-two')];
  const appended: Position[] = [];
  beforeAll(async () => {
    client = connect();
    for (const [at, stream] of [one, two, one, two].entries()) {
      const { position } = await client.appendToStream(stream, [event(2 * at), event(2 * at + 1)]);
      appended.push(position!);
    }
  });
  afterAll(() => client.dispose());

  async function ours(options: Parameters<EventStoreDBClient['readAll']>[0]) {
    const found = [];
    for await (const { event } of client.readAll(options)) {
      if (event && [one, two].includes(event.streamId)) found.push(event);
    }
    return found;
  }

  it('forwards gives the events in the order in which they were appended, at ascending positions', async () => {
    const found = await ours({ fromPosition: START });
    expect(found.map(({ data }) => data)).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((number) => ({ number })));
    const commits = found.map(({ position }) => position.commit);
    expect(commits).toEqual(commits.toSorted((a, b) => (a < b ? -1 : 1)));
    expect(new Set(commits).size).toBe(8);
  });

  it('has positions that are offsets in the log and not a count of events', async () => {
    const [first, second] = await ours({ fromPosition: START });
    expect(second!.position.commit - first!.position.commit).toBeGreaterThan(1n);
  });

  it('forwards from a position includes the event there', async () => {
    const found = await ours({ fromPosition: appended[1]! });
    expect(found.map(({ data }) => data)).toEqual([3, 4, 5, 6, 7].map((number) => ({ number })));
  });

  it('backwards from a position leaves out the event there', async () => {
    const found = await ours({ fromPosition: appended[1]!, direction: 'backwards' });
    expect(found.map(({ data }) => data)).toEqual([2, 1, 0].map((number) => ({ number })));
  });

  it('backwards from the end gives the last first', async () => {
    const found = await ours({ fromPosition: END, direction: 'backwards' });
    expect(found.map(({ data }) => data)).toEqual([7, 6, 5, 4, 3, 2, 1, 0].map((number) => ({ number })));
  });

  it('stops after the count that it was given', async () => {
    const found = await ours({ fromPosition: appended[2]!, maxCount: 1 });
    expect(found).toMatchObject([{ streamId: one, revision: 3n, position: appended[2] }]);
  });

  it('gives nothing forwards from the end, nor backwards from the start', async () => {
    expect(await ours({ fromPosition: END })).toEqual([]);
    expect(await ours({ fromPosition: START, direction: 'backwards' })).toEqual([]);
  });
});
