import { beforeEach, describe, expect, it } from '@jest/globals';
import { DataKeysInMemory } from '../../../test/fixtures/data-keys-in-memory.js';
import { CachedDataKeys } from './cached-data-keys.js';
import { DESTROYED, KeyMissing } from './data-keys.js';

describe('cached keys', () => {
  let store: DataKeysInMemory;
  let cached: CachedDataKeys;
  let now: number;
  beforeEach(() => {
    now = 1000;
    store = new DataKeysInMemory();
    cached = new CachedDataKeys(store, { maxKeys: 2, lifeMs: 50 }, () => now);
  });

  it('are read from the store once, whether they were made or found', async () => {
    const made = await cached.obtain(['ann']);
    expect(await cached.obtain(['ann'])).toEqual(made);
    expect(await cached.find(['ann'])).toEqual(made);
    expect(store.asked).toEqual([['ann']]);
  });

  it('are asked for together, and only those that are not held', async () => {
    await cached.obtain(['ann']);
    expect([...(await cached.obtain(['ann', 'bob', 'cy'])).keys()].toSorted()).toEqual(['ann', 'bob', 'cy']);
    expect(store.asked).toEqual([['ann'], ['bob', 'cy']]);
  });

  it('live for their time, used or not, and then show what became of them', async () => {
    await cached.obtain(['ann']);
    store.destroy('ann');
    now += 49;
    expect((await cached.find(['ann'])).get('ann')).not.toBe(DESTROYED);
    now += 1;
    expect((await cached.find(['ann'])).get('ann')).toBe(DESTROYED);
  });

  it('are no more than the bound: the one that was not used for longest goes', async () => {
    await cached.obtain(['ann', 'bob']);
    await cached.find(['ann']);
    await cached.obtain(['cy']);
    store.asked.length = 0;
    await cached.find(['ann', 'cy']);
    expect(store.asked).toEqual([]);
    await cached.find(['bob']);
    expect(store.asked).toEqual([['bob']]);
  });

  it('are all returned even where they are more than the bound', async () => {
    expect((await cached.obtain(['ann', 'bob', 'cy', 'dee'])).size).toBe(4);
  });

  it('do not hold on to the lack of a key', async () => {
    await expect(cached.find(['ann'])).rejects.toThrow(KeyMissing);
    await store.obtain(['ann']);
    expect((await cached.find(['ann'])).has('ann')).toBe(true);
  });
});
