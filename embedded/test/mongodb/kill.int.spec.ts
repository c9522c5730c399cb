import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MongoClient, type Collection, type Document } from 'mongodb';

const rounds = Number(process.env['KILL_ROUNDS'] ?? 7);
const serverModule = join(import.meta.dirname, '../../dist/index.js');

interface Counter extends Document {
  _id: string;
  n: number;
}

/** What a writer was told, so what must be there, at the least. */
interface Acknowledged {
  counters: Map<string, number>;
  bulks: Set<number>;
}

/** A promise that is resolved once `count` was called so many times. */
function countdown(times: number): { reached: Promise<void>; count: () => void } {
  let remaining = times;
  let reach = () => {};
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const count = () => {
    remaining -= 1;
    if (remaining === 0) reach();
  };
  return { reached, count };
}

// A process of its own, which can be killed: it runs the compiled package.
describe('a server that is killed under load', () => {
  let dataDir: string;
  let port: number;
  let server: ChildProcess | undefined;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'mongodb-kill-'));
  });
  afterEach(async () => {
    server?.kill('SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
  });

  /** On a new port each time: that of a killed server may be somebody else's by now. */
  async function start(): Promise<void> {
    const script = `import(${JSON.stringify(serverModule)}).then(async ({ startMongodb }) => {
      const { port } = await startMongodb({ dataDir: ${JSON.stringify(dataDir)} });
      console.log(port);
    })`;
    server = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [printed] = (await once(server.stdout!, 'data')) as [Buffer];
    port = Number(printed.toString());
  }

  async function kill(): Promise<void> {
    const ended = once(server!, 'exit');
    server!.kill('SIGKILL');
    await ended;
  }

  it(
    `has every acknowledged write after each of ${rounds} kills, and no write half`,
    async () => {
      const acknowledged: Acknowledged = { counters: new Map(), bulks: new Set() };
      await start();
      for (let round = 0; round < rounds; round += 1) {
        const client = new MongoClient(
          `mongodb://127.0.0.1:${port}/?directConnection=true&retryWrites=false&serverSelectionTimeoutMS=1000`,
        );
        const collection = client.db('kill').collection<Counter>('c');
        if (round === 0) await collection.createIndex({ bulk: 1 });
        // Killed at some moment after the load has begun to be acknowledged.
        const load = countdown(3 + Math.floor(Math.random() * 20));
        const writers = Array.from({ length: 8 }, (_, i) =>
          increment(collection, `counter${i}`, acknowledged.counters),
        );
        const bulks = writeBulks(collection, round * 1_000_000, acknowledged.bulks, load.count);
        const ended = bulks.then(() => Promise.reject(new Error('the writes ended before the kill')));
        await Promise.race([load.reached, ended]);
        await kill();
        await Promise.all([...writers, bulks]);
        await client.close();
        await start();
        await verify(acknowledged);
      }
    },
    20_000 + rounds * 10_000,
  );

  /** Increments one counter until the server is gone. */
  async function increment(
    collection: Collection<Counter>,
    _id: string,
    counters: Map<string, number>,
  ): Promise<void> {
    for (;;) {
      const value = await collection
        .findOneAndUpdate({ _id }, { $inc: { n: 1 } }, { upsert: true, returnDocument: 'after' })
        .catch(() => undefined);
      if (!value) return;
      counters.set(_id, value.n);
    }
  }

  /** Writes bulks of ten documents, numbered, until the server is gone. */
  async function writeBulks(
    collection: Collection<Counter>,
    first: number,
    bulks: Set<number>,
    onBulk: () => void,
  ): Promise<void> {
    for (let bulk = first; ; bulk += 1) {
      const operations = Array.from({ length: 10 }, (_, i) => ({
        replaceOne: {
          filter: { _id: `${bulk}-${i}` },
          replacement: { n: i, bulk, text: 'x'.repeat(500) },
          upsert: true,
        },
      }));
      const done = await collection.bulkWrite(operations, { ordered: false }).catch(() => undefined);
      if (!done) return;
      bulks.add(bulk);
      onBulk();
    }
  }

  async function verify({ counters, bulks }: Acknowledged): Promise<void> {
    const client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`);
    try {
      const collection = client.db('kill').collection<Counter>('c');
      for (const [_id, n] of counters) {
        const stored = (await collection.findOne({ _id }))?.n ?? 0;
        // One more may have been stored, and its answer lost.
        expect([n, n + 1]).toContain(stored);
        counters.set(_id, stored);
      }
      const sizes = await collection
        .aggregate<{ _id: number; n: number }>([
          { $match: { bulk: { $exists: true } } },
          { $group: { _id: '$bulk', n: { $sum: 1 } } },
        ])
        .toArray();
      expect(sizes.filter(({ n }) => n !== 10)).toEqual([]);
      const stored = new Set(sizes.map(({ _id }) => _id));
      expect([...bulks].filter((bulk) => !stored.has(bulk))).toEqual([]);
      expect(await collection.find({ bulk: [...bulks][0]! }).toArray()).toHaveLength(10);
    } finally {
      await client.close();
    }
  }
});
