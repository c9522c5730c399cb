import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MongoClient, MongoNetworkError, MongoNetworkTimeoutError, type Collection } from 'mongodb';
import type { EmbeddedServer } from '../../src/server.js';
import { startMongodb } from '../../src/mongodb/index.js';

const only = (name: string) => (operation: string) => operation === name;

describe('the switchboard of an embedded MongoDB', () => {
  let dataDir: string;
  let server: EmbeddedServer;
  let client: MongoClient;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'mongodb-switches-'));
    server = await startMongodb({ dataDir });
    client = await new MongoClient(server.url).connect();
  });
  afterEach(async () => {
    await client.close();
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const collection = (): Collection => client.db('test').collection('c');

  it('refuses the next commands with the error that it is given', async () => {
    server.switchboard.refuseNext(
      1,
      { code: 13, codeName: 'Unauthorized', errmsg: 'not today' },
      only('find'),
    );
    await expect(collection().findOne()).rejects.toMatchObject({
      code: 13,
      codeName: 'Unauthorized',
      errmsg: 'not today',
    });
    expect(await collection().findOne()).toBeNull();
  });

  it('keeps silent until it may speak, and then answers what waited', async () => {
    server.switchboard.staySilent(only('insert'));
    const insert = collection().insertOne({ _id: 1 as never });
    expect(await collection().countDocuments({})).toBe(0);
    server.switchboard.speak();
    expect(await insert).toMatchObject({ acknowledged: true });
  });

  it('lets a client with a time-out give up on silence', async () => {
    const impatient = new MongoClient(`${server.url}&retryReads=false`, { socketTimeoutMS: 100 });
    const documents = impatient.db('test').collection('c');
    await documents.insertOne({ _id: 1 as never });
    server.switchboard.staySilent(only('find'));
    await expect(documents.findOne()).rejects.toBeInstanceOf(MongoNetworkTimeoutError);
    server.switchboard.reset();
    expect(await documents.findOne()).toEqual({ _id: 1 });
    await impatient.close();
  });

  it('delays, and a command that ran out of its time meanwhile is not run', async () => {
    server.switchboard.delay(60);
    await expect(
      collection().updateOne({ _id: 1 as never }, { $set: { a: 1 } }, { upsert: true, maxTimeMS: 20 }),
    ).rejects.toMatchObject({ code: 50 });
    server.switchboard.reset();
    expect(await collection().countDocuments({})).toBe(0);
  });

  it('loses the answer to a write that is stored: the driver asks again, and it is applied once', async () => {
    await collection().insertOne({ _id: 1 as never, n: 0 });
    server.switchboard.loseNextAnswers(1, only('update'));
    const result = await collection().updateOne({ _id: 1 as never }, { $inc: { n: 1 } });
    expect(result).toMatchObject({ matchedCount: 1, modifiedCount: 1 });
    expect(await collection().findOne()).toEqual({ _id: 1, n: 1 });
  });

  it('loses an answer to a client that does not ask again, and the write is there', async () => {
    const plain = new MongoClient(`${server.url}&retryWrites=false`);
    const documents = plain.db('test').collection('c');
    await documents.insertOne({ _id: 1 as never });
    server.switchboard.loseNextAnswers(1, only('insert'));
    await expect(documents.insertOne({ _id: 2 as never })).rejects.toBeInstanceOf(MongoNetworkError);
    expect(await documents.distinct('_id')).toEqual([1, 2]);
    await plain.close();
  });

  it('dies after a write is stored: started again, the server has it, and answers the repeated write with it', async () => {
    await collection().insertOne({ _id: 1 as never, n: 0 });
    server.switchboard.dieBeforeNextAnswer(only('findAndModify'));
    const { port } = server;
    const connectionsAreCut = once(client, 'connectionClosed');
    const taken = collection().findOneAndUpdate({ _id: 1 as never }, { $inc: { n: 1 } });
    await connectionsAreCut;
    await server.stop();
    server = await startMongodb({ dataDir, port });
    expect(await taken).toEqual({ _id: 1, n: 0 });
    expect(await collection().findOne()).toEqual({ _id: 1, n: 1 });
  });

  it('cuts connections, which the driver replaces', async () => {
    await collection().insertOne({ _id: 1 as never });
    server.switchboard.dropConnections();
    expect(await collection().findOne()).toEqual({ _id: 1 });
  });
});
