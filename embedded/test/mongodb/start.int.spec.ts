import { appendFile, mkdtemp, readdir, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Decimal128, MongoClient, type Db } from 'mongodb';
import { startMongodb } from '../../src/mongodb/index.js';

describe('a server that is started', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'mongodb-'));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  async function withServer<T>(
    use: (db: Db) => Promise<T>,
    log: (line: string) => void = () => {},
  ): Promise<T> {
    const server = await startMongodb({ dataDir, log });
    const client = new MongoClient(server.url);
    try {
      return await use(client.db('test'));
    } finally {
      await client.close();
      await server.stop();
    }
  }

  it('again has what was stored: documents, indexes, collections', async () => {
    await withServer(async (db) => {
      await db.collection('kept').createIndex({ a: 1 }, { unique: true });
      await db.collection('kept').createIndex({ gone: 1 });
      await db
        .collection('kept')
        .insertMany([{ _id: 1 as never, a: 1, d: Decimal128.fromString('1.10') }, { a: 2 }]);
      await db.collection('kept').deleteOne({ a: 2 });
      await db.collection('kept').dropIndex('gone_1');
      await db.collection('dropped').insertOne({});
      await db.collection('dropped').drop();
      await db.createCollection('empty');
    });
    await withServer(async (db) => {
      const names = (await db.listCollections().toArray()).map(({ name }) => name);
      expect(names.toSorted()).toEqual(['empty', 'kept']);
      expect(await db.collection('kept').find().toArray()).toEqual([
        { _id: 1, a: 1, d: Decimal128.fromString('1.10') },
      ]);
      expect((await db.collection('kept').indexes()).map(({ name }) => name)).toEqual(['_id_', 'a_1']);
      await expect(db.collection('kept').insertOne({ a: 1 })).rejects.toMatchObject({ code: 11000 });
    });
  });

  it('again keeps the order in which documents came', async () => {
    await withServer(async (db) => {
      await db.collection('c').insertMany([3, 1, 2].map((n) => ({ _id: n as never })));
      await db.collection('c').updateOne({ _id: 3 as never }, { $set: { changed: true } });
    });
    await withServer(async (db) => {
      const found = await db.collection('c').find().toArray();
      expect(found.map(({ _id }) => _id)).toEqual([3, 1, 2]);
    });
  });

  it('cuts off a torn last record, with a line in its log, and goes on', async () => {
    await withServer(async (db) => {
      await db.collection('c').insertOne({ _id: 1 as never });
      await db.collection('c').insertOne({ _id: 2 as never });
    });
    const file = join(dataDir, 'journal-0');
    await truncate(file, (await stat(file)).size - 3);
    const lines: string[] = [];
    await withServer(
      async (db) => {
        expect(await db.collection('c').distinct('_id')).toEqual([1]);
        await db.collection('c').insertOne({ _id: 3 as never });
      },
      (line) => lines.push(line),
    );
    expect(lines).toEqual([expect.stringContaining('torn record')]);
    await withServer(async (db) => expect(await db.collection('c').distinct('_id')).toEqual([1, 3]));
  });

  it('passes over a snapshot that was not finished', async () => {
    await withServer((db) => db.collection('c').insertOne({ _id: 1 as never }));
    await appendFile(join(dataDir, 'snapshot-1.tmp'), 'half of it');
    await withServer(async (db) => expect(await db.collection('c').distinct('_id')).toEqual([1]));
    expect(await readdir(dataDir)).toEqual(['journal-0']);
  });

  it('does not start where the port is taken, nor touch the files', async () => {
    const server = await startMongodb({ dataDir });
    const elsewhere = join(dataDir, 'elsewhere');
    await expect(startMongodb({ dataDir: elsewhere, port: server.port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
    await expect(stat(elsewhere)).rejects.toMatchObject({ code: 'ENOENT' });
    await server.stop();
  });

  it('keeps its journal small: a document that is written over and over is stored once', async () => {
    await withServer(async (db) => {
      const text = 'x'.repeat(1024 * 1024);
      for (let n = 0; n < 80; n += 1)
        await db.collection('c').replaceOne({ _id: 1 as never }, { n, text }, { upsert: true });
      await db.collection('c').insertOne({ _id: 2 as never });
    });
    const files = await readdir(dataDir);
    expect(files.some((name) => name.startsWith('snapshot-'))).toBe(true);
    const sizes = await Promise.all(files.map(async (name) => (await stat(join(dataDir, name))).size));
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(50 * 1024 * 1024);
    await withServer(async (db) => {
      expect(
        await db
          .collection('c')
          .find({}, { projection: { n: 1 } })
          .toArray(),
      ).toEqual([{ _id: 1, n: 79 }, { _id: 2 }]);
    });
  });
});
