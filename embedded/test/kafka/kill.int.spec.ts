import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  connectTo,
  consume,
  createTopic,
  eventually,
  producerOf,
  transactionalProducerOf,
} from './client.js';

/** How often the broker is killed; a long campaign sets more. */
const ROUNDS = Number(process.env.KILL_ROUNDS ?? 7);
const MAX_ACKNOWLEDGED = 150;
const RECORDS_A_TOPIC = 2;
const PROGRAM = join(process.cwd(), 'embedded/dist/main.js');

/** What became of something that a writer wrote: `unknown` where the answer was lost. */
type Outcome = 'acknowledged' | 'aborted' | 'unknown';

// Runs the compiled program, as `npm test` builds it, in a process of its own.
(existsSync(PROGRAM) ? describe : describe.skip)('a broker that is killed under load', () => {
  let dataDir: string;
  let child: ChildProcess;
  let broker = '';
  const client = connectTo(() => broker);
  const load = { acknowledged: 0, isOver: false };

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'kafka-'));
    await start();
  });
  afterAll(async () => {
    await kill();
    await rm(dataDir, { recursive: true });
  });

  async function start(): Promise<void> {
    const port = broker.split(':')[1] ?? '0';
    child = spawn(process.execPath, [PROGRAM, 'kafka', '--data', dataDir, '--kafka-port', port], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface(child.stdout!), 'line')) as [string];
    broker = line.replace('kafka ', '');
  }

  async function kill(): Promise<void> {
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  /** After an error that kafkajs does not mend by sending again, a new producer goes on behind the value that failed. */
  async function writePlain(topic: string, writer: string, outcomes: Map<string, Outcome>): Promise<void> {
    while (!load.isOver) {
      const producer = producerOf(client, { idempotent: true, maxInFlightRequests: 1 });
      try {
        await producer.connect();
        while (!load.isOver) {
          const value = `${writer}/${outcomes.size}`;
          outcomes.set(value, 'unknown');
          await producer.send({ topic, messages: [{ value }] });
          outcomes.set(value, 'acknowledged');
          load.acknowledged += 1;
        }
      } catch {
        // The broker was killed.
      } finally {
        await producer.disconnect().catch(() => {});
      }
    }
  }

  /** After any error the id is taken over by a new producer, whose first abort settles what was open. */
  async function writeTransactions(
    topics: string[],
    writer: string,
    outcomes: Map<string, Outcome>,
  ): Promise<void> {
    for (;;) {
      const producer = transactionalProducerOf(client, writer, {
        retry: { initialRetryTime: 2, maxRetryTime: 50, retries: 5 },
      });
      try {
        await producer.connect();
        await (await producer.transaction()).abort();
        if (load.isOver) return;
        while (!load.isOver) {
          const name = `${writer}/${outcomes.size}`;
          outcomes.set(name, 'unknown');
          const transaction = await producer.transaction();
          for (const topic of topics) {
            const messages = Array.from({ length: RECORDS_A_TOPIC }, (_, i) => ({ value: `${name}/${i}` }));
            await transaction.send({ topic, messages });
          }
          const commits = Math.random() < 0.7;
          if (commits) await transaction.commit();
          else await transaction.abort();
          outcomes.set(name, commits ? 'acknowledged' : 'aborted');
          load.acknowledged += 1;
        }
      } catch {
        // The broker was killed.
      } finally {
        await producer.disconnect().catch(() => {});
      }
    }
  }

  async function disturb(): Promise<void> {
    const enough = load.acknowledged + Math.random() * MAX_ACKNOWLEDGED;
    await eventually(() => Promise.resolve(load.acknowledged >= enough ? true : undefined));
    await kill();
    await start();
    const more = load.acknowledged + 20;
    await eventually(() => Promise.resolve(load.acknowledged >= more ? true : undefined));
    load.isOver = true;
  }

  /** What must be there, in order: all that was acknowledged, and of the unknown what is there. */
  function expected(outcomes: Map<string, Outcome>, isThere: (name: string) => boolean): string[] {
    return [...outcomes]
      .filter(([name, outcome]) => (outcome === 'unknown' ? isThere(name) : outcome === 'acknowledged'))
      .map(([name]) => name);
  }

  it(
    'has every acknowledged record, once and in order, and nothing of what was aborted',
    async () => {
      const [plain, one, other] = await Promise.all([1, 2, 3].map(() => createTopic({}, client)));
      const sent = new Map<string, Outcome>();
      const transactions = ['tx-a', 'tx-b'].map((writer) => ({
        writer,
        outcomes: new Map<string, Outcome>(),
      }));
      for (let round = 0; round < ROUNDS; round += 1) {
        load.isOver = false;
        await Promise.all([
          disturb(),
          writePlain(plain!, 'plain', sent),
          ...transactions.map(({ writer, outcomes }) => writeTransactions([one!, other!], writer, outcomes)),
        ]);
        const stored = await consume(plain!, { client });
        expect(stored).toEqual(expected(sent, (value) => stored.includes(value)));
        const [inOne, inOther] = await Promise.all([consume(one!, { client }), consume(other!, { client })]);
        for (const { writer, outcomes } of transactions) {
          const visible = inOne.filter((value) => value.startsWith(writer));
          expect(inOther.filter((value) => value.startsWith(writer))).toEqual(visible);
          const names = expected(outcomes, (name) => visible.includes(`${name}/0`));
          const records = names.flatMap((name) =>
            Array.from({ length: RECORDS_A_TOPIC }, (_, i) => `${name}/${i}`),
          );
          expect(visible).toEqual(records);
        }
      }
    },
    ROUNDS * 30_000,
  );
});
