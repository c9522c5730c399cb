import { afterAll, beforeAll, beforeEach, expect, it, describe } from '@jest/globals';
import { Long, type ClientSession, type Db, type Document, type MongoClient } from 'mongodb';
import { connect, disconnect, isIndependent, refusal, uniqueDatabase } from './connection.js';

const describeBeyond = isIndependent('mongo-java-server') ? describe.skip : describe;

// mongo-java-server has no sessions, so the driver never repeats a write there.
describeBeyond('a write that is sent again with its session and number', () => {
  let client: MongoClient;
  let db: Db;
  const sessions: ClientSession[] = [];
  beforeAll(() => {
    client = connect();
  });
  beforeEach(() => {
    db = uniqueDatabase(client, 'retryable');
    sessions.unshift(client.startSession());
  });
  // Not before: an ended session is given to the next one that asks, with its number.
  afterAll(async () => {
    await Promise.all(sessions.map((session) => session.endSession()));
    await disconnect(client);
  });

  const send = (command: Document, number: number) =>
    db.command({ ...command, txnNumber: Long.fromNumber(number) }, { session: sessions[0]! });
  const stored = () => db.collection('c').find().toArray();

  it('is answered as the first time, and not applied again', async () => {
    const insert = { insert: 'c', documents: [{ _id: 1, n: 0 }] };
    const increment = { update: 'c', updates: [{ q: { _id: 1 }, u: { $inc: { n: 1 } } }] };
    expect(await send(insert, 1)).toMatchObject({ n: 1 });
    expect(await send(insert, 1)).toMatchObject({ n: 1 });
    expect(await send(increment, 2)).toMatchObject({ n: 1, nModified: 1 });
    expect(await send(increment, 2)).toMatchObject({ n: 1, nModified: 1 });
    expect(await stored()).toEqual([{ _id: 1, n: 1 }]);
    expect(await send(increment, 3)).toMatchObject({ n: 1, nModified: 1 });
    expect(await stored()).toEqual([{ _id: 1, n: 2 }]);
    const remove = { delete: 'c', deletes: [{ q: { _id: 1 }, limit: 1 }] };
    expect(await send(remove, 4)).toMatchObject({ n: 1 });
    expect(await send(remove, 4)).toMatchObject({ n: 1 });
  });

  it('gets the same document of a findAndModify again', async () => {
    await send({ insert: 'c', documents: [{ _id: 1, n: 0 }] }, 1);
    const take = { findAndModify: 'c', query: { _id: 1 }, update: { $inc: { n: 1 } }, new: false };
    expect(await send(take, 2)).toMatchObject({ value: { n: 0 } });
    expect(await send(take, 2)).toMatchObject({ value: { n: 0 } });
    expect(await stored()).toEqual([{ _id: 1, n: 1 }]);
  });

  it('is refused when a later one of its session came in between', async () => {
    await send({ insert: 'c', documents: [{ _id: 1 }] }, 5);
    expect(await refusal(send({ insert: 'c', documents: [{ _id: 2 }] }, 4))).toMatchObject({ code: 225 });
    expect(await stored()).toEqual([{ _id: 1 }]);
  });

  it('is a write of its own in another session', async () => {
    await send({ insert: 'c', documents: [{ _id: 1 }] }, 1);
    sessions.unshift(client.startSession());
    expect(await send({ insert: 'c', documents: [{ _id: 2 }] }, 1)).toMatchObject({ n: 1 });
    expect(await stored()).toHaveLength(2);
  });
});
