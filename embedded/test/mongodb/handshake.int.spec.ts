import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MongoClient } from 'mongodb';
import { connect, disconnect, itBeyond, refusal } from './connection.js';

describe('the handshake', () => {
  let client: MongoClient;
  beforeAll(() => {
    client = connect();
  });
  afterAll(() => disconnect(client));

  itBeyond(
    'mongo-java-server',
    'knows isMaster only',
    'presents a writable primary of a set, with sessions',
    async () => {
      const hello = await client.db('admin').command({ hello: 1 });
      expect(hello).toMatchObject({
        isWritablePrimary: true,
        secondary: false,
        maxBsonObjectSize: 16 * 1024 * 1024,
      });
      expect(hello['maxWireVersion']).toBeGreaterThanOrEqual(9);
      expect(hello['setName']).toEqual(expect.any(String));
      expect(hello['hosts']).toEqual([hello['me']]);
      expect(hello['logicalSessionTimeoutMinutes']).toBeGreaterThan(0);
    },
  );

  it('answers ping and buildInfo', async () => {
    expect(await client.db('admin').command({ ping: 1 })).toMatchObject({ ok: 1 });
    const { version } = await client.db('admin').command({ buildInfo: 1 });
    expect(version).toMatch(/^\d+\.\d+\.\d+/);
  });

  it('refuses a command that it does not know', async () => {
    const error = await refusal(client.db('admin').command({ noSuchCommand: 1 }));
    expect(error).toMatchObject({ code: 59, codeName: 'CommandNotFound' });
  });

  itBeyond(
    'mongo-java-server',
    'ignores what it does not know',
    'refuses a field that it does not know',
    async () => {
      const error = await refusal(client.db('t').command({ find: 'c', filter: {}, oddity: 1 }));
      expect([9, 40415]).toContain(error.code);
    },
  );

  itBeyond('mongo-java-server', 'has no sessions', 'accepts sessions, and their end', async () => {
    const session = client.startSession();
    await client.db('t').collection('nothing').findOne({}, { session });
    await session.endSession();
    expect(await client.db('admin').command({ endSessions: [] })).toMatchObject({ ok: 1 });
  });
});
