import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventStoreDb } from '../../src/event-log/eventstoredb.js';
import { add, commandsOf, historyOf, newClient, type SentCommand } from './command-handler.js';
import { ReplicaProcess } from './replica-process.js';

const KILLS = 4;
const CLIENTS = 5;
/** Commands of each client and replica that are under way at the kill. */
const EACH = 8;

const program = join(dirname(createRequire(import.meta.url).resolve('@client-contacts/embedded')), 'main.js');

describe('an event store that is killed while several service processes append', () => {
  let dataDir: string;
  let server: ChildProcess;
  let url: string;
  let replicas: ReplicaProcess[];
  let eventStore: EventStoreDb;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'write-side-'));
    await startServer(0);
    replicas = await Promise.all(
      [1, 2].map(() => ReplicaProcess.start(url, { deadlineMs: 2000, isOwnLog: true })),
    );
    eventStore = new EventStoreDb({ url, deadlineMs: 5000 });
  }, 60_000);
  afterAll(async () => {
    await Promise.all([...replicas.map((replica) => replica.stop()), eventStore.close()]);
    await kill('SIGTERM');
    await rm(dataDir, { recursive: true });
  });

  async function startServer(port: number): Promise<void> {
    const options = ['--data', dataDir, '--event-store-port', String(port)];
    server = spawn(process.execPath, [program, 'event-store', ...options], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface(server.stdout!), 'line')) as [string];
    url = line.replace('event-store ', '');
  }

  async function kill(signal: NodeJS.Signals): Promise<void> {
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
  }

  it(`holds each acknowledged command once, each other one once at most, and each once when sent again; ${KILLS} times`, async () => {
    const port = Number(/:(\d+)/.exec(url)![1]);
    for (let round = 0; round < KILLS; round++) {
      const clients = Array.from({ length: CLIENTS }, newClient);
      const sent: SentCommand[] = Array.from({ length: CLIENTS * EACH * 2 }, (_, index) => ({
        client: clients[index % CLIENTS]!,
        command: add(`contact-${index}`, { primary: true }),
        commandId: randomUUID(),
      }));
      const replicaOf = (index: number) => replicas[index % replicas.length]!;
      let answered = 0;
      let enough = () => {};
      const killTime = new Promise<void>((resolve) => (enough = resolve));
      const answers = Promise.all(
        sent.map(async (each, index) => {
          const outcome = await replicaOf(index).send(each);
          answered += 1;
          if (answered > 1 + round * 10) enough();
          return outcome;
        }),
      );
      await killTime;
      await kill('SIGKILL');
      await startServer(port);
      const outcomes = await answers;

      const timesInLog = async ({ client, commandId }: SentCommand) =>
        commandsOf(await historyOf(eventStore, client)).filter((id) => id === commandId).length;
      for (const [index, each] of sent.entries()) {
        const outcome = outcomes[index]!;
        const times = await timesInLog(each);
        if ('revision' in outcome) expect(times).toBe(1);
        else if (outcome.failure === 'OutcomeUnknown') expect(times).toBeLessThanOrEqual(1);
        else expect(times).toBe(0);
      }
      // On the other replica, which knows nothing of the first attempt.
      for (const [index, each] of sent.entries()) {
        expect(await replicaOf(index + 1).send(each)).toHaveProperty('revision');
      }
      for (const each of sent) expect(await timesInLog(each)).toBe(1);
      for (const client of clients) {
        const history = await historyOf(eventStore, client);
        expect(history.map(({ revision }) => revision)).toEqual(history.map((_, index) => index));
      }
    }
  }, 120_000);
});
