import { type KeyObject, randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Binary, type Collection, MongoClient } from 'mongodb';
import {
  type DataKey,
  DESTROYED,
  KeyMissing,
  KeyStoreUnavailable,
  PersonalDataUnreadable,
  WrongMasterKey,
} from './data-keys.js';
import { MasterKeyWrapping } from './key-wrapping.js';
import { type KeyDocument, MongodbDataKeys } from './mongodb-data-keys.js';

describe('the key store', () => {
  const wrapping = new MasterKeyWrapping(randomBytes(32));
  const database = `keys_${randomUUID().slice(0, 8)}`;
  let mongo: MongoClient;
  let documents: Collection<KeyDocument>;
  let keys: MongodbDataKeys;

  beforeAll(() => {
    mongo = new MongoClient(process.env['MONGODB_URL']!, { socketTimeoutMS: 5000 });
    documents = mongo.db(database).collection('keys');
    keys = new MongodbDataKeys(documents, wrapping);
  });
  afterAll(async () => {
    await mongo.db(database).dropDatabase();
    await mongo.close();
  });

  const bytesOf = (key: DataKey | undefined) => (key as KeyObject).export();
  const newIds = (count: number) => Array.from({ length: count }, () => randomUUID());

  it('makes a key of 32 bytes for each id, and finds it again', async () => {
    const ids = newIds(3);
    const made = await keys.obtain(ids);
    expect([...made.keys()]).toEqual(ids);
    for (const key of made.values()) expect(bytesOf(key)).toHaveLength(32);
    expect(new Set([...made.values()].map((key) => bytesOf(key).toString('hex'))).size).toBe(3);
    for (const [id, key] of await keys.find(ids)) expect(bytesOf(key)).toEqual(bytesOf(made.get(id)));
  });

  it('stores no key in clear', async () => {
    const [id] = newIds(1);
    const key = bytesOf((await keys.obtain([id!])).get(id!));
    const stored = await documents.findOne({ _id: id! });
    expect(Buffer.from(stored!.wrapped!.value()).includes(key)).toBe(false);
  });

  it('makes nothing where it is asked for nothing, and each id once', async () => {
    expect((await keys.obtain([])).size).toBe(0);
    expect((await keys.find([])).size).toBe(0);
    const [id] = newIds(1);
    expect((await keys.obtain([id!, id!])).size).toBe(1);
    expect((await keys.find([id!, id!])).size).toBe(1);
  });

  it('gives the same key to all who ask for one id at once', async () => {
    for (let round = 0; round < 10; round++) {
      const ids = newIds(4);
      const rings = await Promise.all(
        Array.from({ length: 8 }, (_, index) => {
          const store = new MongodbDataKeys(documents, wrapping);
          return store.obtain(index % 2 ? ids.toReversed() : ids.slice(0, 3));
        }),
      );
      const stored = await keys.find(ids);
      for (const ring of rings)
        for (const [id, key] of ring) expect(bytesOf(key)).toEqual(bytesOf(stored.get(id)));
    }
  });

  it('keeps the mark of a key that was destroyed: it is never made anew', async () => {
    const [id, kept] = newIds(2);
    await keys.obtain([id!, kept!]);
    await keys.destroy([id!]);
    expect((await keys.find([id!])).get(id!)).toBe(DESTROYED);
    expect((await keys.obtain([id!, kept!])).get(id!)).toBe(DESTROYED);
    expect(bytesOf((await keys.find([kept!])).get(kept!))).toHaveLength(32);
    expect(await documents.findOne({ _id: id! })).toEqual({ _id: id, state: 'destroyed' });
  });

  it('destroys a key again that a backup brought back, and one that it never had', async () => {
    const ids = newIds(2);
    await keys.destroy(ids);
    await documents.deleteOne({ _id: ids[0]! });
    await keys.obtain([ids[0]!]);
    await keys.destroy(ids);
    for (const key of (await keys.find(ids)).values()) expect(key).toBe(DESTROYED);
  });

  it('raises KeyMissing where there is no record: that is not the same as destroyed', async () => {
    const [present, missing] = newIds(2);
    await keys.obtain([present!]);
    await expect(keys.find([present!, missing!])).rejects.toEqual(new KeyMissing(missing!));
  });

  it('raises PersonalDataUnreadable for a key that was changed, and for a record without one', async () => {
    const [changed, empty] = newIds(2);
    await keys.obtain([changed!]);
    const wrapped = new Binary(randomBytes(60));
    await documents.updateOne({ _id: changed! }, { $set: { wrapped } });
    await documents.insertOne({ _id: empty!, state: 'present' });
    for (const id of [changed!, empty!]) {
      await expect(keys.find([id])).rejects.toThrow(PersonalDataUnreadable);
      await expect(keys.obtain([id])).rejects.toThrow(PersonalDataUnreadable);
    }
  });

  it('raises WrongMasterKey where all keys are of another one', async () => {
    const [id] = newIds(1);
    await keys.obtain([id!]);
    const other = new MongodbDataKeys(documents, new MasterKeyWrapping(randomBytes(32)));
    await expect(other.find([id!])).rejects.toThrow(WrongMasterKey);
    await expect(other.obtain([id!])).rejects.toThrow(WrongMasterKey);
  });

  describe('asked whether the master key is the right one', () => {
    let own: Collection<KeyDocument>;
    beforeEach(() => {
      own = mongo.db(database).collection(`keys_${randomUUID()}`);
    });
    const storeOf = (masterKey: Buffer) => new MongodbDataKeys(own, new MasterKeyWrapping(masterKey));
    const [right, wrong] = [randomBytes(32), randomBytes(32)];

    it('takes the first one that comes to an empty store, and no other ever after', async () => {
      await storeOf(right).requireMasterKey();
      await expect(storeOf(wrong).requireMasterKey()).rejects.toThrow(WrongMasterKey);
      await storeOf(right).requireMasterKey();
      expect(await own.countDocuments()).toBe(1);
    });

    it('takes one of several that come to an empty store at once', async () => {
      const masterKeys = Array.from({ length: 8 }, () => randomBytes(32));
      const outcomes = await Promise.allSettled(masterKeys.map((key) => storeOf(key).requireMasterKey()));
      const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
      expect(refused.map(({ reason }) => (reason as Error).name)).toEqual(Array(7).fill('WrongMasterKey'));
    });

    it('asks the keys themselves in a store from before it was asked, of which one may be damaged', async () => {
      await own.insertOne({ _id: 'damaged', state: 'present' });
      await storeOf(right).obtain(newIds(2));
      await expect(storeOf(wrong).requireMasterKey()).rejects.toThrow(WrongMasterKey);
      await storeOf(right).requireMasterKey();
    });
  });

  it('raises KeyStoreUnavailable when it does not answer, for whatever is asked', async () => {
    const lost = new MongoClient('mongodb://127.0.0.1:1/?directConnection=true', {
      serverSelectionTimeoutMS: 100,
    });
    const unreachable = new MongodbDataKeys(lost.db(database).collection('keys'), wrapping);
    await expect(unreachable.find(['a'])).rejects.toThrow(KeyStoreUnavailable);
    await expect(unreachable.obtain(['a'])).rejects.toThrow(KeyStoreUnavailable);
    await expect(unreachable.destroy(['a'])).rejects.toThrow(KeyStoreUnavailable);
    await expect(unreachable.requireMasterKey()).rejects.toThrow(KeyStoreUnavailable);
    await lost.close();
  });
});
