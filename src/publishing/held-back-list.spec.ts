import { describe, expect, it } from '@jest/globals';
import { heldBackLists, heldBackRecords } from './held-back-list.js';
import { partitionOf } from './partitions.js';

const of = (clientId: string, from: number) => ({ stream: `clientContacts-ws.${clientId}`, from });
const read = (lists: readonly string[]) => lists.map((list) => JSON.parse(list) as object);
const NOBODY = { clients: [], count: 0, complete: true };

describe('the list of held-back clients', () => {
  it('names each on the partition of its records, and on the others nobody', () => {
    const lists = read(heldBackLists({ heldBack: [of('one', 3)], skipped: [] }, 4));
    const partition = partitionOf('ws/one', 4);
    const named = [{ client: 'ws/one', revision: 3, status: 'held_back' }];
    expect(lists[partition]).toEqual({ clients: named, count: 1, complete: true });
    expect(lists.filter((_list, index) => index !== partition)).toEqual([NOBODY, NOBODY, NOBODY]);
  });

  it('names one who is held back once more after something was given up as of what was given up', () => {
    const lists = heldBackLists({ heldBack: [of('one', 9)], skipped: [of('one', 3)] }, 1);
    expect(read(lists)).toMatchObject([{ clients: [{ revision: 3, status: 'skipped' }], count: 1 }]);
  });

  it('says that it is not complete where there are more than it may name', () => {
    const heldBack = ['one', 'two', 'three'].map((clientId) => of(clientId, 0));
    expect(read(heldBackLists({ heldBack, skipped: [] }, 1, 2))).toMatchObject([
      { clients: [{ client: 'ws/one' }, { client: 'ws/two' }], count: 3, complete: false },
    ]);
    expect(read(heldBackLists({ heldBack, skipped: [] }, 1, 3))).toMatchObject([
      { count: 3, complete: true },
    ]);
  });

  it("names nobody for a stream that is no client's", () => {
    const heldBack = [{ stream: 'clientContacts-nonsense', from: 0 }];
    expect(read(heldBackLists({ heldBack, skipped: [] }, 1))).toEqual([NOBODY]);
  });

  it('is told where it is another one than was told before', () => {
    const [before, after] = ['one', 'two'].map((clientId) =>
      heldBackLists({ heldBack: [of(clientId, 0)], skipped: [] }, 6),
    );
    const told = (records: ReturnType<typeof heldBackRecords>) => records.map(({ partition }) => partition);
    expect(told(heldBackRecords(before!, []))).toEqual([0, 1, 2, 3, 4, 5]);
    expect(told(heldBackRecords(before!, before!))).toEqual([]);
    const differing = new Set(['ws/one', 'ws/two'].map((client) => partitionOf(client, 6)));
    expect(new Set(told(heldBackRecords(after!, before!)))).toEqual(differing);
  });
});
