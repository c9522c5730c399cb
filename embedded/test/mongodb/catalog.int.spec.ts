import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MongoClient } from 'mongodb';
import { connect, disconnect, itBeyond, refusal, uniqueDatabase } from './connection.js';

describe('the catalog', () => {
  let client: MongoClient;
  beforeAll(() => {
    client = connect();
  });
  afterAll(() => disconnect(client));

  it('has a collection from its first document on, until it is dropped', async () => {
    const db = uniqueDatabase(client, 'catalog');
    const names = async () => (await db.listCollections().toArray()).map(({ name }) => name).toSorted();
    await db.collection('a').insertOne({});
    await db.createCollection('b');
    expect(await names()).toEqual(['a', 'b']);
    await db.collection('a').drop();
    expect(await names()).toEqual(['b']);
    expect(await db.collection('a').countDocuments({})).toBe(0);
  });

  itBeyond(
    'mongo-java-server',
    'ignores the filter',
    'lists the collections that a filter matches',
    async () => {
      const db = uniqueDatabase(client, 'catalog');
      await db.createCollection('a');
      await db.createCollection('b');
      const [only, ...others] = await db.listCollections({ name: 'b' }, { nameOnly: false }).toArray();
      expect(only).toMatchObject({ name: 'b', type: 'collection', info: { readOnly: false } });
      expect(others).toEqual([]);
    },
  );

  it('refuses to create a collection that is there', async () => {
    const db = uniqueDatabase(client, 'catalog');
    await db.createCollection('a');
    expect((await refusal(db.command({ create: 'a' }))).code).toBe(48);
  });

  it('lists databases that have a collection, and forgets one that is dropped', async () => {
    const db = uniqueDatabase(client, 'catalog');
    const isListed = async () =>
      (await client.db().admin().listDatabases()).databases.some(({ name }) => name === db.databaseName);
    expect(await isListed()).toBe(false);
    await db.collection('a').insertOne({});
    expect(await isListed()).toBe(true);
    await db.dropDatabase();
    expect(await isListed()).toBe(false);
  });

  itBeyond('mongo-java-server', 'accepts them', 'refuses names that cannot be', async () => {
    const db = uniqueDatabase(client, 'catalog');
    expect((await refusal(db.command({ insert: 'a$b', documents: [{}] }))).code).toBe(73);
    expect((await refusal(db.command({ create: '' }))).code).toBe(73);
  });
});
